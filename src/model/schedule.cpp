// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/schedule.hpp"

#include "model/group.hpp"
#include "model/incall.hpp"
#include "model/outcall.hpp"
#include "model/queue.hpp"
#include "model/relations.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"

namespace almon::model {
namespace {

void write_exceptional_periods(std::string& out, const Schedule& schedule, const Snapshot& snapshot) {
    JsonList list(out);
    for (const auto& period : schedule.exceptional_periods) {
        auto shown = boost::json::serialize(FieldCodec<Period>::to_json(period));
        shown.back() = ',';
        shown += "\"destination\":";
        write_destination(shown, period.destination, snapshot);
        list.entry() += shown + '}';
    }
}

}  // namespace

template <>
Declaration declare<Schedule>() {
    Declaration made;
    made.kind = "schedule";
    made.title = "Schedule";
    made.table = "schedules";
    made.collection = "/schedules";
    made.id_name = "schedule_id";
    made.fields = {
        field("id", &Schedule::id).key().sortable().says("Number of the schedule"),
        field("name", &Schedule::name).length(0, 128).searched().sortable().says("Name of the schedule"),
        field("description", &Schedule::description).length(0, 1000).searched().sortable().says("Notes"),
        field("timezone", &Schedule::timezone)
            .length(0, 64)
            .checked_by(checks::timezone)
            .sortable()
            .says("Time zone of the hours, like Europe/Paris; null: the system's"),
        field("enabled", &Schedule::enabled).sortable().says("Whether it holds; else it is always open"),
        field("open_periods", &Schedule::open_periods).says("When it is open; no period: always"),
        field("exceptional_periods", &Schedule::exceptional_periods)
            .cleared()
            .written_by(declaring::writes<Schedule, write_exceptional_periods>)
            .says("When it is closed nevertheless, each with a destination of its own"),
        field("closed_destination", &Schedule::closed_destination)
            .required()
            .cleared()
            .written_by(writes_destination<Schedule, &Schedule::closed_destination>)
            .says("Where calls go when it is closed"),
    };
    made.relations = {
        {"incalls", relations::list_of(relations::id_schema()),
         relations::writes_ids_naming<Schedule, Incall>},
        {"groups", relations::list_of(relations::id_and_name_schema()),
         relations::writes_all_naming<Schedule, Group, relations::write_id_and_name<Group>>},
        {"queues", relations::list_of(relations::id_and_name_schema()),
         relations::writes_all_naming<Schedule, Queue, relations::write_id_and_name<Queue>>},
        {"users", relations::list_of(relations::user_schema()),
         relations::writes_all_naming<Schedule, User, relations::write_user>},
        {"outcalls", relations::list_of(relations::id_and_name_schema()),
         relations::writes_all_naming<Schedule, Outcall, relations::write_id_and_name<Outcall>>},
    };
    return made;
}

}  // namespace almon::model
