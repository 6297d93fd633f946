// SPDX-License-Identifier: GPL-3.0-or-later
// Who belongs to what: users to lines and entities, lines to extensions and SIP endpoints.

#include <algorithm>
#include <utility>

#include "services/confd/confd_api.hpp"
#include "services/confd/resource_view.hpp"

namespace almon::services {

namespace json = boost::json;
using model::Context;
using model::Declaration;
using model::EndpointSip;
using model::Entity;
using model::Extension;
using model::Line;
using model::LineExtension;
using model::Snapshot;
using model::User;
using model::UserLine;

namespace {

Plan answering(http::Response response) {
    Plan plan;
    plan.answer = [response = std::move(response)](const Snapshot&) { return response; };
    return plan;
}
Plan done() {
    return answering(http::Response::empty(204));
}

template <class Resource>
void put(Plan& plan, Resource resource, model::AnyResource expected = nullptr) {
    auto shared = std::make_shared<const Resource>(std::move(resource));
    const auto key = model::declaring::key_of(*shared);
    plan.operations.push_back(
        {&model::declaration_of<Resource>(), key, std::move(shared), std::move(expected)});
}
template <class Resource>
void erase(Plan& plan, const Resource& resource) {
    plan.operations.push_back(
        {&model::declaration_of<Resource>(), model::declaring::key_of(resource), nullptr, nullptr});
}

json::object shown(const UserLine& link) {
    return {{"user_id", link.user.value},
            {"line_id", link.line.value},
            {"main_user", link.main_user},
            {"main_line", link.main_line}};
}
json::object shown(const LineExtension& link) {
    return {{"line_id", link.line.value}, {"extension_id", link.extension.value}};
}
json::object shown_endpoint(const Line& line) {
    return {{"line_id", line.id.value}, {"endpoint_id", line.endpoint_sip.value}, {"endpoint", "sip"}};
}

http::Response items(json::array list) {
    const auto total = list.size();
    return http::Response::json(200, json::object{{"total", total}, {"items", std::move(list)}});
}

json::object integer(bool read_only = false) {
    json::object schema{{"type", "integer"}};
    if (read_only) schema["readOnly"] = true;
    return schema;
}
json::object items_of(std::string_view definition) {
    return {{"type", "object"},
            {"required", json::array{"total"}},
            {"properties",
             {{"total", integer()}, {"items", {{"type", "array"}, {"items", reference_to(definition)}}}}}};
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

Plan associate(const User& user, const Line& line, const Snapshot& snapshot, http::Response answer) {
    auto plan = answering(std::move(answer));
    if (snapshot.user_line(user.id, line.id) != nullptr) return plan;
    put(plan, UserLine{user.id, line.id, snapshot.users_of_line(line.id).empty(),
                       snapshot.lines_of_user(user.id).empty()});
    return plan;
}

tl::expected<Plan, Errors> dissociate(const User& user, const Line& line, const Snapshot& snapshot) {
    const auto* link = snapshot.user_line(user.id, line.id);
    if (link == nullptr) {
        return refused(
            ErrorCode::NotFound, "UserLine",
            std::to_string(user.id.value) + ',' + std::to_string(line.id.value) + " was not found");
    }
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

    confd.read("/users/{user_id}/lines",
               {.id = "get_user_lines",
                .summary = "Lines of a user",
                .tag = "users",
                .responses = {{200, reference_to("UserLineItems")}, {404, {}}}},
               [](const http::Request& request, const Snapshot& snapshot) -> Result<http::Response> {
                   const auto user = resource_in<User>(request, snapshot);
                   if (!user) return refuse(user);
                   json::array list;
                   for (const auto line : snapshot.lines_of_user((*user)->id))
                       list.push_back(shown(*snapshot.user_line((*user)->id, line)));
                   return items(std::move(list));
               });
    confd.read("/lines/{line_id}/users",
               {.id = "get_line_users",
                .summary = "Users of a line",
                .tag = "lines",
                .responses = {{200, reference_to("UserLineItems")}, {404, {}}}},
               [](const http::Request& request, const Snapshot& snapshot) -> Result<http::Response> {
                   const auto line = resource_in<Line>(request, snapshot);
                   if (!line) return refuse(line);
                   json::array list;
                   for (const auto user : snapshot.users_of_line((*line)->id))
                       list.push_back(shown(*snapshot.user_line(user, (*line)->id)));
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
                    auto plan = associate(**user, *line, snapshot, {});
                    plan.answer = [user_id = (*user)->id, line_id = line->id](const Snapshot& after) {
                        const auto* link = after.user_line(user_id, line_id);
                        return http::Response::json(
                            201, link != nullptr ? json::value(shown(*link)) : json::value());
                    };
                    return plan;
                });
    confd.write(http::Method::Put, "/users/{user_id}/lines/{line_id}",
                {.id = "associate_user_line",
                 .summary = "Associate a user and a line",
                 .tag = "users",
                 .responses = {{204, {}}, {400, {}}, {404, {}}}},
                [](const http::Request& request, const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                    const auto user = resource_in<User>(request, snapshot);
                    if (!user) return refused(user.error());
                    const auto line = resource_in<Line>(request, snapshot);
                    if (!line) return refused(line.error());
                    return associate(**user, **line, snapshot, http::Response::empty(204));
                });
    confd.write(http::Method::Delete, "/users/{user_id}/lines/{line_id}",
                {.id = "dissociate_user_line",
                 .summary = "Dissociate a user and a line",
                 .tag = "users",
                 .responses = {{204, {}}, {400, {}}, {404, {}}}},
                [](const http::Request& request, const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                    const auto user = resource_in<User>(request, snapshot);
                    if (!user) return refused(user.error());
                    const auto line = resource_in<Line>(request, snapshot);
                    if (!line) return refused(line.error());
                    return dissociate(**user, **line, snapshot);
                });
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

Plan associate(const Line& line, const Extension& extension, const Snapshot& snapshot,
               http::Response answer) {
    auto plan = answering(std::move(answer));
    if (snapshot.line_extension(line.id, extension.id) == nullptr)
        put(plan, LineExtension{line.id, extension.id, snapshot.main_extension_of_line(line.id) == nullptr});
    return plan;
}

tl::expected<Plan, Errors> dissociate(const Line& line, const Extension& extension,
                                      const Snapshot& snapshot) {
    const auto* link = snapshot.line_extension(line.id, extension.id);
    if (link == nullptr) return refused(ErrorCode::NotFound, "LineExtension", "was not found");
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
    return associate(**line, *extension, snapshot,
                     http::Response::json(status, shown(LineExtension{(*line)->id, extension->id})));
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
    confd.write(http::Method::Put, "/lines/{line_id}/extensions/{extension_id}",
                {.id = "associate_line_extension",
                 .summary = "Associate a line and an extension",
                 .tag = "lines",
                 .responses = {{204, {}}, {400, {}}, {404, {}}}},
                [](const http::Request& request, const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                    const auto line = resource_in<Line>(request, snapshot);
                    if (!line) return refused(line.error());
                    const auto extension = resource_in<Extension>(request, snapshot);
                    if (!extension) return refused(extension.error());
                    return associate(**line, **extension, snapshot, http::Response::empty(204));
                });
    confd.write(http::Method::Delete, "/lines/{line_id}/extensions/{extension_id}",
                {.id = "dissociate_line_extension",
                 .summary = "Dissociate a line and an extension",
                 .tag = "lines",
                 .responses = {{204, {}}, {400, {}}, {404, {}}}},
                [](const http::Request& request, const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                    const auto line = resource_in<Line>(request, snapshot);
                    if (!line) return refused(line.error());
                    const auto extension = resource_in<Extension>(request, snapshot);
                    if (!extension) return refused(extension.error());
                    return dissociate(**line, **extension, snapshot);
                });

    // The deprecated way: a line's only extension.
    confd.read("/lines/{line_id}/extension",
               {.id = "get_line_extension",
                .summary = "Extension of a line",
                .tag = "deprecated",
                .responses = {{200, schema}, {400, {}}, {404, {}}},
                .deprecated = true,
                .acl = "confd.#"},
               [](const http::Request& request, const Snapshot& snapshot) -> Result<http::Response> {
                   const auto line = resource_in<Line>(request, snapshot);
                   if (!line) return refuse(line);
                   const auto& all = snapshot.extensions_of_line((*line)->id);
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
                    return dissociate(**line, *snapshot.extension(all.front().extension), snapshot);
                });

    const auto links_of = [](const Extension& extension, const Snapshot& snapshot) {
        json::array list;
        for (const auto line : snapshot.lines_of_extension(extension.id))
            list.push_back(shown(*snapshot.line_extension(line, extension.id)));
        return list;
    };
    confd.read("/extensions/{extension_id}/lines",
               {.id = "list_extension_lines",
                .summary = "Lines of an extension",
                .tag = "extensions",
                .responses = {{200, reference_to("LineExtensionItems")}, {404, {}}}},
               [links_of](const http::Request& request, const Snapshot& snapshot) -> Result<http::Response> {
                   const auto extension = resource_in<Extension>(request, snapshot);
                   if (!extension) return refuse(extension);
                   return items(links_of(**extension, snapshot));
               });
    confd.read("/extensions/{extension_id}/line",
               {.id = "get_extension_line",
                .summary = "Line of an extension",
                .tag = "deprecated",
                .responses = {{200, schema}, {404, {}}},
                .deprecated = true,
                .acl = "confd.#"},
               [links_of](const http::Request& request, const Snapshot& snapshot) -> Result<http::Response> {
                   const auto extension = resource_in<Extension>(request, snapshot);
                   if (!extension) return refuse(extension);
                   const auto list = links_of(**extension, snapshot);
                   if (list.empty()) return refuse(ErrorCode::NotFound, "LineExtension", "was not found");
                   return http::Response::json(200, list.front());
               });
}

// Line and SIP endpoint

tl::expected<Plan, Errors> set_endpoint(const http::Request& request, const Snapshot& snapshot,
                                        bool associated) {
    const auto line = find_named(model::declaration_of<Line>(), request.path_parameter("line_id"), snapshot);
    if (!line) return refused(line.error());
    const auto endpoint = resource_in<EndpointSip>(request, snapshot);
    if (!endpoint) return refused(endpoint.error());
    auto draft = *static_cast<const Line*>(line->resource.get());
    auto plan = done();
    const bool theirs = draft.endpoint_sip == (*endpoint)->id;
    if (associated) {
        if (theirs) return plan;
        if (draft.endpoint_sip) {
            return refused(ErrorCode::Conflict, "line_id",
                           "is associated to the SIP endpoint " + std::to_string(draft.endpoint_sip.value));
        }
        draft.endpoint_sip = (*endpoint)->id;
        draft.name = (*endpoint)->username;
    } else {
        if (!theirs) return refused(ErrorCode::NotFound, "LineEndpoint", "was not found");
        draft.endpoint_sip = {};
        draft.name.clear();
    }
    put(plan, std::move(draft), line->resource);
    return plan;
}

void add_line_endpoints(ConfdApi& confd) {
    confd.api().define(
        "LineEndpoint",
        {{"title", "LineEndpoint"},
         {"type", "object"},
         {"properties",
          {{"line_id", integer()}, {"endpoint_id", integer()}, {"endpoint", {{"type", "string"}}}}}});
    const auto schema = reference_to("LineEndpoint");
    confd.read("/lines/{line_id}/endpoints/sip",
               {.id = "get_line_endpoint_sip",
                .summary = "SIP endpoint of a line",
                .tag = "lines",
                .responses = {{200, schema}, {400, {}}, {404, {}}}},
               [](const http::Request& request, const Snapshot& snapshot) -> Result<http::Response> {
                   const auto line = resource_in<Line>(request, snapshot);
                   if (!line) return refuse(line);
                   if (!(*line)->endpoint_sip)
                       return refuse(ErrorCode::NotFound, "LineEndpoint", "was not found");
                   return http::Response::json(200, shown_endpoint(**line));
               });
    confd.read("/endpoints/sip/{sip_id}/lines",
               {.id = "get_endpoint_sip_line",
                .summary = "Line of a SIP endpoint",
                .tag = "endpoints",
                .responses = {{200, schema}, {400, {}}, {404, {}}}},
               [](const http::Request& request, const Snapshot& snapshot) -> Result<http::Response> {
                   const auto endpoint = resource_in<EndpointSip>(request, snapshot);
                   if (!endpoint) return refuse(endpoint);
                   const auto* line = snapshot.line_of_endpoint((*endpoint)->id);
                   if (line == nullptr) return refuse(ErrorCode::NotFound, "LineEndpoint", "was not found");
                   return http::Response::json(200, shown_endpoint(*line));
               });
    const auto add = [&](http::Method method, const char* id, const char* summary, bool associated) {
        confd.write(
            method, "/lines/{line_id}/endpoints/sip/{sip_id}",
            {.id = id, .summary = summary, .tag = "lines", .responses = {{204, {}}, {400, {}}, {404, {}}}},
            [associated](const http::Request& request, const Snapshot& snapshot) {
                return set_endpoint(request, snapshot, associated);
            });
    };
    add(http::Method::Put, "associate_line_endpoint_sip", "Associate a line and a SIP endpoint", true);
    add(http::Method::Delete, "dissociate_line_endpoint_sip", "Dissociate a line and a SIP endpoint", false);
}

// User and entity

void add_user_entities(ConfdApi& confd) {
    confd.api().define("UserEntity", {{"title", "UserEntity"},
                                      {"type", "object"},
                                      {"properties", {{"user_id", integer()}, {"entity_id", integer()}}}});
    confd.read(
        "/users/{user_id}/entities",
        {.id = "get_user_entity",
         .summary = "Entity of a user",
         .tag = "users",
         .responses = {{200, reference_to("UserEntity")}, {404, {}}}},
        [](const http::Request& request, const Snapshot& snapshot) -> Result<http::Response> {
            const auto user = resource_in<User>(request, snapshot);
            if (!user) return refuse(user);
            const auto entity = (*user)->entity;
            return http::Response::json(
                200, json::object{{"user_id", (*user)->id.value},
                                  {"entity_id", entity ? json::value(entity.value) : json::value(nullptr)}});
        });
    confd.write(http::Method::Put, "/users/{user_id}/entities/{entity_id}",
                {.id = "associate_user_entity",
                 .summary = "Move a user to an entity",
                 .tag = "users",
                 .responses = {{204, {}}, {400, {}}, {404, {}}}},
                [](const http::Request& request, const Snapshot& snapshot) -> tl::expected<Plan, Errors> {
                    const auto user = find_named(model::declaration_of<User>(),
                                                 request.path_parameter("user_id"), snapshot);
                    if (!user) return refused(user.error());
                    const auto entity = resource_in<Entity>(request, snapshot);
                    if (!entity) return refused(entity.error());
                    auto draft = *static_cast<const User*>(user->resource.get());
                    auto plan = done();
                    if (draft.entity == (*entity)->id) return plan;
                    draft.entity = (*entity)->id;
                    put(plan, std::move(draft), user->resource);
                    return plan;
                });
}

}  // namespace

void add_association_routes(ConfdApi& confd) {
    add_user_lines(confd);
    add_user_endpoints(confd);
    add_line_extensions(confd);
    add_line_endpoints(confd);
    add_user_entities(confd);
}

}  // namespace almon::services
