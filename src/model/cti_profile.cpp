// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/cti_profile.hpp"

#include <memory>

#include "model/agent.hpp"
#include "model/relations.hpp"
#include "model/snapshot.hpp"

namespace almon::model {

template <>
Declaration declare<CtiProfile>() {
    Declaration made;
    made.kind = "cti_profile";
    made.title = "CtiProfile";
    made.table = "cti_profiles";
    made.collection = "/cti_profiles";
    made.id_name = "cti_profile_id";
    made.fields = {
        field("id", &CtiProfile::id).key().sortable().says("Number of the profile"),
        field("name", &CtiProfile::name)
            .required()
            .length(1, 40)
            .unique()
            .searched()
            .sortable()
            .says("What it is called"),
        field("presence_group", &CtiProfile::presence_group)
            .in_column("presence_group_id")
            .says("Number of the group of presences that its users choose from"),
        field("phone_hint_group", &CtiProfile::phone_hint_group)
            .in_column("phone_hint_group_id")
            .says("Number of the group that says how its users are shown states of phones"),
    };
    // ADA-101, with the groups that are shipped beside them (ADA-097)
    std::uint64_t id = 0;
    for (const auto* name : {"Supervisor", "Agent", "Client", "Switchboard", "noservices"})
        made.shipped.push_back(std::make_shared<const CtiProfile>(
            CtiProfile{CtiProfileId{++id}, name, PresenceGroupId{1}, PhoneHintGroupId{1}}));
    return made;
}

}  // namespace almon::model
