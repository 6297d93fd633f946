// SPDX-License-Identifier: GPL-3.0-or-later
// The deprecated way to a line and its SIP account as one thing (API-081).

#include <utility>

#include <fmt/format.h>

#include "services/confd/association.hpp"
#include "services/confd/resource_view.hpp"

namespace almon::services {

namespace json = boost::json;
using model::EndpointSip;
using model::Line;
using model::Snapshot;

namespace {

using namespace associations;  // NOLINT(google-build-using-namespace): this file is made of them

constexpr const char* kTitle = "LineSip";

json::value text_or_null(const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

/// `"Alice Martin" <1001>`
std::string caller_id_of(const Line& line) {
    if (line.caller_id_name.empty()) return {};
    if (line.caller_id_number.empty()) return fmt::format("\"{}\"", line.caller_id_name);
    return fmt::format("\"{}\" <{}>", line.caller_id_name, line.caller_id_number);
}

json::object shown(const Line& line, const EndpointSip& endpoint) {
    return {{"id", line.id.value},
            {"context", line.context},
            {"device_slot", line.position},
            {"provisioning_extension", text_or_null(line.provisioning_code)},
            {"username", endpoint.username},
            {"secret", endpoint.secret},
            {"callerid", text_or_null(caller_id_of(line))}};
}

const EndpointSip* endpoint_of(const Line& line, const Snapshot& snapshot) {
    return snapshot.endpoint_sip(line.endpoint_sip);
}

/// Takes what reads back as it was given.
Result<void> take_caller_id(const json::value& value, Line& line) {
    std::string given;
    if (!value.is_null()) {
        auto text = model::codec::text(value);
        if (!text) return refuse(text);
        given = *std::move(text);
    }
    std::string_view name = given, number;
    if (const auto open = name.rfind(" <"); open != std::string_view::npos && name.ends_with('>')) {
        number = name.substr(open + 2, name.size() - open - 3);
        name = name.substr(0, open);
    }
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
    const auto& declaration = model::declaration_of<Line>();
    for (const auto& [field, text] :
         {std::pair{"caller_id_name", name}, std::pair{"caller_id_num", number}}) {
        if (const auto taken = declaration.find(field)->take(&line, json::value(text)); !taken) return taken;
    }
    if (caller_id_of(line) != given)
        return refuse(ErrorCode::InvalidArgument, "", R"(must be like "Alice Martin" <1001>)");
    return {};
}

tl::expected<Plan, Errors> taken(const http::Request& request, const Line& before, EndpointSip endpoint,
                                 const Snapshot& snapshot, bool is_new) {
    const auto body = object_with(request, {"id", "context", "device_slot", "provisioning_extension",
                                            "username", "secret", "callerid"});
    if (!body) return tl::unexpected<Errors>(body.error());
    Line line = before;
    Errors wrong;
    const auto take = [&](const char* name, const char* field, const auto& declaration, void* resource,
                          bool is_required) {
        const auto* given = body->if_contains(name);
        if (given == nullptr) {
            if (is_new && is_required) wrong.push_back({ErrorCode::InvalidArgument, name, "is missing"});
            return;
        }
        if (const auto sound = declaration.find(field)->take(resource, *given); !sound)
            wrong.push_back({sound.error().code, name, sound.error().reason});
    };
    const auto& lines = model::declaration_of<Line>();
    const auto& endpoints = model::declaration_of<EndpointSip>();
    take("context", "context", lines, &line, true);
    take("device_slot", "position", lines, &line, true);
    take("provisioning_extension", "provisioning_code", lines, &line, false);
    take("username", "username", endpoints, &endpoint, false);
    take("secret", "secret", endpoints, &endpoint, false);
    if (const auto* caller_id = body->if_contains("callerid")) {
        if (const auto sound = take_caller_id(*caller_id, line); !sound)
            wrong.push_back({sound.error().code, "callerid", sound.error().reason});
    }
    if (!line.context.empty() && snapshot.context(line.context) == nullptr)
        wrong.push_back({ErrorCode::InvalidArgument, "context", "'" + line.context + "' does not exist"});
    if (!wrong.empty()) return tl::unexpected<Errors>(std::move(wrong));
    line.endpoint_sip = endpoint.id;
    auto plan = done();
    change(plan, std::move(endpoint), snapshot);
    change(plan, std::move(line), snapshot);
    return plan;
}

/// A line that has no SIP account is none of these.
tl::unexpected<Error> not_found(const Line& line) {
    return refuse(ErrorCode::NotFound, kTitle, fmt::format("{} was not found", line.id.value));
}

OperationText deprecated(std::string id, std::string summary) {
    return {.id = std::move(id),
            .summary = std::move(summary),
            .tag = "deprecated",
            .deprecated = true,
            .acl = "confd.#"};
}

}  // namespace

void add_line_sip_routes(ConfdApi& confd) {
    const json::object text{{"type", "string"}};
    const json::object optional{{"type", "string"}, {"x-nullable", true}};
    confd.api().define(kTitle, {{"title", kTitle},
                                {"type", "object"},
                                {"required", json::array{"context", "device_slot"}},
                                {"properties",
                                 {{"id", integer(true)},
                                  {"context", text},
                                  {"device_slot", integer()},
                                  {"provisioning_extension", optional},
                                  {"username", optional},
                                  {"secret", optional},
                                  {"callerid", optional}}}});
    confd.api().define("LineSipItems", items_of(kTitle));
    const auto schema = reference_to(kTitle);

    auto list = deprecated("list_line_sip", "All lines with a SIP account");
    list.responses = {{200, reference_to("LineSipItems")}};
    confd.read("/lines_sip", std::move(list),
               [](const http::Request&, const Snapshot& snapshot) -> Result<http::Response> {
                   json::array all;
                   snapshot.for_each<Line>([&](const Line& line) {
                       if (const auto* endpoint = endpoint_of(line, snapshot))
                           all.push_back(shown(line, *endpoint));
                   });
                   return items(std::move(all));
               });
    auto create = deprecated("create_line_sip", "Create a line with a SIP account");
    create.body = schema;
    create.responses = {{201, schema}, {400, {}}};
    confd.write(http::Method::Post, "/lines_sip", std::move(create),
                [&store = confd.parts().store](const http::Request& request,
                                               const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                    Line line;
                    EndpointSip endpoint;
                    line.id = store.reserve<Line>();
                    endpoint.id = store.reserve<EndpointSip>();
                    auto plan = taken(request, line, endpoint, snapshot, true);
                    if (!plan) return plan;
                    plan->answer = [line = line.id, endpoint = endpoint.id](const Snapshot& after) {
                        const auto* made = after.line(line);
                        const auto* account = after.endpoint_sip(endpoint);
                        if (made == nullptr || account == nullptr) return http::Response::empty(404);
                        return http::Response::json(201, shown(*made, *account))
                            .with("Location", fmt::format("/1.1/lines_sip/{}", line.value));
                    };
                    return plan;
                });
    auto get = deprecated("get_line_sip", "A line with a SIP account");
    get.responses = {{200, schema}, {404, {}}};
    read_one<Line>(confd, "/lines_sip/{line_id}", std::move(get),
                   [](const Line& line, const Snapshot& snapshot) -> Result<http::Response> {
                       const auto* endpoint = endpoint_of(line, snapshot);
                       if (endpoint == nullptr) return not_found(line);
                       return http::Response::json(200, shown(line, *endpoint));
                   });
    auto update = deprecated("update_line_sip", "Change a line with a SIP account");
    update.body = schema;
    write_one<Line>(confd, http::Method::Put, "/lines_sip/{line_id}", std::move(update),
                    [](const Line& line, const http::Request& request,
                       const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                        const auto* endpoint = endpoint_of(line, snapshot);
                        if (endpoint == nullptr) return refused(not_found(line).value());
                        return taken(request, line, *endpoint, snapshot, false);
                    });
    auto erase_one = deprecated("delete_line_sip", "Delete a line with a SIP account");
    // The documents want a body here, which nobody needs.
    erase_one.body = reference_to("AgentQueue");
    erase_one.body_required = false;
    write_one<Line>(
        confd, http::Method::Delete, "/lines_sip/{line_id}", std::move(erase_one),
        [](const Line& line, const http::Request&, const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
            const auto* endpoint = endpoint_of(line, snapshot);
            if (endpoint == nullptr) return refused(not_found(line).value());
            auto plan = done();
            erase(plan, line);
            erase(plan, *endpoint);
            return plan;
        });
}

}  // namespace almon::services
