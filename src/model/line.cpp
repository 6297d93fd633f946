// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/line.hpp"

#include <string_view>

#include <fmt/format.h>

#include "model/device.hpp"
#include "model/endpoint_custom.hpp"
#include "model/endpoint_sccp.hpp"
#include "model/relations.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"

namespace almon::model {

namespace json = boost::json;

namespace {

tl::unexpected<Error> conflict(std::string field, std::string reason) {
    return refuse(ErrorCode::Conflict, std::move(field), std::move(reason));
}

Result<void> check_code(const json::value& value) {
    const std::string_view code = value.get_string();
    if (code.empty()) return {};
    if (code.size() == 6 && is_digits_and(code)) return {};
    return refuse(ErrorCode::InvalidArgument, "", "must be six digits");
}

/// A line is called as what it reaches.
std::string name_of(const Line& line, const Snapshot& snapshot) {
    if (const auto* sip = snapshot.endpoint_sip(line.endpoint_sip)) return sip->username;
    if (const auto* custom = snapshot.find(line.endpoint_custom)) return custom->interface;
    const auto* main = line.endpoint_sccp ? snapshot.main_extension_of_line(line.id) : nullptr;
    return main != nullptr ? main->exten : "";
}

void complete(Line& line, const Line*, const Snapshot& snapshot, Random& random) {
    while (line.provisioning_code.empty()) {
        auto drawn = fmt::format("{:06}", random.below(1'000'000));
        if (snapshot.id_by<Line>("provisioning_code", drawn) == 0) line.provisioning_code = std::move(drawn);
    }
    line.name = name_of(line, snapshot);
}

Result<void> fits(const Line& line, const Line* before, const Snapshot& snapshot) {
    const auto* context = snapshot.context(line.context);
    const bool moved = before == nullptr || before->context != line.context;
    if (moved && context->type != "internal")
        return refuse(ErrorCode::InvalidArgument, "context", "'" + line.context + "' is no internal context");
    const int endpoints =
        int{bool{line.endpoint_sip}} + int{bool{line.endpoint_sccp}} + int{bool{line.endpoint_custom}};
    if (endpoints > 1) return conflict("line", "has an endpoint already");
    if (!line.device) return {};
    if (endpoints == 0 || line.endpoint_custom)
        return conflict("line", "needs a SIP or SCCP endpoint for a device");
    Result<void> sound;
    snapshot.for_each_naming<Line>(line.device, [&](const Line& other) {
        if (other.id != line.id && other.position == line.position)
            sound = conflict("position", fmt::format("{} is taken on the device by the line {}",
                                                     line.position, other.id.value));
    });
    return sound;
}

Result<void> may_go(const Line& line, const Snapshot& snapshot) {
    if (!snapshot.users_of_line(line.id).empty()) {
        const auto* user = snapshot.user(snapshot.users_of_line(line.id).front());
        return conflict("line", "is associated to the user " + (user ? user->uuid : "?"));
    }
    if (line.device) return conflict("line", "is associated to a device");
    if (!snapshot.extensions_of_line(line.id).empty()) {
        return conflict("line", fmt::format("is associated to the extension {}",
                                            snapshot.extensions_of_line(line.id).front().extension.value));
    }
    return {};
}

void write_name(std::string& out, const Line& line, const Snapshot& snapshot) {
    append_json(out, name_of(line, snapshot));
}
void write_protocol(std::string& out, const Line& line, const Snapshot&) {
    append_json(out, line.protocol());
}
void write_device_slot(std::string& out, const Line& line, const Snapshot&) {
    append_json(out, line.position);
}
void write_provisioning_extension(std::string& out, const Line& line, const Snapshot&) {
    append_json(out, line.provisioning_code);
}
void write_device(std::string& out, const Line& line, const Snapshot& snapshot) {
    const auto* device = snapshot.find(line.device);
    append_json(out, device != nullptr ? std::string_view(device->identity) : std::string_view());
}
void write_users(std::string& out, const Line& line, const Snapshot& snapshot) {
    JsonList list(out);
    for (const UserId id : snapshot.users_of_line(line.id)) {
        if (const auto* user = snapshot.user(id)) relations::write_user(list.entry(), *user);
    }
}

json::object type(const char* name) {
    return {{"type", name}};
}

Result<void> line_extension_fits(const LineExtension& link, const LineExtension* before,
                                 const Snapshot& snapshot) {
    if (before != nullptr) return {};
    const auto* extension = snapshot.extension(link.extension);
    if (snapshot.lines_of_extension(link.extension).empty()) {
        if (const auto unused = check_unused(*extension, snapshot); !unused) return unused;
    }

    const auto is_internal = [&](const Extension& candidate) {
        const auto* context = snapshot.context(candidate.context);
        return context != nullptr && context->type == "internal";
    };
    if (is_internal(*extension)) {
        for (const auto& other : snapshot.extensions_of_line(link.line)) {
            const auto* candidate = snapshot.extension(other.extension);
            if (candidate != nullptr && is_internal(*candidate))
                return conflict("line_id", fmt::format("{} has an internal extension already: {}",
                                                       link.line.value, candidate->exten));
        }
    }
    // API-082: an extension may ring several lines only if they are the same user's.
    const auto users = snapshot.users_of_line(link.line);
    for (const LineId other : snapshot.lines_of_extension(link.extension)) {
        if (users.empty() || snapshot.users_of_line(other) != users) {
            return conflict("extension_id",
                            fmt::format("{} is associated to the line {}, which is not the same user's",
                                        link.extension.value, other.value));
        }
    }
    return {};
}

}  // namespace

template <>
Declaration declare<Line>() {
    Declaration made;
    made.kind = "line";
    made.title = "Line";
    made.table = "lines";
    made.collection = "/lines";
    made.id_name = "line_id";
    made.fields = {
        field("id", &Line::id).key().sortable().says("Number of the line"),
        field("name", &Line::name).hidden().searched(),
        field("context", &Line::context)
            .required()
            .length(1, 39)
            .names("context")
            .searched()
            .sortable()
            .says("Name of the internal context that its calls start in"),
        field("endpoint_sip_id", &Line::endpoint_sip).hidden().exclusive(),
        field("endpoint_sccp_id", &Line::endpoint_sccp).hidden().exclusive(),
        field("endpoint_custom_id", &Line::endpoint_custom).hidden().exclusive(),
        field("device", &Line::device).hidden(),
        field("position", &Line::position).range(1, 1000).sortable().says("Place among the keys of a phone"),
        field("caller_id_name", &Line::caller_id_name)
            .length(0, 80)
            .searched()
            .sortable()
            .says("Name shown to those who are called"),
        field("caller_id_num", &Line::caller_id_number)
            .length(0, 80)
            .searched()
            .sortable()
            .says("Number shown to those who are called"),
        field("provisioning_code", &Line::provisioning_code)
            .unique()
            .searched()
            .sortable()
            .checked_by(check_code)
            .says("What an unknown phone dials to become this line's; drawn where it is left out"),
        field("registrar", &Line::registrar)
            .length(1, 128)
            .searched()
            .says("Name of the template that devices use"),
    };
    made.relations = {
        {"name", type("string"), declaring::writes<Line, write_name>},
        {"protocol",
         {{"type", "string"}, {"enum", json::array{"sip", "sccp", "custom"}}},
         declaring::writes<Line, write_protocol>},
        {"device_slot", type("integer"), declaring::writes<Line, write_device_slot>},
        {"provisioning_extension", type("string"), declaring::writes<Line, write_provisioning_extension>},
        {"endpoint_sip", relations::endpoint_sip_schema(),
         relations::writes_named<Line, &Line::endpoint_sip, relations::write_endpoint_sip>},
        {"endpoint_sccp", relations::id_schema(),
         relations::writes_named<Line, &Line::endpoint_sccp, relations::write_id_of<EndpointSccp>>},
        {"endpoint_custom", relations::endpoint_custom_schema(),
         relations::writes_named<Line, &Line::endpoint_custom, relations::write_endpoint_custom>},
        {"device_id", type("string"), declaring::writes<Line, write_device>},
        {"extensions", relations::list_of(relations::extension_schema()),
         declaring::writes<Line, relations::write_extensions_of>},
        {"users", relations::list_of(relations::user_schema()), declaring::writes<Line, write_users>},
    };
    made.complete = declaring::completes<Line, complete>;
    made.fits = declaring::fits<Line, fits>;
    made.may_go = declaring::may_go<Line, may_go>;
    return made;
}

template <>
Declaration declare<UserLine>() {
    Declaration made;
    made.kind = "user_line";
    made.title = "UserLine";
    made.table = "user_line";
    made.fields = {
        field("user_id", &UserLine::user).key(),
        field("line_id", &UserLine::line).key(),
        field("main_user", &UserLine::main_user).read_only(),
        field("main_line", &UserLine::main_line).read_only(),
    };
    return made;
}

template <>
Declaration declare<LineExtension>() {
    Declaration made;
    made.kind = "line_extension";
    made.title = "LineExtension";
    made.table = "line_extension";
    made.fields = {
        field("line_id", &LineExtension::line).key(),
        field("extension_id", &LineExtension::extension).key(),
        field("main_extension", &LineExtension::main_extension).hidden(),
    };
    made.fits = declaring::fits<LineExtension, line_extension_fits>;
    return made;
}

}  // namespace almon::model
