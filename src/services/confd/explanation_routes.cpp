// SPDX-License-Identifier: GPL-3.0-or-later
// Where a call would go and why, without making it: with the configuration as it is, as it was, or as it
// would be after a batch of changes.

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "model/endpoint_sip.hpp"
#include "model/trunk.hpp"
#include "pbx/rehearsal.hpp"
#include "services/confd/association.hpp"
#include "services/local_time.hpp"
#include "services/moment.hpp"

namespace almon::services {

namespace json = boost::json;
using model::Snapshot;

namespace {

using Configuration = std::shared_ptr<const Snapshot>;

/// What people dial, with room to spare.
constexpr std::size_t kLongestNumber = 80;

json::object typed(const char* type) {
    return {{"type", type}};
}

Error wrong(std::string field, std::string reason) {
    return {ErrorCode::InvalidArgument, std::move(field), std::move(reason)};
}

/// An optional text; null is none.
Result<std::string> text_in(const json::object& object, std::string_view name, const std::string& field) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || value->is_null()) return std::string();
    auto text = model::codec::text(*value);
    if (!text) return tl::unexpected(wrong(field, text.error().reason));
    if (text->size() > kLongestNumber) return tl::unexpected(wrong(field, "is too long"));
    return text;
}

/// An id as a number or a text; a uuid.
Result<std::string> name_in(const json::value& value, const std::string& field) {
    if (value.is_int64()) return std::to_string(value.get_int64());
    auto text = model::codec::text(value);
    if (!text) return tl::unexpected(wrong(field, "must be an id or a uuid"));
    return text;
}

// Who calls

Result<void> call_of_user(const std::string& name, const Snapshot& snapshot, pbx::RehearsedCall& call) {
    const auto found = find_named(model::declaration_of<model::User>(), name, snapshot);
    if (!found) return tl::unexpected(wrong("from.user", '\'' + name + "' does not exist"));
    const auto& lines = snapshot.lines_of_user(static_cast<const model::User*>(found->resource.get())->id);
    if (lines.empty()) return tl::unexpected(wrong("from.user", '\'' + name + "' has no line"));
    call.line = lines.front();
    return {};
}

Result<void> call_of_line(const std::string& name, const Snapshot& snapshot, pbx::RehearsedCall& call) {
    const auto found = find_named(model::declaration_of<model::Line>(), name, snapshot);
    if (!found) return tl::unexpected(wrong("from.line", '\'' + name + "' does not exist"));
    call.line = static_cast<const model::Line*>(found->resource.get())->id;
    return {};
}

Result<void> call_from_outside(const json::object& from, const Snapshot& snapshot, pbx::RehearsedCall& call) {
    auto context = text_in(from, "context", "from.context");
    if (!context) return refuse(context);
    if (snapshot.context(*context) == nullptr)
        return tl::unexpected(wrong("from.context", '\'' + *context + "' does not exist"));
    auto number = text_in(from, "number", "from.number");
    if (!number) return refuse(number);
    auto name = text_in(from, "name", "from.name");
    if (!name) return refuse(name);
    call.context = *std::move(context);
    call.caller = {*std::move(name), *std::move(number), false};
    return {};
}

Result<void> take_caller(const json::object& body, const Snapshot& snapshot, pbx::RehearsedCall& call) {
    const auto* given = body.if_contains("from");
    if (given == nullptr || !given->is_object())
        return tl::unexpected(wrong("from", "must be an object with user, line or context"));
    const auto& from = given->get_object();
    int ways = 0;
    for (const auto& [name, unused] : from) {
        if (name == "user" || name == "line" || name == "context")
            ++ways;
        else if (name != "number" && name != "name")
            return tl::unexpected(wrong("from." + std::string(name), "is not known here"));
    }
    if (ways != 1) return tl::unexpected(wrong("from", "must have one of user, line and context"));
    if (from.contains("context")) return call_from_outside(from, snapshot, call);
    if (from.size() != 1)
        return tl::unexpected(wrong("from", "can have number and name with a context only"));
    const bool is_user = from.contains("user");
    const auto name = name_in(from.begin()->value(), is_user ? "from.user" : "from.line");
    if (!name) return refuse(name);
    return is_user ? call_of_user(*name, snapshot, call) : call_of_line(*name, snapshot, call);
}

