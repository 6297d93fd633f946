// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctid/ctid.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include "base/whole_number.hpp"
#include "model/line.hpp"
#include "model/user.hpp"
#include "services/api.hpp"

namespace almon::services {

namespace json = boost::json;
using http::Request;
using http::Response;

namespace {

/// Of the protocol of its clients, as 16.16 had it.
constexpr std::string_view kProtocolVersion = "2.2";

class Ctid {
public:
    explicit Ctid(CtidParts parts) : parts_(std::move(parts)) {}

    [[nodiscard]] Response show_infos() const {
        return Response::json(
            200, {{"uuid", parts_.feed.installation_uuid()}, {"cti_protocol_version", kProtocolVersion}});
    }
    [[nodiscard]] Response list_users() const {
        json::array items;
        const auto configuration = parts_.configuration();
        configuration->for_each<model::User>(
            [&](const model::User& user) { items.push_back(user_json(user)); });
        return Response::json(200, {{"items", std::move(items)}});
    }
    [[nodiscard]] Result<Response> show_user(const Request& request) const {
        const auto configuration = parts_.configuration();
        const auto name = request.path_parameter("user_id");
        const auto id = whole_number<std::uint64_t>(name);
        const auto* user =
            id ? configuration->user(model::UserId{*id}) : configuration->user_by_uuid(std::string(name));
        if (user == nullptr) return refuse(ErrorCode::NotFound, "User", "was not found");
        return Response::json(200, user_json(*user));
    }
    [[nodiscard]] Result<Response> show_endpoint(const Request& request) const {
        const auto id = whole_number<std::uint64_t>(request.path_parameter("endpoint_id"));
        std::optional<LineStatus> status;
        const auto asked = parts_.feed.ask([&](const LiveView& view) {
            const auto* line = id ? view.configuration.line(model::LineId{*id}) : nullptr;
            if (line != nullptr) status = view.status_of(*line);
        });
        if (!asked) return refuse(asked);
        if (!status) return refuse(ErrorCode::NotFound, "Endpoint", "was not found");
        return Response::json(200, {{"id", *id},
                                    {"origin_uuid", parts_.feed.installation_uuid()},
                                    {"status", static_cast<int>(*status)}});
    }

private:
    [[nodiscard]] json::object user_json(const model::User& user) const {
        return {{"id", user.id.value},
                {"user_uuid", user.uuid},
                {"origin_uuid", parts_.feed.installation_uuid()},
                {"presence", parts_.presences.of(user.uuid)}};
    }

    CtidParts parts_;
};

void define_schemas(Api& api) {
    const json::object text{{"type", "string"}};
    const json::object integer{{"type", "integer"}};
    const json::object uuid{{"type", "string"}, {"format", "uuid"}};
    const auto object = [](const char* title, json::object properties) {
        return json::object{{"title", title}, {"type", "object"}, {"properties", std::move(properties)}};
    };
    api.define("Error", {{"title", "Error message"},
                         {"type", "object"},
                         {"properties",
                          {{"reason", {{"type", "array"}, {"items", text}}},
                           {"timestamp", {{"type", "array"}, {"items", {{"type", "number"}}}}},
                           {"status_code", integer}}}});
    api.define("Info", object("Info", {{"uuid", uuid}, {"cti_protocol_version", text}}));
    api.define("User",
               object("CTI User",
                      {{"id", integer}, {"user_uuid", uuid}, {"origin_uuid", uuid}, {"presence", text}}));
    api.define("Endpoint", object("Endpoint", {{"id", integer}, {"origin_uuid", uuid}, {"status", integer}}));
}

}  // namespace

std::shared_ptr<const http::Service> make_ctid_service(CtidParts parts) {
    using enum http::Method;
    Api api("ctid", "0.1", "Almon ctid",
            "What users are for the others and the state of lines, for programs of this machine. ctid-ng "
            "tells the same to who says who he is.",
            9495);
    define_schemas(api);
    auto service = std::make_shared<http::Service>();
    service->name = "xivo-ctid";
    service->prefix = "/0.1";
    service->dialect = parts.dialect;
    const auto handlers = std::make_shared<const Ctid>(std::move(parts));
    api.add(Get, "/infos",
            {.id = "get_infos",
             .summary = "Server information",
             .tag = "infos",
             .responses = {{200, reference_to("Info")}},
             .acl = OperationText::kPublic},
            [handlers](const Request&) -> Result<Response> { return handlers->show_infos(); });
    api.add(
        Get, "/users",
        {.id = "list_users",
         .summary = "What all users are for the others",
         .tag = "users",
         .responses = {{200,
                        {{"type", "object"},
                         {"properties", {{"items", {{"type", "array"}, {"items", reference_to("User")}}}}}}}},
         .acl = OperationText::kPublic},
        [handlers](const Request&) -> Result<Response> { return handlers->list_users(); });
    api.add(Get, "/users/{user_id}",
            {.id = "get_user",
             .summary = "What a user, by id or UUID, is for the others",
             .tag = "deprecated",
             .responses = {{200, reference_to("User")}, {404, reference_to("Error")}},
             .deprecated = true,
             .acl = OperationText::kPublic},
            [handlers](const Request& request) { return handlers->show_user(request); });
    // The feed has to be waited for.
    http::RouteOptions waits;
    waits.runs_on = http::RunsOn::Pool;
    api.add(
        Get, "/endpoints/{endpoint_id}",
        {.id = "get_endpoint",
         .summary = "The state of a line",
         .tag = "deprecated",
         .responses = {{200, reference_to("Endpoint")}, {404, reference_to("Error")}},
         .deprecated = true,
         .acl = OperationText::kPublic},
        [handlers](const Request& request) { return handlers->show_endpoint(request); }, std::move(waits));
    api.serve_document();
    service->router = api.take_router();
    return service;
}

}  // namespace almon::services
