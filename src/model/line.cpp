// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/line.hpp"

#include <string_view>

#include <fmt/format.h>

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

void complete(Line& line, const Line*, const Snapshot& snapshot, Random& random) {
    while (line.provisioning_code.empty()) {
        auto drawn = fmt::format("{:06}", random.below(1'000'000));
        if (snapshot.id_by<Line>("provisioning_code", drawn) == 0) line.provisioning_code = std::move(drawn);
    }
    if (const auto* endpoint = snapshot.endpoint_sip(line.endpoint_sip)) line.name = endpoint->username;
}

Result<void> fits(const Line& line, const Line* before, const Snapshot& snapshot) {
    const auto* context = snapshot.context(line.context);
    const bool moved = before == nullptr || before->context != line.context;
    if (moved && context == nullptr)
        return refuse(ErrorCode::InvalidArgument, "context", "'" + line.context + "' does not exist");
    if (moved && context->type != "internal")
        return refuse(ErrorCode::InvalidArgument, "context", "'" + line.context + "' is no internal context");
    if (!line.endpoint_sip) return {};
    if (snapshot.endpoint_sip(line.endpoint_sip) == nullptr)
        return conflict("endpoint_sip_id", fmt::format("{} does not exist", line.endpoint_sip.value));
    const auto* other = snapshot.line_of_endpoint(line.endpoint_sip);
    if (other != nullptr && other->id != line.id)
        return conflict("endpoint", fmt::format("is associated to the line {}", other->id.value));
    return {};
}

Result<void> may_go(const Line& line, const Snapshot& snapshot) {
    if (!snapshot.users_of_line(line.id).empty()) {
        const auto* user = snapshot.user(snapshot.users_of_line(line.id).front());
        return conflict("line", "is associated to the user " + (user ? user->uuid : "?"));
    }
    if (!snapshot.extensions_of_line(line.id).empty()) {
        return conflict("line", fmt::format("is associated to the extension {}",
                                            snapshot.extensions_of_line(line.id).front().extension.value));
    }
    return {};
}

json::value show_name(const Line& line, const Snapshot& snapshot) {
    const auto* endpoint = snapshot.endpoint_sip(line.endpoint_sip);
    return endpoint != nullptr ? json::value(endpoint->username) : json::value(nullptr);
}
json::value show_protocol(const Line& line, const Snapshot&) {
    return line.endpoint_sip ? json::value("sip") : json::value(nullptr);
}
json::value show_device_slot(const Line& line, const Snapshot&) {
    return line.position;
}
json::value show_provisioning_extension(const Line& line, const Snapshot&) {
    return line.provisioning_code.empty() ? json::value(nullptr) : json::value(line.provisioning_code);
}
json::value show_users(const Line& line, const Snapshot& snapshot) {
    json::array list;
    for (const UserId id : snapshot.users_of_line(line.id)) {
        if (const auto* user = snapshot.user(id)) list.push_back(relations::user(*user));
    }
    return list;
}

json::object type(const char* name) {
    return {{"type", name}};
}

Result<void> user_line_fits(const UserLine& link, const UserLine*, const Snapshot& snapshot) {
    if (snapshot.user(link.user) == nullptr)
        return conflict("user_id", fmt::format("{} does not exist", link.user.value));
    if (snapshot.line(link.line) == nullptr)
        return conflict("line_id", fmt::format("{} does not exist", link.line.value));
    return {};
}

Result<void> line_extension_fits(const LineExtension& link, const LineExtension* before,
                                 const Snapshot& snapshot) {
    const auto* line = snapshot.line(link.line);
    const auto* extension = snapshot.extension(link.extension);
    if (line == nullptr) return conflict("line_id", fmt::format("{} does not exist", link.line.value));
    if (extension == nullptr)
        return conflict("extension_id", fmt::format("{} does not exist", link.extension.value));
    if (before != nullptr) return {};

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
            .searched()
            .sortable()
            .says("Name of the internal context that its calls start in"),
        field("endpoint_sip_id", &Line::endpoint_sip).hidden(),
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
        {"name", type("string"), declaring::shows<Line, show_name>},
        {"protocol",
         {{"type", "string"}, {"enum", json::array{"sip"}}},
         declaring::shows<Line, show_protocol>},
        {"device_slot", type("integer"), declaring::shows<Line, show_device_slot>},
        {"provisioning_extension", type("string"), declaring::shows<Line, show_provisioning_extension>},
        {"endpoint_sip", relations::endpoint_sip_schema(),
         declaring::shows<Line, relations::endpoint_sip_of>},
        {"endpoint_sccp", relations::line_schema(), relations::none},
        {"endpoint_custom", relations::endpoint_custom_schema(), relations::none},
        {"device_id", type("string"), relations::none},
        {"extensions", relations::list_of(relations::extension_schema()),
         declaring::shows<Line, relations::extensions_of>},
        {"users", relations::list_of(relations::user_schema()), declaring::shows<Line, show_users>},
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
    made.fits = declaring::fits<UserLine, user_line_fits>;
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