Result<void> take_number(const json::object& body, pbx::RehearsedCall& call) {
    auto to = text_in(body, "to", "to");
    if (!to) return refuse(to);
    if (to->empty()) return tl::unexpected(wrong("to", "is missing"));
    if (to->find_first_of(" \t\r\n@<>\"") != std::string::npos)
        return tl::unexpected(wrong("to", "must be what is dialled"));
    call.exten = *std::move(to);
    return {};
}

Result<void> take_moment(const json::object& body, UtcTime now, pbx::RehearsedCall& call) {
    call.when = now;
    const auto when = text_in(body, "when", "when");
    if (!when) return refuse(when);
    if (when->empty()) return {};
    const auto moment = parse_moment(*when);
    if (!moment) return tl::unexpected(wrong("when", "must be like 2016-07-22T13:44:05+02:00"));
    call.when = *moment;
    return {};
}

// With which configuration

Result<Configuration> as_it_was(store::ConfigurationStore& store, const json::value& change) {
    const auto number = model::codec::integer(change);
    if (!number || *number < 0) return tl::unexpected(wrong("change", "must be the number of a change"));
    auto then = store.as_of(static_cast<std::uint64_t>(*number));
    if (then || then.error().code == ErrorCode::Unavailable) return then;
    return tl::unexpected(wrong("change", then.error().reason));
}

tl::expected<Configuration, Errors> as_it_would_be(const ConfdParts& parts, const Planner& planner,
                                                   const http::Request& request, const json::value& batch) {
    http::Request inner;
    inner.method = http::Method::Post;
    inner.body = json::serialize(batch);
    inner.caller = request.caller;
    inner.remote = request.remote;
    inner.secure = request.secure;
    auto plan = planner(inner, *parts.store.current());
    if (!plan) {
        for (auto& error : plan.error())
            error.field = error.field.empty() ? "batch" : "batch." + error.field;
        return tl::unexpected(std::move(plan.error()));
    }
    if (plan->operations.empty()) return parts.store.current();
    auto then = parts.store.would_be({"nobody", std::move(plan->operations)}, parts.now());
    if (!then) return refused(then.error());
    return *std::move(then);
}

tl::expected<Configuration, Errors> configuration_in(const ConfdParts& parts, const Planner& planner,
                                                     const http::Request& request, const json::object& body) {
    const auto* change = body.if_contains("change");
    const auto* batch = body.if_contains("batch");
    if (change != nullptr && batch != nullptr)
        return refused(wrong("batch", "cannot be explained together with change"));
    if (batch != nullptr) return as_it_would_be(parts, planner, request, *batch);
    if (change == nullptr) return parts.store.current();
    auto then = as_it_was(parts.store, *change);
    if (!then) return refused(then.error());
    return *std::move(then);
}

// What is told

double seconds(std::chrono::milliseconds time) {
    return std::chrono::duration<double>(time).count();
}

/// Whose telephone it is.
void write_owner(json::object& ring, const pbx::Rehearsal::Ring& told, const Snapshot& snapshot) {
    if (told.technology != "SIP") return;
    const auto* endpoint = snapshot.endpoint_sip_by_username(told.endpoint);
    if (endpoint == nullptr) return;
    if (const auto* line = snapshot.line_of_endpoint(endpoint->id)) {
        ring["line_id"] = line->id.value;
        const auto& users = snapshot.users_of_line(line->id);
        if (const auto* user = users.empty() ? nullptr : snapshot.user(users.front())) {
            ring["user_id"] = user->id.value;
            ring["user_uuid"] = user->uuid;
        }
    } else if (const auto* trunk = snapshot.first_naming<model::Trunk>(endpoint->id)) {
        ring["trunk_id"] = trunk->id.value;
    }
}

