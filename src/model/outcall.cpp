// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/outcall.hpp"

#include "model/call_permission.hpp"
#include "model/extension.hpp"
#include "model/relations.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"
#include "model/trunk.hpp"

namespace almon::model {

namespace json = boost::json;

namespace {

Result<void> check_dialled(const json::value& value) {
    if (!is_digits_and(value.get_string(), "*#+"))
        return refuse(ErrorCode::InvalidArgument, "", "may have digits, *, # and + only");
    return {};
}

Result<void> fits(const Outcall& outcall, const Outcall*, const Snapshot&) {
    return checks::once("trunks", outcall.trunks);
}

Result<void> extension_fits(const OutcallExtension& link, const OutcallExtension* before,
                            const Snapshot& snapshot) {
    if (before != nullptr) return {};
    const auto& extension = *snapshot.extension(link.extension);
    const auto* context = snapshot.context(extension.context);
    if (context == nullptr || context->type != "outcall")
        return refuse(ErrorCode::InvalidArgument, "context",
                      "'" + extension.context + "' is no outcall context");
    return check_unused(extension, snapshot);
}

void write_trunks(std::string& out, const Outcall& outcall, const Snapshot& snapshot) {
    JsonList list(out);
    for (const TrunkId id : outcall.trunks) {
        const auto* trunk = snapshot.find(id);
        if (trunk == nullptr) continue;
        JsonObject entry(list.entry());
        entry.member("id", id);
        relations::write_named<relations::write_endpoint_sip>(entry.name("endpoint_sip"), trunk->endpoint_sip,
                                                              snapshot);
        relations::write_named<relations::write_endpoint_custom>(entry.name("endpoint_custom"),
                                                                 trunk->endpoint_custom, snapshot);
    }
}

json::object trunk_schema() {
    return {{"type", "object"},
            {"properties",
             {{"id", {{"type", "integer"}}},
              {"endpoint_sip", relations::endpoint_sip_schema()},
              {"endpoint_custom", relations::endpoint_custom_schema()}}}};
}

void write_extensions(std::string& out, const Outcall& outcall, const Snapshot& snapshot) {
    JsonList list(out);
    snapshot.for_each_naming<OutcallExtension>(outcall.id, [&](const OutcallExtension& link) {
        const auto* extension = snapshot.extension(link.extension);
        if (extension == nullptr) return;
        JsonObject(list.entry())
            .member("id", link.extension)
            .member("exten", extension->exten)
            .member("context", extension->context)
            .member("prefix", link.prefix)
            .member("external_prefix", link.external_prefix)
            .member("strip_digits", link.strip_digits)
            .member("caller_id", link.caller_id);
    });
}

json::object extension_schema() {
    auto schema = relations::extension_schema();
    auto& properties = schema["properties"].as_object();
    for (const auto* name : {"prefix", "external_prefix", "caller_id"})
        properties[name] = {{"type", "string"}};
    properties["strip_digits"] = {{"type", "integer"}};
    return schema;
}

}  // namespace

template <>
Declaration declare<Outcall>() {
    Declaration made;
    made.kind = "outcall";
    made.title = "Outcall";
    made.table = "outcalls";
    made.collection = "/outcalls";
    made.id_name = "outcall_id";
    made.fields = {
        field("id", &Outcall::id).key().sortable().says("Number of the outgoing call"),
        field("name", &Outcall::name)
            .required()
            .unique()
            .length(1, 128)
            .searched()
            .sortable()
            .says("Name of the way out, unique"),
        field("description", &Outcall::description).length(0, 1000).searched().sortable().says("Notes"),
        field("internal_caller_id", &Outcall::internal_caller_id)
            .sortable()
            .says("Whether the other side sees the caller's number inside"),
        field("preprocess_subroutine", &Outcall::preprocess_subroutine)
            .length(0, 79)
            .checked_by(checks::word)
            .sortable()
            .says("Subroutine that runs before the call leaves"),
        field("ring_time", &Outcall::ring_time)
            .range(0, 10'800)
            .sortable()
            .says("Seconds it rings before it is given up; null: as long as the caller waits"),
        field("enabled", &Outcall::enabled).sortable().says("Whether calls may leave by it"),
        field("trunks", &Outcall::trunks).in_column("trunk_ids").hidden().cleared(),
        field("schedule_id", &Outcall::schedule).hidden().cleared(),
        field("call_permissions", &Outcall::call_permissions).hidden().cleared(),
    };
    made.relations = {
        {"trunks", relations::list_of(trunk_schema()), declaring::writes<Outcall, write_trunks>},
        {"extensions", relations::list_of(extension_schema()), declaring::writes<Outcall, write_extensions>},
        {"schedules", relations::list_of(relations::id_and_name_schema()),
         relations::writes_schedules<Outcall>},
        {"call_permissions", relations::list_of(relations::id_and_name_schema()),
         relations::writes_call_permissions<Outcall>},
    };
    made.fits = declaring::fits<Outcall, fits>;
    return made;
}

template <>
Declaration declare<OutcallExtension>() {
    Declaration made;
    made.kind = "outcall_extension";
    made.title = "OutcallExtension";
    made.table = "outcall_extension";
    made.fields = {
        field("outcall_id", &OutcallExtension::outcall).key(),
        field("extension_id", &OutcallExtension::extension).key(),
        field("prefix", &OutcallExtension::prefix)
            .length(0, 20)
            .checked_by(check_dialled)
            .says("Dialled before the extension"),
        field("external_prefix", &OutcallExtension::external_prefix)
            .length(0, 20)
            .checked_by(check_dialled)
            .says("Put in front of what is sent to the trunk"),
        field("strip_digits", &OutcallExtension::strip_digits)
            .range(0, 40)
            .says("So many leading digits are not sent"),
        field("caller_id", &OutcallExtension::caller_id).length(0, 80).says("Number shown to the other side"),
    };
    made.fits = declaring::fits<OutcallExtension, extension_fits>;
    return made;
}

}  // namespace almon::model
