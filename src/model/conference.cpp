// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/conference.hpp"

#include "model/relations.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"

namespace almon::model {
namespace {

Result<void> fits(const Conference& conference, const Conference*, const Snapshot&) {
    if (!conference.pin.empty() && conference.pin == conference.admin_pin)
        return refuse(ErrorCode::InvalidArgument, "admin_pin", "must be another than 'pin'");
    return {};
}

}  // namespace

template <>
Declaration declare<Conference>() {
    Declaration made;
    made.kind = "conference";
    made.title = "Conference";
    made.table = "conferences";
    made.collection = "/conferences";
    made.id_name = "conference_id";
    made.fields = {
        field("id", &Conference::id).key().sortable().says("Number of the conference"),
        field("name", &Conference::name).length(0, 128).searched().sortable().says("Name of the room"),
        field("pin", &Conference::pin)
            .length(0, 80)
            .checked_by(checks::digits)
            .sortable()
            .says("Asked of those who enter"),
        field("admin_pin", &Conference::admin_pin)
            .length(0, 80)
            .checked_by(checks::digits)
            .sortable()
            .says("Makes who enters with it the room's administrator"),
        field("preprocess_subroutine", &Conference::preprocess_subroutine)
            .length(0, 79)
            .checked_by(checks::word)
            .sortable()
            .says("Subroutine that runs before somebody enters"),
        field("quiet_join_leave", &Conference::quiet_join_leave)
            .sortable()
            .says("Whether a beep tells that somebody comes or goes"),
        field("announce_join_leave", &Conference::announce_join_leave)
            .sortable()
            .says("Whether names are recorded, and played when somebody comes or goes"),
        field("announce_user_count", &Conference::announce_user_count)
            .sortable()
            .says("Whether the number of participants is announced"),
        field("announce_only_user", &Conference::announce_only_user)
            .sortable()
            .says("Whether somebody who is alone is told so"),
        field("music_on_hold", &Conference::music_on_hold)
            .length(0, 128)
            .checked_by(checks::word)
            .sortable()
            .says("Music that somebody hears who is alone"),
        field("max_participants", &Conference::max_participants)
            .range(0, 10'000)
            .sortable()
            .says("How many may be in the room at once; 0 for as many as like"),
    };
    made.relations = {
        {"extensions", relations::list_of(relations::extension_schema()),
         relations::writes_extensions_to<Conference>},
        {"incalls", relations::list_of(relations::incall_schema()), relations::writes_incalls_to<Conference>},
    };
    made.fits = declaring::fits<Conference, fits>;
    return made;
}

}  // namespace almon::model
