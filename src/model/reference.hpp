// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <typeindex>

#include "model/field_codec.hpp"

namespace almon::model {

struct Declaration;

/// One resource of any kind, as others name it; nothing where there is no kind.
struct Reference {
    const Declaration* kind = nullptr;
    std::uint64_t id = 0;

    [[nodiscard]] explicit operator bool() const noexcept { return kind != nullptr; }
    friend bool operator==(const Reference&, const Reference&) noexcept = default;
};

/// Takes what a value names, one after the other.
using Refer = std::function<void(const Reference&)>;

namespace references {
/// The kind of resource that ids of this type name.
[[nodiscard]] const Declaration* kind_of_id(std::type_index id);

template <class Tag>
void refer(Id<Tag> id, const Refer& take) {
    if (id) take({kind_of_id(typeid(Id<Tag>)), id.value});
}
template <class Tag>
void forget(Id<Tag>& id, const Reference&) {
    id = {};
}

inline void refer(const Reference& reference, const Refer& take) {
    if (reference) take(reference);
}
inline void forget(Reference& reference, const Reference&) {
    reference = {};
}

template <class Value>
    requires requires(const Value& value, const Refer& take) { refer(value, take); }
void refer(const std::optional<Value>& value, const Refer& take) {
    if (value) refer(*value, take);
}
template <class Value>
    requires requires(const Value& value, const Refer& take) { refer(value, take); }
void forget(std::optional<Value>& value, const Reference&) {
    value.reset();
}

/// A list names what its entries name; it forgets by dropping the entries.
template <class Item>
    requires requires(const Item& item, const Refer& take) { refer(item, take); }
void refer(const std::vector<Item>& list, const Refer& take) {
    for (const auto& item : list)
        refer(item, take);
}
template <class Item>
    requires requires(const Item& item, const Refer& take) { refer(item, take); }
void forget(std::vector<Item>& list, const Reference& gone) {
    std::erase_if(list, [&](const Item& item) {
        bool names_it = false;
        refer(item, [&](const Reference& named) { names_it |= named == gone; });
        return names_it;
    });
}

}  // namespace references

/// Kept as "group:12".
template <>
struct FieldCodec<Reference> {
    static constexpr auto kKind = FieldKind::Text;
    static boost::json::value to_json(const Reference& reference);
    static Result<void> from_json(const boost::json::value& json, Reference& reference);
};

}  // namespace almon::model
