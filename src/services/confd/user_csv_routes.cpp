// SPDX-License-Identifier: GPL-3.0-or-later
// Users as CSV: import, update, export (API-064 to API-066).

#include <chrono>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "model/call_permission.hpp"
#include "model/cti_profile.hpp"
#include "model/incall.hpp"
#include "model/voicemail.hpp"
#include "services/confd/association.hpp"
#include "services/confd/user_import.hpp"

namespace almon::services {

namespace json = boost::json;
using model::Snapshot;
using model::User;

namespace {

constexpr const char* kCsv = "text/csv; charset=utf-8";
constexpr std::size_t kLargestFile = std::size_t{64} * 1024 * 1024;

// Export

std::string flag(bool value) {
    return value ? "1" : "0";
}

/// One line; empty texts where there is nothing.
std::vector<std::string> exported(const User& user, const Snapshot& snapshot) {
    const auto& lines = snapshot.lines_of_user(user.id);
    const auto* line = lines.empty() ? nullptr : snapshot.line(lines.front());
    const auto* extension = line != nullptr ? snapshot.main_extension_of_line(line->id) : nullptr;
    const auto* endpoint = line != nullptr ? snapshot.endpoint_sip(line->endpoint_sip) : nullptr;
    const auto* profile = snapshot.find(user.cti_profile);
    const auto* voicemail = snapshot.find(user.voicemail);
    const auto* incall = snapshot.first_naming<model::Incall>(user.id);
    const auto* incall_number =
        incall != nullptr ? snapshot.first_naming<model::Extension>(incall->id) : nullptr;
    std::string permissions;
    for (const auto id : user.call_permissions) {
        if (const auto* permission = snapshot.find(id))
            permissions += (permissions.empty() ? "" : ";") + permission->name;
    }
    std::string ring_time;
    if (incall != nullptr && incall->destination.ring_time)
        ring_time = std::to_string(std::llround(*incall->destination.ring_time));
    const auto of = [](const auto* resource, auto member) {
        return resource != nullptr ? std::string(resource->*member) : std::string();
    };
    const auto flag_of = [](const auto* resource, auto member) {
        return resource != nullptr ? flag(resource->*member) : std::string();
    };
    const bool attaches = voicemail != nullptr && voicemail->attach_audio.has_value();
    // In the order of user_columns().
    return {user.entity ? std::to_string(user.entity.value) : "",
            user.firstname,
            user.lastname,
            user.email,
            user.language,
            user.mobile_phone_number,
            user.outgoing_caller_id,
            flag(user.enabled),
            flag(user.supervision_enabled),
            flag(user.call_transfer_enabled),
            flag(user.dtmf_hangup_enabled),
            std::to_string(user.simultaneous_calls),
            std::to_string(user.ring_time.count()),
            user.call_permission_password,
            flag(user.cti_enabled),
            user.username,
            user.password,
            of(profile, &model::CtiProfile::name),
            of(extension, &model::Extension::exten),
            of(extension, &model::Extension::context),
            line != nullptr ? std::string(line->protocol()) : "",
            of(endpoint, &model::EndpointSip::username),
            of(endpoint, &model::EndpointSip::secret),
            of(incall_number, &model::Extension::exten),
            of(incall_number, &model::Extension::context),
            ring_time,
            of(voicemail, &model::Voicemail::name),
            of(voicemail, &model::Voicemail::number),
            of(voicemail, &model::Voicemail::context),
            of(voicemail, &model::Voicemail::password),
            of(voicemail, &model::Voicemail::email),
            attaches ? flag(*voicemail->attach_audio) : "",
            flag_of(voicemail, &model::Voicemail::delete_messages),
            flag_of(voicemail, &model::Voicemail::ask_password),
            permissions,
            user.uuid,
            of(line, &model::Line::provisioning_code)};
}

std::string export_of(const Snapshot& snapshot) {
    std::vector<std::string> header;
    for (const auto& column : user_columns())
        header.emplace_back(column.name);
    header.emplace_back(kUuidColumn);
    header.emplace_back(kProvisioningColumn);
    std::string text;
    append_csv_line(text, header);
    snapshot.for_each<User>([&](const User& user) { append_csv_line(text, exported(user, snapshot)); });
    return text;
}

// Import and update

json::object error_of(std::size_t row, std::string message, json::object details, UtcTime now) {
    details["row_number"] = row;
    return {{"message", std::move(message)},
            {"timestamp", std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count()},
            {"details", std::move(details)}};
}

Plan answering(int status, json::object body) {
    Plan plan;
    plan.answer = [status, body = std::move(body)](const Snapshot&) {
        return http::Response::json(status, body);
    };
    return plan;
}

Plan file_refused(const Error& error, UtcTime now) {
    const auto message =
        error.field.empty() ? error.reason : fmt::format("'{}' {}", error.field, error.reason);
    json::object details{{"row", json::object{}}};
    if (!error.field.empty()) details["column"] = error.field;
    return answering(400, {{"errors", json::array{error_of(0, message, std::move(details), now)}}});
}

Plan rows_refused(const SheetPlan& planned, const UserSheet& sheet, UtcTime now) {
    json::array errors;
    for (const auto& error : planned.errors) {
        errors.push_back(error_of(error.row,
                                  fmt::format("Row {}: '{}' {}{}", error.row, error.column, error.reason,
                                              error.value.empty() ? "" : ": '" + error.value + '\''),
                                  {{"row", sheet.row(error.row - 1)},
                                   {"column", error.column},
                                   {"value", error.value},
                                   {"reason", error.reason}},
                                  now));
    }
    return answering(400, {{"errors", std::move(errors)}});
}

json::array rows_of(const std::vector<SheetRow>& rows, bool dry_run) {
    json::array list;
    const auto shown = [&](auto id) { return id && !dry_run ? json::value(id.value) : json::value(nullptr); };
    std::size_t number = 0;
    for (const auto& row : rows) {
        list.push_back(json::object{{"row_number", ++number},
                                    {"user_id", shown(row.user)},
                                    {"line_id", shown(row.line)},
                                    {"sip_id", shown(row.sip)},
                                    {"extension_id", shown(row.extension)},
                                    {"voicemail_id", shown(row.voicemail)},
                                    {"incall_extension_id", shown(row.incall_extension)}});
    }
    return list;
}

Planner planner_of(const ConfdParts& parts, bool is_update) {
    return [&store = parts.store, now = parts.now, is_update](
               const http::Request& request, const Snapshot& before) -> tl::expected<Plan, Errors> {
        const auto dry = request.query.find("dry_run");
        if (dry && *dry != "true" && *dry != "false")
            return refused(ErrorCode::InvalidArgument, "dry_run", "must be true or false");
        const bool dry_run = dry && *dry == "true";
        const auto sheet = UserSheet::read(request.body, is_update);
        if (!sheet) return file_refused(sheet.error(), now());
        auto planned = is_update ? plan_update(*sheet, before, store) : plan_import(*sheet, before, store);
        if (!planned.errors.empty()) return rows_refused(planned, *sheet, now());
        json::object report{{is_update ? "updated" : "created", rows_of(planned.rows, dry_run)}};
        if (dry_run) report["dry_run"] = true;
        auto plan = answering(is_update || dry_run ? 200 : 201, std::move(report));
        if (!dry_run) plan.operations = std::move(planned.operations);
        return plan;
    };
}

void define_reports(ConfdApi& confd) {
    const auto number = associations::integer();
    const json::object ids{{"type", "object"},
                           {"properties",
                            {{"row_number", number},
                             {"user_id", number},
                             {"line_id", number},
                             {"sip_id", number},
                             {"extension_id", number},
                             {"voicemail_id", number},
                             {"incall_extension_id", number}}}};
    for (const auto& [title, member] :
         {std::pair{"UserImport", "created"}, std::pair{"UserUpdate", "updated"}}) {
        confd.api().define(title, {{"title", title},
                                   {"type", "object"},
                                   {"properties", {{member, {{"type", "array"}, {"items", ids}}}}}});
    }
    confd.api().define("UserExport", {{"title", "UserExport"}, {"type", "string"}});
}

}  // namespace

void add_user_csv_routes(ConfdApi& confd) {
    define_reports(confd);
    confd.read_slowly("/users/export",
                      {.id = "export_users_csv",
                       .summary = "All users as CSV",
                       .tag = "users",
                       .responses = {{200, reference_to("UserExport")}},
                       .produces = kCsv},
                      [&store = confd.parts().store](const http::Request&) -> Result<http::Response> {
                          return http::Response::text(200, kCsv, export_of(*store.current()));
                      });
    for (const auto method : {http::Method::Post, http::Method::Put}) {
        const bool is_update = method == http::Method::Put;
        confd.write_alone(
            method, "/users/import",
            {.id = is_update ? "update_users_csv" : "import_users_csv",
             .summary = is_update ? "Change the users that a CSV file names" : "Create users from a CSV file",
             .tag = "users",
             .body = {{"type", "string"}},
             .responses = {{is_update ? 200 : 201, reference_to(is_update ? "UserUpdate" : "UserImport")},
                           {400, {}}},
             .parameters = {{{"name", "dry_run"}, {"in", "query"}, {"required", false}, {"type", "boolean"}}},
             .consumes = kCsv,
             .max_body = kLargestFile},
            planner_of(confd.parts(), is_update));
    }
}

}  // namespace almon::services
