// SPDX-License-Identifier: GPL-3.0-or-later
// Who belongs to what: users to lines and entities, lines to extensions and SIP endpoints.

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "model/endpoint_custom.hpp"
#include "model/endpoint_sccp.hpp"
#include "model/entity.hpp"
#include "model/trunk.hpp"
#include "services/confd/association.hpp"
#include "services/confd/resource_view.hpp"

namespace almon::services {

namespace json = boost::json;
using model::Context;
using model::Declaration;
using model::EndpointCustom;
using model::EndpointSccp;
using model::EndpointSip;
using model::Entity;
using model::Extension;
using model::Line;
using model::LineExtension;
using model::Snapshot;
using model::Trunk;
using model::User;
using model::UserLine;

namespace {

using namespace associations;  // NOLINT(google-build-using-namespace): this file is made of them

json::object shown(const UserLine& link) {
    return {{"user_id", link.user.value},
            {"line_id", link.line.value},
            {"main_user", link.main_user},
            {"main_line", link.main_line}};
}
json::object shown(const LineExtension& link) {
    return {{"line_id", link.line.value}, {"extension_id", link.extension.value}};
}
tl::expected<std::uint64_t, Errors> id_in_body(const http::Request& request, std::string_view name) {
    const auto body = object_in(request);
    if (!body) return refused(body.error());
    Errors wrong;
    for (const auto& [given, value] : *body) {
        if (given != name && given != "user_id" && given != "line_id" && given != "main_user" &&
            given != "main_line")
            wrong.push_back(
                {ErrorCode::InvalidArgument, std::string(given), "is not a field of the association"});
    }
    const auto* value = body->if_contains(name);
    if (value == nullptr) {
        wrong.push_back({ErrorCode::InvalidArgument, std::string(name), "is missing"});
    } else if (const auto id = model::codec::integer(*value); !id) {
        wrong.push_back({ErrorCode::InvalidArgument, std::string(name), id.error().reason});
    } else if (*id > 0 && wrong.empty()) {
        return static_cast<std::uint64_t>(*id);
    } else if (*id <= 0) {
        wrong.push_back({ErrorCode::InvalidArgument, std::string(name), "is no id"});
    }
    return tl::unexpected<Errors>(std::move(wrong));
}

// User and line

tl::expected<Plan, Errors> associate_line(const User& user, const Line& line, const Snapshot& snapshot) {
    auto plan = done();
    if (snapshot.user_line(user.id, line.id) != nullptr) return plan;
    put(plan, UserLine{user.id, line.id, snapshot.users_of_line(line.id).empty(),
                       snapshot.lines_of_user(user.id).empty()});
    return plan;
}

tl::expected<Plan, Errors> dissociate_line(const User& user, const Line& line, const Snapshot& snapshot) {
    const auto* link = snapshot.user_line(user.id, line.id);
    if (link == nullptr) {
        return refused(
            ErrorCode::NotFound, "UserLine",
            std::to_string(user.id.value) + ',' + std::to_string(line.id.value) + " was not found");
    }
    if (line.device)  // as the contract says
        return refused(ErrorCode::Conflict, "line_id", "is associated to a device: take that away first");
    if (link->main_user && snapshot.users_of_line(line.id).size() > 1) {
        return refused(ErrorCode::Conflict, "user_id",
                       "is the main user of the line, which has others: take those away first");
    }
    auto plan = done();
    erase(plan, *link);
    const auto& lines = snapshot.lines_of_user(user.id);
    const auto next = std::find_if(lines.begin(), lines.end(), [&](auto other) { return other != line.id; });
    if (link->main_line && next != lines.end()) {
        // The next line becomes the main one.
        auto promoted = *snapshot.user_line(user.id, *next);
        promoted.main_line = true;
        put(plan, promoted);
    }
    return plan;
}

void add_user_lines(ConfdApi& confd) {
    confd.api().define("UserLine", {{"title", "UserLine"},
                                    {"type", "object"},
                                    {"required", json::array{"line_id"}},
                                    {"properties",
                                     {{"user_id", integer(true)},
                                      {"line_id", integer()},
                                      {"main_user", {{"type", "boolean"}, {"readOnly", true}}},
                                      {"main_line", {{"type", "boolean"}, {"readOnly", true}}}}}});
    confd.api().define("UserLineItems", items_of("UserLine"));
    const auto schema = reference_to("UserLine");

    read_one<User>(confd, "/users/{user_id}/lines",
                   {.id = "get_user_lines",
                    .summary = "Lines of a user",
                    .tag = "users",
                    .responses = {{200, reference_to("UserLineItems")}, {404, {}}}},
                   [](const User& user, const Snapshot& snapshot) -> Result<http::Response> {
                       json::array list;
                       for (const auto line : snapshot.lines_of_user(user.id))
                           list.push_back(shown(*snapshot.user_line(user.id, line)));
                       return items(std::move(list));
                   });
    read_one<Line>(confd, "/lines/{line_id}/users",
                   {.id = "get_line_users",
                    .summary = "Users of a line",
                    .tag = "lines",
                    .responses = {{200, reference_to("UserLineItems")}, {404, {}}}},
                   [](const Line& line, const Snapshot& snapshot) -> Result<http::Response> {
                       json::array list;
                       for (const auto user : snapshot.users_of_line(line.id))
                           list.push_back(shown(*snapshot.user_line(user, line.id)));
                       return items(std::move(list));
                   });
    confd.read("/users/{user_id}/lines/{line_id}",
               {.id = "get_user_line",
                .summary = "Association of a user and a line",
                .tag = "users",
                .responses = {{200, schema}, {404, {}}}},
               [](const http::Request& request, const Snapshot& snapshot) -> Result<http::Response> {
                   const auto user = resource_in<User>(request, snapshot);
                   if (!user) return refuse(user);
                   const auto line = resource_in<Line>(request, snapshot);
                   if (!line) return refuse(line);
                   const auto* link = snapshot.user_line((*user)->id, (*line)->id);
                   if (link == nullptr) return refuse(ErrorCode::NotFound, "UserLine", "was not found");
                   return http::Response::json(200, shown(*link));
               });
    confd.write(http::Method::Post, "/users/{user_id}/lines",
                {.id = "associate_user_line_by_body",
                 .summary = "Associate a user and a line",
                 .tag = "deprecated",
                 .body = schema,
                 .responses = {{201, schema}, {400, {}}, {404, {}}},
                 .deprecated = true},
                [](const http::Request& request, const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                    const auto user = resource_in<User>(request, snapshot);
                    if (!user) return refused(user.error());
                    const auto id = id_in_body(request, "line_id");
                    if (!id) return tl::unexpected<Errors>(id.error());
                    const auto* line = snapshot.line(model::LineId{*id});
                    if (line == nullptr)
                        return refused(ErrorCode::InvalidArgument, "line_id", "does not exist");
                    auto plan = associate_line(**user, *line, snapshot);
                    if (!plan) return plan;
                    plan->answer = [user_id = (*user)->id, line_id = line->id](const Snapshot& after) {
                        const auto* link = after.user_line(user_id, line_id);
                        return http::Response::json(
                            201, link != nullptr ? json::value(shown(*link)) : json::value());
                    };
                    return plan;
                });
    write_two<User, Line>(
        confd, http::Method::Put, "/users/{user_id}/lines/{line_id}",
        {.id = "associate_user_line", .summary = "Associate a user and a line", .tag = "users"},
        associate_line);
    write_two<User, Line>(
        confd, http::Method::Delete, "/users/{user_id}/lines/{line_id}",
        {.id = "dissociate_user_line", .summary = "Dissociate a user and a line", .tag = "users"},
        dissociate_line);
}

// What a softphone needs to register (API-069)

Result<http::Response> endpoint_of(const Line* line, const Snapshot& snapshot) {
    const auto* endpoint = line != nullptr ? snapshot.endpoint_sip(line->endpoint_sip) : nullptr;
    if (endpoint == nullptr) return refuse(ErrorCode::NotFound, "SIPEndpoint", "of the line was not found");
    return http::Response::json_text(200, view_of(model::declaration_of<EndpointSip>(), endpoint, snapshot));
}

void add_user_endpoints(ConfdApi& confd) {
    confd.api().is_text("user_uuid");
    const auto user_in = [](const http::Request& request, const Snapshot& snapshot) -> Result<const User*> {
        const auto* user = snapshot.user_by_uuid(request.path_parameter("user_uuid"));
        if (user == nullptr) return refuse(ErrorCode::NotFound, "User", "was not found");
        return user;
    };
    confd.read("/users/{user_uuid}/lines/main/associated/endpoints/sip",
               {.id = "get_user_main_endpoint_sip",
                .summary = "SIP endpoint of a user's main line",
                .tag = "users",
                .responses = {{200, reference_to("SIPEndpoint")}}},
               [user_in](const http::Request& request, const Snapshot& snapshot) -> Result<http::Response> {
                   const auto user = user_in(request, snapshot);
                   if (!user) return refuse(user);
                   const auto& lines = snapshot.lines_of_user((*user)->id);
                   return endpoint_of(lines.empty() ? nullptr : snapshot.line(lines.front()), snapshot);
               });
    confd.read("/users/{user_uuid}/lines/{line_id}/associated/endpoints/sip",
               {.id = "get_user_line_endpoint_sip",
                .summary = "SIP endpoint of a user's line",
                .tag = "users",
                .responses = {{200, reference_to("SIPEndpoint")}}},
               [user_in](const http::Request& request, const Snapshot& snapshot) -> Result<http::Response> {
                   const auto user = user_in(request, snapshot);
                   if (!user) return refuse(user);
                   const auto line = resource_in<Line>(request, snapshot);
                   if (!line) return refuse(line);
                   const bool theirs = snapshot.user_line((*user)->id, (*line)->id) != nullptr;
                   return endpoint_of(theirs ? *line : nullptr, snapshot);
               });
}

// Line and extension

tl::expected<Plan, Errors> associate_extension(const Line& line, const Extension& extension,
                                               const Snapshot& snapshot) {
    auto plan = done();
    if (snapshot.line_extension(line.id, extension.id) == nullptr)
        put(plan, LineExtension{line.id, extension.id, snapshot.main_extension_of_line(line.id) == nullptr});
    return plan;
}

tl::expected<Plan, Errors> dissociate_extension(const Line& line, const Extension& extension,
                                                const Snapshot& snapshot) {
    const auto* link = snapshot.line_extension(line.id, extension.id);
    if (link == nullptr) return refused(ErrorCode::NotFound, "LineExtension", "was not found");
    if (line.device)  // API-082
        return refused(ErrorCode::Conflict, "line_id", "is associated to a device: take that away first");
    auto plan = done();
    erase(plan, *link);
    const auto& all = snapshot.extensions_of_line(line.id);
    const auto next = std::find_if(all.begin(), all.end(),
                                   [&](const auto& other) { return other.extension != extension.id; });
    if (link->main_extension && next != all.end()) {
        auto promoted = *next;
        promoted.main_extension = true;
        put(plan, promoted);
    }
    return plan;
}

tl::expected<Plan, Errors> associate_by_body(const http::Request& request, const Snapshot& snapshot,
                                             int status) {
    const auto line = resource_in<Line>(request, snapshot);
    if (!line) return refused(line.error());
    const auto id = id_in_body(request, "extension_id");
    if (!id) return tl::unexpected<Errors>(id.error());
    const auto* extension = snapshot.extension(model::ExtensionId{*id});
    if (extension == nullptr) return refused(ErrorCode::InvalidArgument, "extension_id", "does not exist");
    auto plan = associate_extension(**line, *extension, snapshot);
    if (!plan) return plan;
    plan->answer = [status, link = LineExtension{(*line)->id, extension->id}](const Snapshot&) {
        return http::Response::json(status, shown(link));
    };
    return plan;
}

void add_line_extensions(ConfdApi& confd) {
    confd.api().define("LineExtension",
                       {{"title", "LineExtension"},
                        {"type", "object"},
                        {"required", json::array{"extension_id"}},
                        {"properties", {{"line_id", integer(true)}, {"extension_id", integer()}}}});
    confd.api().define("LineExtensionItems", items_of("LineExtension"));
    const auto schema = reference_to("LineExtension");
    const auto of_line = [](const http::Request& request,
                            const Snapshot& snapshot) -> Result<http::Response> {
        const auto line = resource_in<Line>(request, snapshot);
        if (!line) return refuse(line);
        json::array list;
        for (const auto& link : snapshot.extensions_of_line((*line)->id))
            list.push_back(shown(link));
        return items(std::move(list));
    };

    confd.read("/lines/{line_id}/extensions",
               {.id = "list_line_extensions",
                .summary = "Extensions of a line",
                .tag = "lines",
                .responses = {{200, reference_to("LineExtensionItems")}, {404, {}}}},
               of_line);
    confd.write(http::Method::Post, "/lines/{line_id}/extensions",
                {.id = "associate_line_extension_by_body",
                 .summary = "Associate a line and an extension",
                 .tag = "deprecated",
                 .body = schema,
                 .responses = {{200, schema}, {400, {}}, {404, {}}},
                 .deprecated = true},
                [](const http::Request& request, const Snapshot& snapshot) {
                    return associate_by_body(request, snapshot, 200);
                });
    write_two<Line, Extension>(
        confd, http::Method::Put, "/lines/{line_id}/extensions/{extension_id}",
        {.id = "associate_line_extension", .summary = "Associate a line and an extension", .tag = "lines"},
        associate_extension);
    write_two<Line, Extension>(
        confd, http::Method::Delete, "/lines/{line_id}/extensions/{extension_id}",
        {.id = "dissociate_line_extension", .summary = "Dissociate a line and an extension", .tag = "lines"},
        dissociate_extension);

    // The deprecated way: a line's only extension.
    read_one<Line>(confd, "/lines/{line_id}/extension",
                   {.id = "get_line_extension",
                    .summary = "Extension of a line",
                    .tag = "deprecated",
                    .responses = {{200, schema}, {400, {}}, {404, {}}},
                    .deprecated = true,
                    .acl = "confd.#"},
                   [](const Line& line, const Snapshot& snapshot) -> Result<http::Response> {
                       const auto& all = snapshot.extensions_of_line(line.id);
                       if (all.empty()) return refuse(ErrorCode::NotFound, "LineExtension", "was not found");
                       return http::Response::json(200, shown(all.front()));
                   });
    confd.write(http::Method::Post, "/lines/{line_id}/extension",
                {.id = "create_line_extension",
                 .summary = "Associate a line and an extension",
                 .tag = "deprecated",
                 .body = schema,
                 .responses = {{201, schema}, {400, {}}, {404, {}}},
                 .deprecated = true,
                 .acl = "confd.#"},
                [](const http::Request& request, const Snapshot& snapshot) {
                    return associate_by_body(request, snapshot, 201);
                });
    confd.write(http::Method::Delete, "/lines/{line_id}/extension",
                {.id = "delete_line_extension",
                 .summary = "Dissociate a line and its extension",
                 .tag = "deprecated",
                 .responses = {{204, {}}, {400, {}}, {404, {}}},
                 .deprecated = true,
                 .acl = "confd.#"},
                [](const http::Request& request, const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                    const auto line = resource_in<Line>(request, snapshot);
                    if (!line) return refused(line.error());
                    const auto& all = snapshot.extensions_of_line((*line)->id);
                    if (all.empty()) return refused(ErrorCode::NotFound, "LineExtension", "was not found");
                    return dissociate_extension(**line, *snapshot.extension(all.front().extension), snapshot);
                });

    const auto links_of = [](const Extension& extension, const Snapshot& snapshot) {
        json::array list;
        for (const auto line : snapshot.lines_of_extension(extension.id))
            list.push_back(shown(*snapshot.line_extension(line, extension.id)));
        return list;
    };
    read_one<Extension>(
        confd, "/extensions/{extension_id}/lines",
        {.id = "list_extension_lines",
         .summary = "Lines of an extension",
         .tag = "extensions",
         .responses = {{200, reference_to("LineExtensionItems")}, {404, {}}}},
        [links_of](const Extension& extension, const Snapshot& snapshot) -> Result<http::Response> {
            return items(links_of(extension, snapshot));
        });
    read_one<Extension>(
        confd, "/extensions/{extension_id}/line",
        {.id = "get_extension_line",
         .summary = "Line of an extension",
         .tag = "deprecated",
         .responses = {{200, schema}, {404, {}}},
         .deprecated = true,
         .acl = "confd.#"},
        [links_of](const Extension& extension, const Snapshot& snapshot) -> Result<http::Response> {
            const auto list = links_of(extension, snapshot);
            if (list.empty()) return refuse(ErrorCode::NotFound, "LineExtension", "was not found");
            return http::Response::json(200, list.front());
        });
}

json::object endpoint_schema(std::string_view title, std::string_view owner, json::object endpoint) {
    return {
        {"title", title},
        {"type", "object"},
        {"properties", {{owner, integer()}, {"endpoint_id", integer()}, {"endpoint", std::move(endpoint)}}}};
}

/// "/lines/{line_id}/endpoints/sip", "/endpoints/sip/{sip_id}/lines" ...
template <class Owner, class Endpoint>
void add_endpoint(ConfdApi& confd, const Membership<Owner, Endpoint>& membership) {
    const auto& owner = model::declaration_of<Owner>();
    const auto& endpoint = model::declaration_of<Endpoint>();
    const auto of_owner = fmt::format("{}/{{{}}}{}", owner.collection, owner.id_name, endpoint.collection);
    const auto one = fmt::format("{}/{{{}}}", of_owner, endpoint.id_name);
    add_read_of_owner(confd, of_owner, membership);
    add_read_of_other(confd,
                      fmt::format("{}/{{{}}}{}", endpoint.collection, endpoint.id_name, owner.collection),
                      membership);
    add_join(confd, one, membership);
    add_leave(confd, one, membership);
}

template <class Endpoint, Id<Endpoint> Line::*member>
Membership<Line, Endpoint> endpoint_of_lines() {
    return {.member = member,
            .title = "LineEndpoint",
            .show = [](const Line& line) -> json::object {
                return {{"line_id", line.id.value},
                        {"endpoint_id", (line.*member).value},
                        {"endpoint", line.protocol()}};
            },
            .tag = "lines",
            .name = "line_" + model::declaration_of<Endpoint>().kind,
            .summary = "a line and an endpoint"};
}

template <class Endpoint, Id<Endpoint> Trunk::*member>
Membership<Trunk, Endpoint> endpoint_of_trunks(std::string title = "TrunkEndpoint") {
    return {.member = member,
            .title = std::move(title),
            .show = [](const Trunk& trunk) -> json::object {
                return {{"trunk_id", trunk.id.value},
                        {"endpoint_id", (trunk.*member).value},
                        {"endpoint", trunk.endpoint_sip   ? "sip"
                                     : trunk.endpoint_iax ? "iax"
                                                          : "custom"}};
            },
            .tag = "trunks",
            .name = "trunk_" + model::declaration_of<Endpoint>().kind,
            .summary = "a trunk and an endpoint"};
}

void add_endpoints(ConfdApi& confd) {
    confd.api().define("LineEndpoint", endpoint_schema("LineEndpoint", "line_id", {{"type", "string"}}));
    add_endpoint(confd, endpoint_of_lines<EndpointSip, &Line::endpoint_sip>());
    add_endpoint(confd, endpoint_of_lines<EndpointSccp, &Line::endpoint_sccp>());
    add_endpoint(confd, endpoint_of_lines<EndpointCustom, &Line::endpoint_custom>());
    confd.api().define("TrunkEndpoint",
                       endpoint_schema("TrunkEndpoint", "trunk_id",
                                       {{"type", "string"}, {"enum", json::array{"sip", "custom"}}}));
    add_endpoint(confd, endpoint_of_trunks<EndpointSip, &Trunk::endpoint_sip>());
    add_endpoint(confd, endpoint_of_trunks<EndpointCustom, &Trunk::endpoint_custom>());
    // What the contract says of the others stays as it is.
    confd.api().define(
        "TrunkEndpointIax",
        endpoint_schema("TrunkEndpointIax", "trunk_id", {{"type", "string"}, {"enum", json::array{"iax"}}}));
    add_endpoint(confd, endpoint_of_trunks<model::EndpointIax, &Trunk::endpoint_iax>("TrunkEndpointIax"));
}

void add_user_entities(ConfdApi& confd) {
    confd.api().define("UserEntity", {{"title", "UserEntity"},
                                      {"type", "object"},
                                      {"properties", {{"user_id", integer()}, {"entity_id", integer()}}}});
    const Membership<User, Entity> entity{
        .member = &User::entity,
        .title = "UserEntity",
        .show = [](const User& user) -> json::object {
            return {{"user_id", user.id.value}, {"entity_id", user.entity.value}};
        },
        .tag = "users",
        .name = "user_entity",
        .summary = "a user and an entity",
        .replaces = true,
    };
    add_read_of_owner(confd, "/users/{user_id}/entities", entity);
    add_join(confd, "/users/{user_id}/entities/{entity_id}", entity);
}

}  // namespace

void add_association_routes(ConfdApi& confd) {
    add_user_lines(confd);
    add_user_endpoints(confd);
    add_line_extensions(confd);
    add_endpoints(confd);
    add_user_entities(confd);
}

}  // namespace almon::services
