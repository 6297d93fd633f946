// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/call_pickup.hpp"

#include "model/group.hpp"
#include "model/relations.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"

namespace almon::model {
namespace {

Result<void> fits(const CallPickup& pickup, const CallPickup*, const Snapshot&) {
    for (const auto* users : {&pickup.interceptor_users, &pickup.target_users}) {
        if (auto single = checks::once("users", *users); !single) return single;
    }
    for (const auto* groups : {&pickup.interceptor_groups, &pickup.target_groups}) {
        if (auto single = checks::once("groups", *groups); !single) return single;
    }
    return {};
}

void write_side(std::string& out, const std::vector<UserId>& users, const std::vector<GroupId>& groups,
                const Snapshot& snapshot) {
    JsonObject side(out);
    relations::write_users_of(side.name("users"), users, snapshot);
    JsonList list(side.name("groups"));
    for (const GroupId id : groups) {
        if (const auto* group = snapshot.find(id)) relations::write_id_and_name(list.entry(), *group);
    }
}
void write_interceptors(std::string& out, const CallPickup& pickup, const Snapshot& snapshot) {
    write_side(out, pickup.interceptor_users, pickup.interceptor_groups, snapshot);
}
void write_targets(std::string& out, const CallPickup& pickup, const Snapshot& snapshot) {
    write_side(out, pickup.target_users, pickup.target_groups, snapshot);
}

boost::json::object side_schema() {
    auto schema = relations::users_schema();
    schema["properties"].as_object()["groups"] = relations::list_of(relations::id_and_name_schema());
    return schema;
}

}  // namespace

template <>
Declaration declare<CallPickup>() {
    Declaration made;
    made.kind = "call_pickup";
    made.title = "CallPickup";
    made.table = "call_pickups";
    made.collection = "/callpickups";
    made.id_name = "callpickup_id";
    made.fields = {
        field("id", &CallPickup::id).key().sortable().says("Number of the call pickup"),
        field("name", &CallPickup::name)
            .required()
            .unique()
            .length(1, 128)
            .searched()
            .sortable()
            .says("Name of the call pickup, unique"),
        field("description", &CallPickup::description).length(0, 1000).searched().sortable().says("Notes"),
        field("enabled", &CallPickup::enabled).sortable().says("Whether calls may be taken"),
        field("interceptor_users", &CallPickup::interceptor_users).hidden().cleared(),
        field("interceptor_groups", &CallPickup::interceptor_groups).hidden().cleared(),
        field("target_users", &CallPickup::target_users).hidden().cleared(),
        field("target_groups", &CallPickup::target_groups).hidden().cleared(),
    };
    made.relations = {
        {"interceptors", side_schema(), declaring::writes<CallPickup, write_interceptors>},
        {"targets", side_schema(), declaring::writes<CallPickup, write_targets>},
    };
    made.fits = declaring::fits<CallPickup, fits>;
    return made;
}

}  // namespace almon::model
