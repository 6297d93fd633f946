// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/declaration.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <tuple>
#include <typeindex>
#include <unordered_map>

#include "model/kinds.hpp"
#include "model/snapshot.hpp"

namespace almon::model {

namespace json = boost::json;

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
        // An association goes with what it joins; the id of a resource is its own.
        if (field.is_key) declaration.is_association ? field.follows() : field.names_nobody();
        field.is_nullable =
            !field.is_required && (value.is_null() || (value.is_string() && value.get_string().empty()));
    }
    return declaration;
}

template <class... Resources>
auto make_all(std::type_identity<std::tuple<Resources...>>) {
    std::size_t index = 0;
    ((declaring::index_of<Resources> = index++), ...);
    return std::array{made<Resources>(declaring::index_of<Resources>)...};
}

template <class... Resources>
auto kinds_by_id(std::type_identity<std::tuple<Resources...>>) {
    return std::unordered_map<std::type_index, const Declaration*>{
        {typeid(Id<Resources>), &declaration_of<Resources>()}...};
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

const Declaration* references::kind_of_id(std::type_index id) {
    static const auto kinds = kinds_by_id(std::type_identity<Kinds>{});
    return kinds.at(id);
}

json::value FieldCodec<Reference>::to_json(const Reference& reference) {
    return json::string(reference ? reference.kind->kind + ':' + std::to_string(reference.id) : "");
}

Result<void> FieldCodec<Reference>::from_json(const json::value& value, Reference& reference) {
    const auto text = codec::text(value);
    if (!text) return refuse(text);
    if (text->empty()) {
        reference = {};
        return {};
    }
    const auto colon = text->find(':');
    const auto* kind = declaration_named(std::string_view(*text).substr(0, colon));
    std::uint64_t id = 0;
    if (kind != nullptr && colon != std::string::npos)
        std::from_chars(text->data() + colon + 1, text->data() + text->size(), id);
    if (id == 0) return refuse(ErrorCode::InvalidArgument, "", "names no resource: '" + *text + "'");
    reference = {kind, id};
    return {};
}

}  // namespace almon::model
