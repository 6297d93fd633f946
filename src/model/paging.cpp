// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/paging.hpp"

#include "model/relations.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"

namespace almon::model {
namespace {

Result<void> fits(const Paging& paging, const Paging*, const Snapshot&) {
    if (auto single = checks::once("callers", paging.callers); !single) return single;
    return checks::once("members", paging.members);
}

}  // namespace

template <>
Declaration declare<Paging>() {
    Declaration made;
    made.kind = "paging";
    made.title = "Paging";
    made.table = "pagings";
    made.collection = "/pagings";
    made.id_name = "paging_id";
    made.fields = {
        field("id", &Paging::id).key().sortable().says("Number of the paging in the database"),
        field("number", &Paging::number)
            .required()
            .unique()
            .length(1, 32)
            .checked_by(checks::digits)
            .searched()
            .sortable()
            .says("Dialled after *11"),
        field("name", &Paging::name).length(0, 128).searched().sortable().says("Name of the paging"),
        field("announce_caller", &Paging::announce_caller)
            .sortable()
            .says("Whether the caller hears the announcement"),
        field("announce_sound", &Paging::announce_sound)
            .length(0, 255)
            .checked_by(checks::sound)
            .sortable()
            .says("Played in all phones first"),
        field("caller_notification", &Paging::caller_notification)
            .sortable()
            .says("Whether the caller hears a beep"),
        field("duplex", &Paging::duplex).sortable().says("Whether those who are called can talk as well"),
        field("enabled", &Paging::enabled).sortable().says("Whether it can be called"),
        field("ignore_forward", &Paging::ignore_forward).sortable().says("Whether forwards of phones count"),
        field("record", &Paging::record).sortable().says("Whether it is recorded"),
        field("timeout", &Paging::timeout).range(1, 3600).sortable().says("Seconds a phone has to answer"),
        field("description", &Paging::description).length(0, 1000).searched().sortable().says("Notes"),
        field("callers", &Paging::callers).in_column("caller_ids").hidden().cleared(),
        field("members", &Paging::members).in_column("member_ids").hidden().cleared(),
    };
    made.relations = {
        {"callers", relations::users_schema(), relations::writes_users<Paging, &Paging::callers>},
        {"members", relations::users_schema(), relations::writes_users<Paging, &Paging::members>},
    };
    made.fits = declaring::fits<Paging, fits>;
    return made;
}

}  // namespace almon::model
