// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctid_ng/ctid_ng.hpp"

#include <algorithm>
#include <chrono>
#include <string>

#include "base/whole_number.hpp"
#include "model/user.hpp"
#include "services/audio_files.hpp"
#include "services/ctid_ng/ctid_ng_api.hpp"

namespace almon::services {

namespace json = boost::json;
using http::Request;
using http::Response;

namespace {

std::string error_id_of(int status, std::string field) {
    std::ranges::replace(field, '_', '-');
    switch (status) {
        case 401:
            return "unauthorized";
        case 403:
            return "forbidden";
        case 404:
            return field.empty() ? "not-found" : "no-such-" + field;
        case 409:
            return "conflict";
        case 429:
            return "too-many-attempts";
        case 503:
            return "unavailable";
        default:
            return field.empty() ? "invalid-request" : "invalid-" + field;
    }
}

/// ok, where the two that we depend on answer (API-134).
Result<Response> show_status(const CtidNgApi::Office& office, const Request&) {
    const auto word = [](bool works) { return works ? "ok" : "fail"; };
    const auto core = office.parts.order([](pbx::CallCore&) {});
    const auto feed = office.parts.feed.ask([](const LiveView&) {});
    return Response::json(
        200, {{"connections", {{"ari", word(core.has_value())}, {"bus_consumer", word(feed.has_value())}}},
              {"service_token", "ok"}});
}

void add_status_route(CtidNgApi& ctid_ng) {
    auto& api = ctid_ng.api();
    api.define("StatusValue", {{"type", "string"}, {"enum", {"fail", "ok"}}});
    api.define("ConnectionsStatusSummary",
               {{"type", "object"},
                {"properties",
                 {{"ari", reference_to("StatusValue")}, {"bus_consumer", reference_to("StatusValue")}}}});
    api.define("StatusSummary", {{"type", "object"},
                                 {"properties",
                                  {{"connections", reference_to("ConnectionsStatusSummary")},
                                   {"service_token", reference_to("StatusValue")}}}});
    ctid_ng.add(http::Method::Get, "/status",
                {.id = "get_status",
                 .summary = "Whether call control works",
                 .tag = "status",
                 .responses = {{200, reference_to("StatusSummary")}}},
                show_status);
}

}  // namespace

http::ErrorDialect ctid_ng_dialect(std::function<UtcTime()> now) {
    return [now = std::move(now)](int status, const Error& error) {
        json::object details;
        if (!error.field.empty()) details[error.field] = error.reason;
        const double seconds = std::chrono::duration<double>(now().time_since_epoch()).count();
        return Response::json(
            status, {{"message", error.field.empty() ? error.reason : error.field + " " + error.reason},
                     {"error_id", error_id_of(status, error.field)},
                     {"details", std::move(details)},
                     {"timestamp", seconds}});
    };
}

tl::unexpected<Error> refuse_request(Error error) {
    if (error.code == ErrorCode::NotFound) error.code = ErrorCode::InvalidArgument;
    return tl::unexpected<Error>(std::move(error));
}

Result<model::UserId> CtidNgApi::Office::asking_user(const Request& request) const {
    const auto& uuid = caller_of(request).user_uuid();
    if (uuid.empty()) return refuse(ErrorCode::InvalidArgument, "token", "is no user's");
    const auto configuration = parts.configuration();
    const auto* user = configuration->user_by_uuid(uuid);
    if (user == nullptr) return refuse(ErrorCode::NotFound, "user", "is gone");
    return user->id;
}

Result<model::Voicemail> CtidNgApi::Office::voicemail_of(const Request& request) const {
    const auto configuration = parts.configuration();
    model::VoicemailId id;
    if (const auto text = request.path_parameter("voicemail_id"); !text.empty()) {
        id.value = whole_number<std::uint64_t>(text).value_or(0);
    } else {
        const auto user = asking_user(request);
        if (!user) return refuse_request(user.error());
        if (const auto* asking = configuration->find(*user)) id = asking->voicemail;
    }
    const auto* voicemail = configuration->find(id);
    if (voicemail == nullptr) return refuse(ErrorCode::NotFound, "voicemail", "is none");
    return *voicemail;
}

CtidNgApi::CtidNgApi(CtidNgParts parts)
    : office_(std::make_shared<const Office>(std::move(parts))),
      api_("ctid-ng", "1.0", "Almon ctid-ng",
           "Calls, transfers, messages and voicemails, seen and steered by programs. A call is one party's "
           "side of it.",
           9500) {
    api_.define("Error", {{"title", "Error"},
                          {"type", "object"},
                          {"properties",
                           {{"message", {{"type", "string"}}},
                            {"error_id", {{"type", "string"}}},
                            {"details", {{"type", "object"}}},
                            {"timestamp", {{"type", "number"}, {"format", "timestamp"}}}}}});
}

void CtidNgApi::add(http::Method method, std::string_view path, OperationText text, Handler handler) {
    http::RouteOptions options;
    options.runs_on = http::RunsOn::Pool;
    api_.add(
        method, path, std::move(text),
        [office = office_, handler](const Request& request) { return handler(*office, request); },
        std::move(options));
}

void CtidNgApi::add_upload(http::Method method, std::string_view path, OperationText text, Handler handler) {
    text.body = {{"type", "string"}, {"format", "binary"}};
    http::RouteOptions options;
    options.runs_on = http::RunsOn::Pool;
    options.take_body = [office = office_](const Request&) { return office->parts.audio->begin_upload(); };
    api_.add(
        method, path, std::move(text),
        [office = office_, handler](const Request& request) { return handler(*office, request); },
        std::move(options));
}

std::shared_ptr<const http::Service> CtidNgApi::finish() && {
    api_.serve_document();
    auto service = std::make_shared<http::Service>();
    service->name = "xivo-ctid-ng";
    service->prefix = "/1.0";
    service->router = api_.take_router();
    service->dialect = ctid_ng_dialect(office_->parts.now);
    service->before = [authenticate = office_->parts.authentication](Request& request,
                                                                     const http::Route& route) {
        // What plays sound in a page sends no headers of ours.
        if (route.options.produces == kRecordingType && !request.headers.contains("X-Auth-Token"))
            request.headers.set("X-Auth-Token", request.query.find("token").value_or(""));
        return authenticate(request, route);
    };
    service->cors.origins = {"*"};
    service->cors.allow_headers = {"Content-Type", "X-Auth-Token", "Accept"};
    return service;
}

std::shared_ptr<const http::Service> make_ctid_ng_service(CtidNgParts parts) {
    CtidNgApi ctid_ng(std::move(parts));
    for (const auto* name : {"call_id", "transfer_id", "user_uuid", "message_id", "greeting"})
        ctid_ng.api().is_text(name);
    add_status_route(ctid_ng);
    add_call_routes(ctid_ng);
    add_transfer_routes(ctid_ng);
    add_presence_routes(ctid_ng);
    add_chat_routes(ctid_ng);
    add_voicemail_routes(ctid_ng);
    add_greeting_routes(ctid_ng);
    return std::move(ctid_ng).finish();
}

}  // namespace almon::services
