// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/group.hpp"

#include "model/call_permission.hpp"
#include "model/relations.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"

namespace almon::model {

namespace json = boost::json;

namespace {

Result<void> fits(const Group& group, const Group*, const Snapshot&) {
    return checks::once("users", group.users);
}

void write_fallbacks(std::string& out, const Group& group, const Snapshot& snapshot) {
    JsonObject fallbacks(out);
    write_destination(fallbacks.name("noanswer_destination"), group.noanswer_destination, snapshot);
}

json::object fallbacks_schema() {
    return {{"type", "object"},
            {"properties", {{"noanswer_destination", FieldCodec<Destination>::schema()}}}};
}

void write_members(std::string& out, const Group& group, const Snapshot& snapshot) {
    // The documented form is a list with this one entry.
    JsonList members(out);
    JsonObject entry(members.entry());
    JsonList users(entry.name("users"));
    for (const UserId id : group.users) {
        if (const auto* user = snapshot.user(id)) relations::write_user(users.entry(), *user);
    }
}

}  // namespace

template <>
Declaration declare<Group>() {
    Declaration made;
    made.kind = "group";
    made.title = "Group";
    made.table = "ring_groups";
    made.collection = "/groups";
    made.id_name = "group_id";
    made.fields = {
        field("id", &Group::id).key().sortable().says("Number of the group"),
        field("name", &Group::name)
            .required()
            .unique()
            .length(1, 128)
            .checked_by(checks::word)
            .searched()
            .sortable()
            .says("Name of the group, unique"),
        field("ring_strategy", &Group::ring_strategy)
            .one_of({"all", "random", "least_recent", "linear", "fewest_calls", "memorized_round_robin",
                     "weight_random"})
            .sortable()
            .says("Who of the members is called"),
        field("timeout", &Group::timeout)
            .range(0, 10'800)
            .sortable()
            .says(
                "Seconds the group rings before the call goes elsewhere; null: as long as the caller waits"),
        field("user_timeout", &Group::user_timeout)
            .range(0, 10'800)
            .sortable()
            .says("Seconds a member rings before the next one does"),
        field("retry_delay", &Group::retry_delay)
            .range(0, 10'800)
            .sortable()
            .says("Seconds before members ring again"),
        field("ring_in_use", &Group::ring_in_use)
            .sortable()
            .says("Whether members ring who are talking already"),
        field("music_on_hold", &Group::music_on_hold)
            .length(0, 128)
            .checked_by(checks::word)
            .sortable()
            .says("Music that callers hear while they wait"),
        field("caller_id_mode", &Group::caller_id_mode)
            .one_of({"prepend", "overwrite", "append"})
            .sortable()
            .says("What is done with the caller's name"),
        field("caller_id_name", &Group::caller_id_name)
            .length(0, 80)
            .searched()
            .sortable()
            .says("What it is done with"),
        field("preprocess_subroutine", &Group::preprocess_subroutine)
            .length(0, 79)
            .checked_by(checks::word)
            .sortable()
            .says("Subroutine that runs before the group rings"),
        field("enabled", &Group::enabled).sortable().says("Whether the group can be called"),
        field("users", &Group::users).in_column("user_ids").hidden().cleared(),
        field("noanswer_destination", &Group::noanswer_destination).hidden().cleared(),
        field("schedule_id", &Group::schedule).hidden().cleared(),
        field("call_permissions", &Group::call_permissions).hidden().cleared(),
    };
    made.relations = {
        {"extensions", relations::list_of(relations::extension_schema()),
         relations::writes_extensions_to<Group>},
        {"fallbacks", fallbacks_schema(), declaring::writes<Group, write_fallbacks>},
        {"incalls", relations::list_of(relations::incall_schema()), relations::writes_incalls_to<Group>},
        {"members",
         relations::list_of(
             {{"type", "object"}, {"properties", {{"users", relations::list_of(relations::user_schema())}}}}),
         declaring::writes<Group, write_members>},
        {"schedules", relations::list_of(relations::id_and_name_schema()),
         relations::writes_schedules<Group>},
        {"call_permissions", relations::list_of(relations::id_and_name_schema()),
         relations::writes_call_permissions<Group>},
    };
    made.fits = declaring::fits<Group, fits>;
    return made;
}

}  // namespace almon::model
