// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/incall.hpp"

#include "model/call_permission.hpp"
#include "model/relations.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"

namespace almon::model {

template <>
Declaration declare<Incall>() {
    Declaration made;
    made.kind = "incall";
    made.title = "Incall";
    made.table = "incalls";
    made.collection = "/incalls";
    made.id_name = "incall_id";
    made.fields = {
        field("id", &Incall::id).key().sortable().says("Number of the incoming call"),
        field("destination", &Incall::destination)
            .required()
            .cleared()
            .written_by(writes_destination<Incall, &Incall::destination>)
            .says("Where its calls go"),
        field("description", &Incall::description).length(0, 1000).searched().sortable().says("Notes"),
        field("preprocess_subroutine", &Incall::preprocess_subroutine)
            .length(0, 79)
            .checked_by(checks::word)
            .sortable()
            .says("Subroutine that runs before the call goes anywhere"),
        field("caller_id_mode", &Incall::caller_id_mode)
            .one_of({"prepend", "overwrite", "append"})
            .sortable()
            .says("What is done with the caller's name"),
        field("caller_id_name", &Incall::caller_id_name)
            .length(0, 80)
            .searched()
            .sortable()
            .says("What it is done with"),
        field("schedule_id", &Incall::schedule).hidden().cleared(),
        field("call_permissions", &Incall::call_permissions).hidden().cleared(),
    };
    made.relations = {
        {"extensions", relations::list_of(relations::extension_schema()),
         relations::writes_extensions_to<Incall>},
        {"schedules", relations::list_of(relations::id_and_name_schema()),
         relations::writes_schedules<Incall>},
        {"call_permissions", relations::list_of(relations::id_and_name_schema()),
         relations::writes_call_permissions<Incall>},
    };
    return made;
}

}  // namespace almon::model
