// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "model/field.hpp"
#include "model/key.hpp"

namespace almon::model {

class Snapshot;
class SnapshotBuilder;

/// A resource of any kind, shared by all snapshots that hold it.
using AnyResource = std::shared_ptr<const void>;

/// All there is to know of one kind of resource or association: made once at start by declaration_of(), read
/// by store, services and the page. A new kind is a struct, this declaration beside it, and its line in
/// kinds.hpp.
struct Declaration {
    std::string kind;        ///< "user": in the change log, in events.
    std::string title;       ///< "User": in error texts and documents.
    std::string table;       ///< Made or extended by the store as the fields say.
    std::string collection;  ///< "/users": where the API has it; empty: nowhere of its own.
    std::string id_name;     ///< "user_id": the path parameter.
    std::string named_by;    ///< The field that paths name it by, where that is not its number.
    std::vector<Field> fields;
    std::vector<Relation> relations;
    std::vector<View> views;
    std::vector<Filter> filters;

    std::size_t index = 0;  ///< Place among declarations().
    bool is_association = false;
    bool is_updatable = true;   ///< The API can change it once it is there.
    bool is_fixed_set = false;  ///< Nobody creates or erases one.
    /// What is there from the start, until a row says otherwise.
    std::vector<AnyResource> initial;
    /// What a new installation begins with, to be changed and erased like all else.
    std::vector<AnyResource> shipped;
    AnyResource fresh;  ///< A new resource, in which nothing but defaults is set.

    // Special behaviour; null where there is none.

    /// Gives a resource that is about to be saved what it lacks (uuid, generated names); `before` is null for
    /// a new one.
    void (*complete)(void* resource, const void* before, const Snapshot& snapshot, Random& random) = nullptr;
    /// Refuses what contradicts the rest of the configuration.
    Result<void> (*fits)(const void* resource, const void* before, const Snapshot& snapshot) = nullptr;
    /// Refuses to erase what is still in use.
    Result<void> (*may_go)(const void* resource, const Snapshot& snapshot) = nullptr;
    /// More resources that a search finds, by what belongs to them: their ids.
    std::vector<std::uint64_t> (*also_found)(std::string_view search_form,
                                             const Snapshot& snapshot) = nullptr;

    // What the types know

    Key (*key_of)(const void* resource) = nullptr;
    void (*set_id)(void* resource, std::uint64_t id) = nullptr;
    std::shared_ptr<void> (*copy)(const void* resource) = nullptr;
    void (*put)(SnapshotBuilder& builder, AnyResource resource) = nullptr;
    void (*erase)(SnapshotBuilder& builder, Key key) = nullptr;

    [[nodiscard]] const Field* find(std::string_view name) const noexcept;
    /// Whether two resources of the kind hold the same in all fields.
    [[nodiscard]] bool same(const void* a, const void* b) const;
    /// "12"; for an association "12,7".
    [[nodiscard]] std::string text_of(Key key) const;
};

/// Every kind, in the order in which they may be loaded: what others name comes first.
[[nodiscard]] std::span<const Declaration> declarations();
/// Null where there is no such kind.
[[nodiscard]] const Declaration* declaration_named(std::string_view kind) noexcept;

/// Written beside each resource, in its own source.
template <class Resource>
[[nodiscard]] Declaration declare();

namespace declaring {

/// Declaration::index by type, filled in by the first declarations(). Not a constant, so that who handles one
/// kind need not be compiled anew when another comes or changes.
template <class Resource>
inline std::size_t index_of = 0;

template <class Resource>
[[nodiscard]] Key key_of(const Resource& resource) {
    if constexpr (requires { resource.id; })
        return {resource.id.value, 0};
    else
        return resource.key();
}

// Hooks are written with the resource's own type: `.complete = completes<User, &complete>`.

template <class Resource, void (*hook)(Resource&, const Resource*, const Snapshot&, Random&)>
constexpr auto completes = +[](void* resource, const void* before, const Snapshot& snapshot, Random& random) {
    hook(*static_cast<Resource*>(resource), static_cast<const Resource*>(before), snapshot, random);
};
template <class Resource, Result<void> (*hook)(const Resource&, const Resource*, const Snapshot&)>
constexpr auto fits = +[](const void* resource, const void* before, const Snapshot& snapshot) {
    return hook(*static_cast<const Resource*>(resource), static_cast<const Resource*>(before), snapshot);
};
template <class Resource, Result<void> (*hook)(const Resource&, const Snapshot&)>
constexpr auto may_go = +[](const void* resource, const Snapshot& snapshot) {
    return hook(*static_cast<const Resource*>(resource), snapshot);
};
template <class Resource, void (*hook)(std::string&, const Resource&, const Snapshot&)>
constexpr auto writes = +[](std::string& out, const void* resource, const Snapshot& snapshot) {
    hook(out, *static_cast<const Resource*>(resource), snapshot);
};
/// The same for what is easier made as a value and seldom shown.
template <class Resource, boost::json::value (*hook)(const Resource&, const Snapshot&)>
constexpr auto shows = +[](std::string& out, const void* resource, const Snapshot& snapshot) {
    out += boost::json::serialize(hook(*static_cast<const Resource*>(resource), snapshot));
};

}  // namespace declaring

template <class Resource>
[[nodiscard]] const Declaration& declaration_of() {
    const auto all = declarations();
    return all[declaring::index_of<Resource>];
}

}  // namespace almon::model