json::object to_json(const pbx::Rehearsal& told, const pbx::RehearsedCall& call, const Snapshot& snapshot) {
    json::array steps, rings;
    for (const auto& step : told.steps)
        steps.push_back(json::object{{"after", seconds(step.after)}, {"text", step.text}});
    for (const auto& one : told.rings) {
        json::object ring{{"after", seconds(one.after)},
                          {"endpoint", one.technology + '/' + one.endpoint},
                          {"caller_id", {{"name", one.caller.name}, {"number", one.caller.number}}}};
        write_owner(ring, one, snapshot);
        rings.push_back(std::move(ring));
    }
    json::object object{{"change", snapshot.change()},
                        {"when", utc_iso_text(call.when) + 'Z'},
                        {"steps", std::move(steps)},
                        {"rings", std::move(rings)},
                        {"answered", told.answered},
                        {"ended", told.ended},
                        {"cause", nullptr}};
    if (told.ended)
        object["cause"] =
            json::object{{"code", static_cast<int>(told.cause)}, {"text", pbx::text_of(told.cause)}};
    return object;
}

void define_documents(Api& api) {
    const auto described = [](json::object schema, const char* text) {
        schema["description"] = text;
        return schema;
    };
    api.define(
        "CallQuestion",
        {{"title", "CallQuestion"},
         {"type", "object"},
         {"required", {"from", "to"}},
         {"properties",
          {{"from",
            {{"type", "object"},
             {"description",
              "Who calls: one of user, line and context; number and name of one from outside with a context"},
             {"properties",
              {{"user", described(typed("string"), "Id or uuid")},
               {"line", typed("integer")},
               {"context", typed("string")},
               {"number", typed("string")},
               {"name", typed("string")}}}}},
           {"to", described(typed("string"), "What is dialled")},
           {"when",
            {{"type", "string"}, {"format", "date-time"}, {"description", "Now, where it is left out"}}},
           {"change", described(typed("integer"), "With the configuration as this change left it")},
           {"batch", described(typed("object"), "With what this body of /batch would make of it")}}}});
    json::object step{{"type", "object"},
                      {"properties", {{"after", typed("number")}, {"text", typed("string")}}}};
    json::object ring{
        {"type", "object"},
        {"properties",
         {{"after", typed("number")},
          {"endpoint", typed("string")},
          {"caller_id",
           {{"type", "object"}, {"properties", {{"name", typed("string")}, {"number", typed("string")}}}}},
          {"line_id", typed("integer")},
          {"user_id", typed("integer")},
          {"user_uuid", typed("string")},
          {"trunk_id", typed("integer")}}}};
    api.define("CallExplanation",
               {{"title", "CallExplanation"},
                {"type", "object"},
                {"properties",
                 {{"change", described(typed("integer"), "The configuration that it is told with")},
                  {"when", {{"type", "string"}, {"format", "date-time"}}},
                  {"steps", {{"type", "array"}, {"items", std::move(step)}}},
                  {"rings", {{"type", "array"}, {"items", std::move(ring)}}},
                  {"answered", described(typed("boolean"), "By a menu, a mailbox, a queue")},
                  {"ended", described(typed("boolean"), "False: it rings as long as the caller waits")},
                  {"cause",
                   {{"type", "object"},
                    {"description", "Why it ended (Q.850)"},
                    {"properties", {{"code", typed("integer")}, {"text", typed("string")}}}}}}}});
}

}  // namespace

void add_explanation_routes(ConfdApi& confd) {
    if (!confd.parts().rehearse) return;
    define_documents(confd.api());
    confd.handle(
        http::Method::Post, "/calls/explain",
        {.id = "explain_call",
         .summary = "Where a call would go and why, step by step, without making it",
         .tag = "calls",
         .body = reference_to("CallQuestion"),
         .responses = {{200, reference_to("CallExplanation")}, {400, {}}, {403, {}}, {404, {}}}},
        [parts = confd.parts(),
         planner = confd.batch_planner()](const http::Request& request) -> Result<http::Response> {
            const auto body = associations::object_with(request, {"from", "to", "when", "change", "batch"});
            if (!body) return refusal(body.error());
            const auto configuration = configuration_in(parts, planner, request, *body);
            if (!configuration) return refusal(configuration.error());
            pbx::RehearsedCall call;
            const Snapshot& snapshot = **configuration;
            if (const auto taken = take_caller(*body, snapshot, call); !taken) return refuse(taken);
            if (const auto taken = take_number(*body, call); !taken) return refuse(taken);
            if (const auto taken = take_moment(*body, parts.now(), call); !taken) return refuse(taken);
            return http::Response::json(200, to_json(parts.rehearse(*configuration, call), call, snapshot));
        });
}

}  // namespace almon::services
