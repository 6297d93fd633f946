// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/extension.hpp"

#include <string_view>

#include "model/incall.hpp"
#include "model/outcall.hpp"
#include "model/parking_lot.hpp"
#include "model/relations.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"

namespace almon::model {

namespace json = boost::json;

namespace {

Result<void> check_exten(const json::value& value) {
    if (!is_digits_and(value.get_string(), "*#+_XZN.![]-ABCDabcd"))
        return refuse(ErrorCode::InvalidArgument, "", "may have digits, *, #, + and pattern letters only");
    return {};
}

Result<void> fits(const Extension& extension, const Extension* before, const Snapshot& snapshot) {
    const auto* other = snapshot.extension_in(extension.context, extension.exten);
    if (other != nullptr && other->id != extension.id) {
        return refuse(ErrorCode::Conflict, "exten",
                      "'" + extension.exten + "' exists already in the context '" + extension.context + "'");
    }
    const bool moved =
        before == nullptr || before->exten != extension.exten || before->context != extension.context;
    // The number that parks is one of the system's own, like a code (ADB-081).
    if (moved && extension.leads_to.kind != &declaration_of<ParkingLot>()) {
        const auto inside = check_number_in(*snapshot.context(extension.context), extension.exten);
        if (!inside) return inside;
    }
    const bool redirected = before == nullptr || before->leads_to != extension.leads_to;
    if (!extension.leads_to || (!moved && !redirected)) return {};
    if (redirected && before != nullptr) {
        if (const auto unused = check_unused(*before, snapshot); !unused) return unused;
    }
    return check_number_for(*snapshot.context(extension.context), extension.exten,
                            extension.leads_to.kind->kind);
}

Result<void> may_go(const Extension& extension, const Snapshot& snapshot) {
    return check_unused(extension, snapshot);
}

void write_incall(std::string& out, const Extension& extension, const Snapshot&) {
    const bool leads_there = extension.leads_to.kind == &declaration_of<Incall>();
    relations::write_id(out, leads_there ? IncallId{extension.leads_to.id} : IncallId{});
}

void write_outcall(std::string& out, const Extension& extension, const Snapshot& snapshot) {
    const auto* link = snapshot.first_naming<OutcallExtension>(extension.id);
    relations::write_named<relations::write_id_and_name<Outcall>>(
        out, link != nullptr ? link->outcall : OutcallId{}, snapshot);
}

void write_lines(std::string& out, const Extension& extension, const Snapshot& snapshot) {
    JsonList list(out);
    for (const LineId line : snapshot.lines_of_extension(extension.id))
        relations::write_id(list.entry(), line);
}

bool is_of_type(const void* resource, std::string_view type, const Snapshot& snapshot) {
    const auto* context = snapshot.context(static_cast<const Extension*>(resource)->context);
    return context != nullptr && context->type == type;
}

}  // namespace

Result<void> check_unused(const Extension& extension, const Snapshot& snapshot) {
    const auto used_by = [](const std::string& kind, std::uint64_t id) {
        return refuse(ErrorCode::Conflict, "extension",
                      "is associated to the " + kind + ' ' + std::to_string(id));
    };
    if (const auto& lines = snapshot.lines_of_extension(extension.id); !lines.empty())
        return used_by("line", lines.front().value);
    if (extension.leads_to) return used_by(extension.leads_to.kind->kind, extension.leads_to.id);
    if (const auto* link = snapshot.first_naming<OutcallExtension>(extension.id))
        return used_by("outcall", link->outcall.value);
    return {};
}

template <>
Declaration declare<Extension>() {
    Declaration made;
    made.kind = "extension";
    made.title = "Extension";
    made.table = "extensions";
    made.collection = "/extensions";
    made.id_name = "extension_id";
    made.fields = {
        field("id", &Extension::id).key().sortable().says("Number of the extension in the database"),
        field("exten", &Extension::exten)
            .required()
            .length(1, 40)
            .searched()
            .sortable()
            .checked_by(check_exten)
            .says("The number that is dialled"),
        field("context", &Extension::context)
            .required()
            .length(1, 39)
            .names("context")
            .searched()
            .sortable()
            .says("Name of the context that the number is in"),
        field("commented", &Extension::commented).sortable().says("Whether the number is switched off"),
        field("leads_to", &Extension::leads_to).hidden().cleared(),
    };
    made.relations = {
        {"lines", relations::list_of(relations::id_schema()), declaring::writes<Extension, write_lines>},
        {"incall", relations::id_schema(), declaring::writes<Extension, write_incall>},
        {"outcall", relations::id_and_name_schema(), declaring::writes<Extension, write_outcall>},
    };
    made.filters = {{"type", {"internal", "incall"}, is_of_type}};
    made.fits = declaring::fits<Extension, fits>;
    made.may_go = declaring::may_go<Extension, may_go>;
    return made;
}

}  // namespace almon::model
