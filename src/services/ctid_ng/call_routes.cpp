// SPDX-License-Identifier: GPL-3.0-or-later
// Calls: listed, made, moved and ended (API-135, API-136).
#include <utility>

#include "services/ctid_ng/ctid_ng_api.hpp"
#include "services/ctid_ng/request_bodies.hpp"
#include "services/events/call_view.hpp"

namespace almon::services {

namespace json = boost::json;
using http::Request;
using http::Response;
using Office = CtidNgApi::Office;

namespace {

tl::unexpected<Error> no_such_call() {
    return refuse(ErrorCode::NotFound, "call", "is not up");
}

/// Of `user` alone, unless that is none; those that the query asks for.
Result<Response> list(const Office& office, const Request& request, model::UserId user) {
    const auto application = request.query.find("application");
    const auto instance = request.query.find("application_instance");
    return office.look([&](const LiveView& view) -> Result<Response> {
        json::array items;
        for (const auto* call : view.calls.in_order()) {
            const bool asked_for = (!user || call->user == user) &&
                                   (!application || call->application == *application) &&
                                   (!instance || call->application_data == *instance);
            if (asked_for) items.push_back(whole_call_json(*call, view.calls, view.configuration));
        }
        return Response::json(200, {{"items", std::move(items)}});
    });
}

/// A call as it is now; NotFound: it is not up.
Result<json::object> shown(const Office& office, std::string_view id) {
    return office.look([&](const LiveView& view) -> Result<json::object> {
        const auto* call = view.calls.find(id);
        if (call == nullptr) return no_such_call();
        return whole_call_json(*call, view.calls, view.configuration);
    });
}

Result<Response> list_all(const Office& office, const Request& request) {
    return list(office, request, {});
}

Result<Response> list_own(const Office& office, const Request& request) {
    const auto user = office.asking_user(request);
    if (!user) return refuse(user);
    return list(office, request, *user);
}

Result<Response> show(const Office& office, const Request& request) {
    auto call = shown(office, request.path_parameter("call_id"));
    if (!call) return refuse(call);
    return Response::json(200, *std::move(call));
}

Result<Response> make(const Office& office, model::UserId user, CallBody body) {
    const pbx::CallOrder order{user, body.line, std::move(body.exten), std::move(body.context),
                               std::move(body.variables)};
    const auto made = office.order([&](pbx::CallCore& core) { return core.originate(order); });
    if (!made) return refuse_request(made.error());
    return Response::json(201, {{"call_id", *made}});
}

Result<Response> create(const Office& office, const Request& request) {
    auto body = CallBody::parse(request.body);
    if (!body) return refuse(body);
    const auto configuration = office.parts.configuration();
    const auto* user = configuration->user_by_uuid(body->user);
    if (user == nullptr) return refuse(ErrorCode::InvalidArgument, "user", "is no user");
    return make(office, user->id, *std::move(body));
}

Result<Response> create_own(const Office& office, const Request& request) {
    const auto user = office.asking_user(request);
    if (!user) return refuse_request(user.error());
    auto body = CallBody::parse_own(request.body);
    if (!body) return refuse(body);
    return make(office, *user, *std::move(body));
}

Result<Response> hang_up(const Office& office, const Request& request) {
    const auto ended = office.order(
        [id = request.path_parameter("call_id")](pbx::CallCore& core) { return core.hang_up(id); });
    if (!ended) return refuse(ended);
    return Response::empty(204);
}

Result<Response> hang_up_own(const Office& office, const Request& request) {
    const auto user = office.asking_user(request);
    if (!user) return refuse_request(user.error());
    const auto is_own = office.look([&](const LiveView& view) -> Result<bool> {
        const auto* call = view.calls.find(request.path_parameter("call_id"));
        if (call == nullptr) return no_such_call();
        return call->user == *user;
    });
    if (!is_own) return refuse(is_own);
    if (!*is_own) return refuse(ErrorCode::Forbidden, "call_id", "is a call of somebody else");
    return hang_up(office, request);
}

Result<Response> connect(const Office& office, const Request& request) {
    const auto configuration = office.parts.configuration();
    const auto* user = configuration->user_by_uuid(request.path_parameter("user_uuid"));
    if (user == nullptr) return refuse(ErrorCode::NotFound, "user_uuid", "is no user");
    const auto rings = office.order(
        [&](pbx::CallCore& core) { return core.connect(request.path_parameter("call_id"), user->id); });
    if (!rings) return refuse(rings);
    auto call = shown(office, *rings);
    if (!call) return refuse(call);
    return Response::json(200, *std::move(call));
}

json::object text_property() {
    return {{"type", "string"}};
}

void define_schemas(Api& api) {
    const json::object texts{{"type", "array"}, {"items", text_property()}};
    const json::object users_by_call{{"type", "object"}, {"properties", {{"{channel_id}", text_property()}}}};
    api.define("TalkingTo", users_by_call);
    api.define("Call",
               {{"title", "Call"},
                {"type", "object"},
                {"properties",
                 {{"bridges", texts},
                  {"call_id", text_property()},
                  {"caller_id_name", text_property()},
                  {"caller_id_number", text_property()},
                  {"creation_time", {{"type", "string"}, {"format", "date-time"}}},
                  {"on_hold", {{"type", "boolean"}, {"description", "The party has put the other on hold"}}},
                  {"peer_caller_id_name", text_property()},
                  {"peer_caller_id_number", text_property()},
                  {"status", text_property()},
                  {"talking_to", reference_to("TalkingTo")},
                  {"user_uuid", text_property()}}}});
    api.define("Calls", {{"type", "object"},
                         {"properties", {{"items", {{"type", "array"}, {"items", reference_to("Call")}}}}}});
    api.define("CallID", {{"type", "object"}, {"properties", {{"call_id", text_property()}}}});
    const json::object variables{{"type", "object"},
                                 {"description", "Texts that the call keeps, for its trace and its events"}};
    const json::object line{
        {"type", "integer"},
        {"description", "A line of the user, whose phone rings; the main one by default"}};
    api.define(
        "CallRequest",
        {{"title", "CallRequest"},
         {"type", "object"},
         {"required", {"destination", "source"}},
         {"properties",
          {{"destination",
            {{"type", "object"},
             {"properties",
              {{"context", text_property()},
               {"extension", text_property()},
               {"priority", {{"type", "integer"}, {"description", "1, where given"}}}}}}},
           {"source", {{"type", "object"}, {"properties", {{"line_id", line}, {"user", text_property()}}}}},
           {"variables", variables}}}});
    api.define(
        "UserCallRequest",
        {{"title", "UserCallRequest"},
         {"type", "object"},
         {"required", {"extension"}},
         {"properties", {{"extension", text_property()}, {"line_id", line}, {"variables", variables}}}});
}

std::vector<json::object> filters() {
    const auto filter = [](const char* name, const char* says) {
        return json::object{
            {"name", name}, {"in", "query"}, {"required", false}, {"type", "string"}, {"description", says}};
    };
    return {
        filter("application", "Only calls on which this runs: Dial, Playback ..."),
        filter("application_instance", "Only calls where it runs with these arguments, joined by commas")};
}

}  // namespace

void add_call_routes(CtidNgApi& ctid_ng) {
    using enum http::Method;
    define_schemas(ctid_ng.api());
    const auto list_text = [](const char* id, const char* summary) {
        return OperationText{.id = id,
                             .summary = summary,
                             .tag = "calls",
                             .responses = {{200, reference_to("Calls")}, {503, {}}},
                             .parameters = filters()};
    };
    const auto make_text = [](const char* id, const char* summary, const char* body) {
        return OperationText{.id = id,
                             .summary = summary,
                             .tag = "calls",
                             .body = reference_to(body),
                             .responses = {{201, reference_to("CallID")}, {400, {}}, {503, {}}}};
    };
    ctid_ng.add(Get, "/calls", list_text("list_calls", "All calls that are up"), list_all);
    ctid_ng.add(Post, "/calls", make_text("create_call", "Calls a number for a user", "CallRequest"), create);
    ctid_ng.add(Get, "/calls/{call_id}",
                {.id = "get_call",
                 .summary = "One call",
                 .tag = "calls",
                 .responses = {{200, reference_to("Call")}, {404, {}}, {503, {}}}},
                show);
    ctid_ng.add(Delete, "/calls/{call_id}",
                {.id = "hangup_call",
                 .summary = "Hangs a call up",
                 .tag = "calls",
                 .responses = {{204, {}}, {404, {}}, {503, {}}}},
                hang_up);
    ctid_ng.add(
        Put, "/calls/{call_id}/user/{user_uuid}",
        {.id = "connect_user",
         .summary = "Sends the party of a call to a user; whoever it talks to is free when the user answers",
         .tag = "calls",
         .responses = {{200, reference_to("Call")}, {404, {}}, {409, {}}, {503, {}}}},
        connect);
    ctid_ng.add(Get, "/users/me/calls", list_text("list_user_calls", "Calls of who asks"), list_own);
    ctid_ng.add(Post, "/users/me/calls",
                make_text("create_user_call", "Calls a number for who asks", "UserCallRequest"), create_own);
    ctid_ng.add(Delete, "/users/me/calls/{call_id}",
                {.id = "hangup_user_call",
                 .summary = "Hangs a call of who asks up",
                 .tag = "calls",
                 .responses = {{204, {}}, {403, {}}, {404, {}}, {503, {}}}},
                hang_up_own);
}

}  // namespace almon::services
