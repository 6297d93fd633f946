// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/declaration.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "model/kinds.hpp"
#include "model/snapshot.hpp"

namespace almon::model {
namespace {

template <class Resource>
Declaration made(std::size_t index) {
    auto declaration = declare<Resource>();
    declaration.index = index;
    declaration.fresh = std::make_shared<const Resource>();
    declaration.key_of = [](const void* resource) {
        return declaring::key_of(*static_cast<const Resource*>(resource));
    };
    if constexpr (requires(Resource resource) { resource.id; }) {
        declaration.set_id = [](void* resource, std::uint64_t id) {
            static_cast<Resource*>(resource)->id.value = id;
        };
    } else {
        declaration.is_association = true;
    }
    declaration.copy = [](const void* resource) -> std::shared_ptr<void> {
        return std::make_shared<Resource>(*static_cast<const Resource*>(resource));
    };
    declaration.put = [](SnapshotBuilder& builder, AnyResource resource) {
        builder.put(std::static_pointer_cast<const Resource>(std::move(resource)));
    };
    declaration.erase = [](SnapshotBuilder& builder, Key key) { builder.erase<Resource>(key); };
    for (Field& field : declaration.fields) {
        const auto value = field.get(declaration.fresh.get());
        field.is_nullable =
            !field.is_required && (value.is_null() || (value.is_string() && value.get_string().empty()));
    }
    return declaration;
}

template <class... Resources>
auto make_all(std::type_identity<std::tuple<Resources...>>) {
    return std::array{made<Resources>(kIndexOf<Resources>)...};
}

}  // namespace

const Field* Declaration::find(std::string_view name) const noexcept {
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return field.name == name; });
    return found == fields.end() ? nullptr : &*found;
}

bool Declaration::same(const void* a, const void* b) const {
    return std::all_of(fields.begin(), fields.end(),
                       [&](const Field& field) { return field.get(a) == field.get(b); });
}

std::string Declaration::text_of(Key key) const {
    auto text = std::to_string(key.first);
    if (is_association) text += ',' + std::to_string(key.second);
    return text;
}

std::span<const Declaration> declarations() {
    static const auto all = make_all(std::type_identity<Kinds>{});
    return all;
}

const Declaration* declaration_named(std::string_view kind) noexcept {
    for (const auto& declaration : declarations()) {
        if (declaration.kind == kind) return &declaration;
    }
    return nullptr;
}

}  // namespace almon::model
