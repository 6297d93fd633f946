// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/amid/amid.hpp"

#include <future>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "http/response.hpp"
#include "services/amid/manager_actions.hpp"
#include "services/api.hpp"

namespace almon::services {

namespace json = boost::json;
using http::Request;
using http::Response;

namespace {

std::optional<std::string> text_of(const json::value& value) {
    if (const auto* text = value.if_string()) return std::string(*text);
    if (value.is_bool() || value.is_number()) return json::serialize(value);
    return std::nullopt;
}

Result<void> add(ami::Message& message, std::string_view name, const json::value& value) {
    const auto wrong = [&] {
        return refuse(ErrorCode::InvalidArgument, std::string(name), "must be a text or a list of texts");
    };
    if (value.is_null()) return {};
    if (const auto text = text_of(value)) {
        message.add(name, *text);
        return {};
    }
    const auto* list = value.if_array();
    if (list == nullptr) return wrong();
    for (const auto& each : *list) {
        const auto text = text_of(each);
        if (!text) return wrong();
        message.add(name, *text);
    }
    return {};
}

/// A header that comes several times is a list.
json::object object_of(const ami::Message& message) {
    json::object object;
    for (const auto& [name, value] : message.headers()) {
        const auto [member, is_new] = object.emplace(name, value);
        if (is_new) continue;
        if (!member->value().is_array()) member->value() = json::array{std::move(member->value())};
        member->value().get_array().emplace_back(value);
    }
    return object;
}

/// Waits for the answer.
ami::Reply perform(const ManagerDesk& desk, const ami::Message& message) {
    const auto* action = manager_action(message.find("Action"));
    if (action == nullptr || action->perform == nullptr)
        return ami::Reply::error(
            fmt::format("Invalid/unknown command: {}. Use Action: ListCommands to show available commands.",
                        message.find("Action")));
    std::promise<ami::Reply> answered;
    action->perform(desk, message, [&](ami::Reply reply) { answered.set_value(std::move(reply)); });
    return answered.get_future().get();
}

Result<Response> act(const ManagerDesk& desk, const Request& request) {
    auto message = action_message(request.path_parameter("action"), request.body);
    if (!message) return refuse(message);
    // Whoever waits for a telephone holds up others here.
    message->insert(1, "Async", "true");
    const auto reply = perform(desk, *message);
    json::array answer{object_of(reply.response)};
    for (const auto& event : reply.events)
        answer.push_back(object_of(event));
    return Response::json(200, std::move(answer));
}

Result<Response> command(const ManagerDesk& desk, const Request& request) {
    const auto message = action_message("Command", request.body);
    if (!message) return refuse(message);
    if (message->find("command").empty()) return refuse(ErrorCode::InvalidArgument, "command", "is missing");
    const auto reply = perform(desk, *message);
    json::array lines;
    for (const auto line : reply.response.all("Output"))
        lines.emplace_back(line);
    return Response::json(200, {{"response", std::move(lines)}});
}

void define_schemas(Api& api) {
    const json::object text{{"type", "string"}};
    api.define("ActionArguments", {{"type", "object"}, {"properties", json::object{}}});
    api.define("Command",
               {{"type", "object"}, {"properties", {{"command", text}}}, {"required", {"command"}}});
    api.define("CommandResponse",
               {{"type", "object"}, {"properties", {{"response", {{"type", "array"}, {"items", text}}}}}});
    api.define("Response", {{"type", "array"}, {"items", {{"type", "object"}}}});
    api.define("Error", {{"type", "object"},
                         {"properties",
                          {{"message", text},
                           {"error_id", text},
                           {"details", {{"type", "object"}}},
                           {"timestamp", {{"type", "number"}, {"format", "timestamp"}}}}}});
}

}  // namespace

Result<ami::Message> action_message(std::string_view action, std::string_view body) {
    ami::Message message;
    message.add("Action", action);
    if (body.empty()) return message;
    json::error_code error;
    const auto parsed = json::parse(body, error);
    if (!error && parsed.is_null()) return message;
    if (error || !parsed.is_object())
        return refuse(ErrorCode::Malformed, "", "The body must be a JSON object");
    for (const auto& [name, value] : parsed.get_object()) {
        if (ami::same_name(name, "Action") || ami::same_name(name, "ActionID")) continue;
        if (const auto added = add(message, name, value); !added) return refuse(added);
    }
    return message;
}

std::shared_ptr<const http::Service> make_amid_service(AmidParts parts) {
    Api api("amid", "1.0", "Almon amid", "Actions of the manager (AMI), for programs with a token.", 9491);
    api.is_text("action");
    define_schemas(api);
    const auto desk = std::make_shared<const ManagerDesk>(std::move(parts.desk));
    const auto add_route = [&](std::string_view path, OperationText text,
                               Result<Response> (*handler)(const ManagerDesk&, const Request&)) {
        api.add(http::Method::Post, path, std::move(text),
                [desk, handler](const Request& request) { return handler(*desk, request); },
                {.runs_on = http::RunsOn::Pool});
    };
    add_route("/action/Command",
              {.id = "command",
               .summary = "Say something to the command line, which changes nothing",
               .tag = "command",
               .body = reference_to("Command"),
               .responses = {{200, reference_to("CommandResponse")},
                             {400, reference_to("Error")},
                             {401, reference_to("Error")},
                             {503, reference_to("Error")}}},
              command);
    add_route("/action/{action}",
              {.id = "action",
               .summary = "Have an action done",
               .tag = "action",
               .body = reference_to("ActionArguments"),
               .body_required = false,
               .responses = {{200, reference_to("Response")},
                             {400, reference_to("Error")},
                             {401, reference_to("Error")},
                             {503, reference_to("Error")}}},
              act);
    api.serve_document();
    auto service = std::make_shared<http::Service>();
    service->name = "xivo-amid";
    service->prefix = "/1.0";
    service->router = api.take_router();
    service->dialect = std::move(parts.dialect);
    service->before = std::move(parts.authentication);
    service->cors.origins = {"*"};
    service->cors.allow_headers = {"Content-Type", "X-Auth-Token", "Accept"};
    return service;
}

}  // namespace almon::services
