// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Bodies that replace a whole list, like {"users": [{"uuid": ...}, ...]}, and the fallbacks of what is
// called.

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/destination.hpp"
#include "services/confd/association.hpp"

namespace almon::services::associations {

/// Schema of a body that holds one list of objects with these properties.
[[nodiscard]] json::object list_body(std::string_view name, json::object properties);
/// Defines "UsersUuid": {"users": [{"uuid": ...}]}.
void define_list_of_uuids(ConfdApi& confd);

/// The entries of the only list in the body, each an object that has no members but these.
[[nodiscard]] tl::expected<std::vector<json::object>, Errors> entries_in(
    const http::Request& request, std::string_view name, std::initializer_list<std::string_view> members);
/// Whom an entry names by "uuid".
[[nodiscard]] Result<model::UserId> user_in(const json::object& entry, const model::Snapshot& snapshot);
/// The users that {"users": [{"uuid": ...}]} names, in order.
[[nodiscard]] tl::expected<std::vector<model::UserId>, Errors> users_in(const http::Request& request,
                                                                        const model::Snapshot& snapshot);
/// The positive number under "id".
[[nodiscard]] Result<std::uint64_t> id_in(const json::object& entry);

/// The resources that {"trunks": [{"id": 1}]} names, in order.
template <class Resource>
[[nodiscard]] tl::expected<std::vector<Id<Resource>>, Errors> ids_in(const http::Request& request,
                                                                     std::string_view name,
                                                                     const model::Snapshot& snapshot) {
    const auto entries = entries_in(request, name, {"id", "name"});
    if (!entries) return tl::unexpected<Errors>(entries.error());
    std::vector<Id<Resource>> ids;
    for (const auto& entry : *entries) {
        const auto id = id_in(entry);
        if (!id) return refused(ErrorCode::InvalidArgument, std::string(name), id.error().reason);
        ids.push_back(Id<Resource>{*id});
        if (snapshot.find(ids.back()) == nullptr)
            return refused(ErrorCode::InvalidArgument, std::string(name),
                           "names " + std::to_string(*id) + ", which does not exist");
    }
    return ids;
}

/// ids_in() of one name, for add_list().
template <class Resource>
[[nodiscard]] auto ids_under(std::string_view name) {
    return [name = std::string(name)](const http::Request& request, const model::Snapshot& snapshot) {
        return ids_in<Resource>(request, name, snapshot);
    };
}

/// PUT that replaces a list of its owner with what read(request, snapshot) finds in the body.
template <class Owner, class Item, class Read>
void add_list(ConfdApi& confd, std::string_view path, std::vector<Item> Owner::*member, OperationText text,
              Read read) {
    write_one<Owner>(
        confd, http::Method::Put, path, std::move(text),
        [member, read = std::move(read)](const Owner& owner, const http::Request& request,
                                         const model::Snapshot& snapshot) -> tl::expected<Plan, Errors> {
            auto items = read(request, snapshot);
            if (!items) return tl::unexpected<Errors>(items.error());
            auto plan = done();
            auto draft = owner;
            draft.*member = *std::move(items);
            change(plan, std::move(draft), snapshot);
            return plan;
        });
}

/// One destination of fallbacks.
template <class Owner>
struct Fallback {
    std::string name;  ///< "noanswer_destination"
    model::Destination Owner::*member;
};

/// GET and PUT of "/groups/{group_id}/fallbacks". What a PUT leaves out is taken away.
template <class Owner>
void add_fallbacks(ConfdApi& confd, std::string_view title, std::vector<Fallback<Owner>> fallbacks) {
    using Codec = model::FieldCodec<model::Destination>;
    const auto& declaration = model::declaration_of<Owner>();
    const auto path = declaration.collection + "/{" + declaration.id_name + "}/fallbacks";
    json::object properties;
    for (const auto& fallback : fallbacks) {
        auto schema = Codec::schema();
        schema["x-nullable"] = true;
        properties[fallback.name] = std::move(schema);
    }
    confd.api().define(title, {{"title", title}, {"type", "object"}, {"properties", std::move(properties)}});
    read_one<Owner>(
        confd, path,
        {.id = "get_" + declaration.kind + "_fallback",
         .summary = "Where calls go that nobody takes",
         .tag = declaration.kind,
         .responses = {{200, reference_to(title)}, {404, {}}}},
        [fallbacks](const Owner& owner, const model::Snapshot& snapshot) -> Result<http::Response> {
            std::string text;
            {
                model::JsonObject shown(text);
                for (const auto& fallback : fallbacks)
                    model::write_destination(shown.name(fallback.name), owner.*fallback.member, snapshot);
            }
            return http::Response::json_text(200, std::move(text));
        });
    write_one<Owner>(
        confd, http::Method::Put, path,
        {.id = "update_" + declaration.kind + "_fallback",
         .summary = "Replace where calls go that nobody takes",
         .tag = declaration.kind,
         .body = reference_to(title),
         .body_required = false},
        [fallbacks, title = std::string(title)](
            const Owner& owner, const http::Request& request,
            const model::Snapshot& snapshot) -> tl::expected<Plan, Errors> {
            const auto given = object_in(request);
            if (!given) return refused(given.error());
            Errors wrong;
            auto draft = owner;
            for (const auto& fallback : fallbacks)
                draft.*fallback.member = {};
            for (const auto& [name, value] : *given) {
                const auto fallback = std::find_if(fallbacks.begin(), fallbacks.end(),
                                                   [&](const auto& known) { return known.name == name; });
                if (fallback == fallbacks.end()) {
                    wrong.push_back(
                        {ErrorCode::InvalidArgument, std::string(name), "is not a field of " + title});
                } else if (const auto taken = Codec::from_json(value, draft.*fallback->member); !taken) {
                    wrong.push_back({taken.error().code, std::string(name), taken.error().reason});
                } else if (const auto& to = (draft.*fallback->member).to; to && !snapshot.has(to)) {
                    wrong.push_back({ErrorCode::InvalidArgument, std::string(name),
                                     "leads to the " + to.kind->kind + ' ' + std::to_string(to.id) +
                                         ", which does not exist"});
                }
            }
            if (!wrong.empty()) return tl::unexpected<Errors>(std::move(wrong));
            auto plan = done();
            change(plan, std::move(draft), snapshot);
            return plan;
        });
}

}  // namespace almon::services::associations
