// SPDX-License-Identifier: GPL-3.0-or-later
// The routes that every declared kind of resource has: list, create, read, change, erase.

#include <utility>

#include "model/system_settings.hpp"
#include "services/confd/association.hpp"
#include "services/confd/listing.hpp"
#include "services/confd/resource_view.hpp"

namespace almon::services {

namespace json = boost::json;
using model::Declaration;
using model::Snapshot;

namespace {

json::object list_schema_of(const Declaration& declaration) {
    return {{"title", declaration.title + "Items"},
            {"type", "object"},
            {"required", json::array{"total"}},
            {"properties",
             {{"total", {{"type", "integer"}}},
              {"items", {{"type", "array"}, {"items", reference_to(declaration.title)}}}}}};
}

std::vector<json::object> list_parameters(const Declaration& declaration) {
    const auto parameter = [](std::string_view name, const char* type, json::array choices = {}) {
        json::object made{{"name", name}, {"in", "query"}, {"required", false}, {"type", type}};
        if (!choices.empty()) made["enum"] = std::move(choices);
        return made;
    };
    std::vector<json::object> parameters = {
        parameter("order", "string"), parameter("direction", "string", {"asc", "desc"}),
        parameter("limit", "integer"), parameter("offset", "integer"), parameter("search", "string")};
    if (!declaration.views.empty()) {
        json::array names;
        for (const auto& view : declaration.views)
            names.emplace_back(view.name);
        parameters.push_back(parameter("view", "string", std::move(names)));
    }
    for (const auto& filter : declaration.filters)
        parameters.push_back(
            parameter(filter.name, "string", json::array(filter.choices.begin(), filter.choices.end())));
    // Further, the value of any field: only what has it is listed.
    for (const auto& field : declaration.fields) {
        const auto schema = field.schema(nullptr);
        const bool is_scalar = field.kind == model::FieldKind::Boolean ||
                               field.kind == model::FieldKind::Integer ||
                               field.kind == model::FieldKind::Text;
        const bool is_taken = std::any_of(parameters.begin(), parameters.end(), [&](const auto& taken) {
            return taken.at("name").as_string() == field.name;
        });
        if (is_scalar && !is_taken && !field.is_hidden && !field.is_secret && !field.is_write_only)
            parameters.push_back(parameter(field.name, schema.at("type").as_string().c_str(),
                                           json::array(field.choices.begin(), field.choices.end())));
    }
    return parameters;
}

http::Response shown(int status, const Declaration& declaration, const void* resource,
                     const Snapshot& snapshot) {
    auto body = view_of(declaration, resource, snapshot);
    const auto tag = entity_tag_of(body);
    return http::Response::json_text(status, std::move(body)).with("ETag", tag);
}

/// What paths call a resource.
std::string name_of(const Declaration& declaration, const void* resource) {
    const auto* field = declaration.find(declaration.named_by);
    if (field == nullptr) return declaration.text_of(declaration.key_of(resource));
    return std::string(field->get(resource).as_string());
}

/// What the path names, unless If-Match says that it was changed since it was read.
tl::expected<Found, Errors> to_be_changed(const http::Request& request, const Declaration& declaration,
                                          const Snapshot& before) {
    auto found = find_named(declaration, request.path_parameter(declaration.id_name), before);
    if (!found) return refused(found.error());
    const auto wanted = request.headers.find("If-Match");
    if (!wanted) return *std::move(found);
    const auto tag = entity_tag_of(view_of(declaration, found->resource.get(), before));
    if (matches_entity_tag(*wanted, tag)) return *std::move(found);
    return refused(ErrorCode::Outdated, declaration.title,
                   "was changed since it was read: its ETag is " + tag);
}

/// The interface of phones is one: another that shall be it takes the place of the one there is (SYS-017).
void make_way(Plan& plan, const Declaration& declaration, const void* resource, const Snapshot& before) {
    using model::NetworkInterface;
    if (&declaration != &model::declaration_of<NetworkInterface>()) return;
    const auto& next = *static_cast<const NetworkInterface*>(resource);
    if (next.type != "voip") return;
    before.for_each<NetworkInterface>([&](const NetworkInterface& other) {
        if (other.id == next.id || other.type != next.type) return;
        auto draft = other;
        draft.type = "data";
        associations::change(plan, std::move(draft), before);
    });
}

Planner creating(const Declaration& declaration, const ConfdParts& parts) {
    return [&declaration, &store = parts.store](const http::Request& request,
                                                const Snapshot& before) -> tl::expected<Plan, Errors> {
        // A kind that needs nothing may be asked for without a body.
        const auto given = request.body.empty() ? Result<json::object>(json::object{}) : object_in(request);
        if (!given) return refused(given.error());
        auto draft = declaration.copy(declaration.fresh.get());
        if (auto wrong = merge(declaration, *given, draft.get(), true); !wrong.empty())
            return tl::unexpected<Errors>(std::move(wrong));
        if (declaration.complete != nullptr)
            declaration.complete(draft.get(), nullptr, before, random_of_thread());
        const model::Key key{store.reserve(declaration), 0};
        declaration.set_id(draft.get(), key.first);
        Plan plan;
        make_way(plan, declaration, draft.get(), before);
        plan.operations.push_back({&declaration, key, draft, nullptr});
        plan.answer = [&declaration, key, draft](const Snapshot& after) {
            const auto made = after.find(declaration, key);
            return shown(201, declaration, made ? made.get() : draft.get(), after)
                .with("Location", "/1.1" + declaration.collection + '/' + name_of(declaration, draft.get()));
        };
        return plan;
    };
}

Planner changing(const Declaration& declaration) {
    return
        [&declaration](const http::Request& request, const Snapshot& before) -> tl::expected<Plan, Errors> {
            const auto found = to_be_changed(request, declaration, before);
            if (!found) return tl::unexpected<Errors>(found.error());
            const auto given = object_in(request);
            if (!given) return refused(given.error());
            auto draft = declaration.copy(found->resource.get());
            if (auto wrong = merge(declaration, *given, draft.get(), false); !wrong.empty())
                return tl::unexpected<Errors>(std::move(wrong));
            if (declaration.complete != nullptr)
                declaration.complete(draft.get(), found->resource.get(), before, random_of_thread());
            Plan plan;
            make_way(plan, declaration, draft.get(), before);
            if (!declaration.same(draft.get(), found->resource.get()))
                plan.operations.push_back({&declaration, found->key, draft, found->resource});
            plan.answer = [](const Snapshot&) { return http::Response::empty(204); };
            return plan;
        };
}

Planner erasing(const Declaration& declaration) {
    return
        [&declaration](const http::Request& request, const Snapshot& before) -> tl::expected<Plan, Errors> {
            const auto found = to_be_changed(request, declaration, before);
            if (!found) return tl::unexpected<Errors>(found.error());
            Plan plan;
            plan.operations.push_back({&declaration, found->key, nullptr, found->resource});
            plan.answer = [](const Snapshot&) { return http::Response::empty(204); };
            return plan;
        };
}

void add_routes_of(ConfdApi& confd, const Declaration& declaration) {
    auto& api = confd.api();
    api.define(declaration.title, schema_of(declaration));
    api.define(declaration.title + "Items", list_schema_of(declaration));
    const auto& tag = declaration.kind;
    const auto one = declaration.collection + "/{" + declaration.id_name + '}';
    const auto schema = reference_to(declaration.title);
    // Where nothing is required, the body may be left out.
    const bool body_required = std::any_of(declaration.fields.begin(), declaration.fields.end(),
                                           [](const auto& field) { return field.is_required; });

    confd.read(
        declaration.collection,
        {.id = "list_" + tag,
         .summary = "List of " + declaration.title,
         .tag = tag,
         .responses = {{200, reference_to(declaration.title + "Items")}, {400, {}}},
         .parameters = list_parameters(declaration)},
        [&declaration](const http::Request& request, const Snapshot& snapshot) -> Result<http::Response> {
            const auto list = list_of(declaration, request.query, snapshot);
            if (!list) return refuse(list);
            return http::Response::json_text(200, *list);
        });
    if (!declaration.is_fixed_set) {
        confd.write(http::Method::Post, declaration.collection,
                    {.id = "create_" + tag,
                     .summary = "Create " + declaration.title,
                     .tag = tag,
                     .body = schema,
                     .body_required = body_required,
                     .responses = {{201, schema}, {400, {}}}},
                    creating(declaration, confd.parts()));
    }
    confd.read(
        one,
        {.id = "get_" + tag,
         .summary = "Get " + declaration.title,
         .tag = tag,
         .responses = {{200, schema}, {404, {}}}},
        [&declaration](const http::Request& request, const Snapshot& snapshot) -> Result<http::Response> {
            const auto found = find_named(declaration, request.path_parameter(declaration.id_name), snapshot);
            if (!found) return refuse(found);
            auto response = shown(200, declaration, found->resource.get(), snapshot);
            const auto known = request.headers.find("If-None-Match");
            if (known && matches_entity_tag(*known, response.headers.get("ETag"))) {
                const std::string tag_of_it(response.headers.get("ETag"));
                return http::Response::empty(304).with("ETag", tag_of_it);
            }
            return response;
        });
    if (declaration.is_updatable) {
        confd.write(http::Method::Put, one,
                    {.id = "update_" + tag,
                     .summary = "Update " + declaration.title,
                     .tag = tag,
                     .body = schema,
                     .responses = {{204, {}}, {400, {}}, {404, {}}}},
                    changing(declaration));
    }
    if (declaration.is_fixed_set) return;
    confd.write(http::Method::Delete, one,
                {.id = "delete_" + tag,
                 .summary = "Delete " + declaration.title,
                 .tag = tag,
                 .responses = {{204, {}}, {400, {}}, {404, {}}}},
                erasing(declaration));
}

}  // namespace

void add_resource_routes(ConfdApi& confd) {
    confd.api().is_text("user_id");
    confd.api().is_text("moh_uuid");
    confd.api().is_text("extension_uuid");
    confd.api().is_text("device_id");
    for (const auto& declaration : model::declarations()) {
        if (!declaration.collection.empty()) add_routes_of(confd, declaration);
    }
}

}  // namespace almon::services
