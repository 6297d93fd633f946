// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "base/id.hpp"
#include "base/result.hpp"

namespace almon::model {

/// How a field is kept and documented. Reference: the id of another resource, null for none. List and
/// Object are kept as JSON.
enum class FieldKind : std::uint8_t { Boolean, Integer, Text, Reference, List, Object };

/// A member's type from and to JSON. from_json() refuses another type with a sentence that says which it
/// wants. A type of one's own takes part by a specialisation beside it.
template <class Value>
struct FieldCodec;

namespace codec {
[[nodiscard]] Result<bool> boolean(const boost::json::value& value);
[[nodiscard]] Result<std::int64_t> integer(const boost::json::value& value);
/// Well-formed UTF-8 without control characters other than tab and line feed.
[[nodiscard]] Result<std::string> text(const boost::json::value& value);
[[nodiscard]] Result<const boost::json::array*> list(const boost::json::value& value);
[[nodiscard]] Result<const boost::json::object*> object(const boost::json::value& value);
/// The text under `name`; nothing where it is absent, unless it is required.
[[nodiscard]] Result<std::string> member(const boost::json::object& object, std::string_view name,
                                         bool required);
}  // namespace codec

template <>
struct FieldCodec<bool> {
    static constexpr auto kKind = FieldKind::Boolean;
    static boost::json::value to_json(bool value) { return value; }
    static Result<void> from_json(const boost::json::value& json, bool& value) {
        return codec::boolean(json).map([&](bool taken) { value = taken; });
    }
};

template <std::integral Number>
    requires(!std::same_as<Number, bool>)
struct FieldCodec<Number> {
    static constexpr auto kKind = FieldKind::Integer;
    static boost::json::value to_json(Number value) { return static_cast<std::int64_t>(value); }
    static Result<void> from_json(const boost::json::value& json, Number& value) {
        const auto taken = codec::integer(json);
        if (!taken) return refuse(taken);
        if (!std::in_range<Number>(*taken))
            return refuse(ErrorCode::InvalidArgument, "", "is too large a number");
        value = static_cast<Number>(*taken);
        return {};
    }
};

template <>
struct FieldCodec<std::chrono::seconds> {
    static constexpr auto kKind = FieldKind::Integer;
    static boost::json::value to_json(std::chrono::seconds value) { return value.count(); }
    static Result<void> from_json(const boost::json::value& json, std::chrono::seconds& value) {
        return codec::integer(json).map([&](std::int64_t taken) { value = std::chrono::seconds(taken); });
    }
};

template <>
struct FieldCodec<std::string> {
    static constexpr auto kKind = FieldKind::Text;
    static boost::json::object schema() { return {{"type", "string"}}; }
    static boost::json::value to_json(const std::string& value) { return boost::json::string(value); }
    static Result<void> from_json(const boost::json::value& json, std::string& value) {
        return codec::text(json).map([&](std::string&& taken) { value = std::move(taken); });
    }
};

template <class Tag>
struct FieldCodec<Id<Tag>> {
    static constexpr auto kKind = FieldKind::Reference;
    static boost::json::object schema() { return {{"type", "integer"}}; }
    static boost::json::value to_json(Id<Tag> id) {
        return id ? boost::json::value(id.value) : boost::json::value(nullptr);
    }
    static Result<void> from_json(const boost::json::value& json, Id<Tag>& id) {
        if (json.is_null()) {
            id = {};
            return {};
        }
        const auto taken = codec::integer(json);
        if (!taken) return refuse(taken);
        if (*taken <= 0) return refuse(ErrorCode::InvalidArgument, "", "is no id");
        id = Id<Tag>{static_cast<std::uint64_t>(*taken)};
        return {};
    }
};

/// Null is nothing.
template <class Value>
struct FieldCodec<std::optional<Value>> {
    using Codec = FieldCodec<Value>;
    static constexpr auto kKind = Codec::kKind;
    static boost::json::object schema()
        requires requires { Codec::schema(); }
    {
        return Codec::schema();
    }
    static boost::json::value to_json(const std::optional<Value>& value) {
        return value ? boost::json::value(Codec::to_json(*value)) : boost::json::value(nullptr);
    }
    static Result<void> from_json(const boost::json::value& json, std::optional<Value>& value) {
        if (json.is_null()) {
            value.reset();
            return {};
        }
        Value taken{};
        if (const auto sound = Codec::from_json(json, taken); !sound) return sound;
        value = std::move(taken);
        return {};
    }
};

/// A name and its value: ["allow", "alaw"].
template <>
struct FieldCodec<std::pair<std::string, std::string>> {
    static boost::json::object schema();
    static boost::json::value to_json(const std::pair<std::string, std::string>& pair);
    static Result<void> from_json(const boost::json::value& json, std::pair<std::string, std::string>& pair);
};

/// A list of values that have a codec of their own.
template <class Item>
struct FieldCodec<std::vector<Item>> {
    static constexpr auto kKind = FieldKind::List;
    static boost::json::object schema() { return FieldCodec<Item>::schema(); }
    static boost::json::value to_json(const std::vector<Item>& list) {
        boost::json::array array;
        array.reserve(list.size());
        for (const auto& item : list)
            array.push_back(FieldCodec<Item>::to_json(item));
        return array;
    }
    static Result<void> from_json(const boost::json::value& json, std::vector<Item>& list) {
        const auto array = codec::list(json);
        if (!array) return refuse(array);
        std::vector<Item> taken;
        taken.reserve((*array)->size());
        for (const auto& element : **array) {
            if (const auto item = FieldCodec<Item>::from_json(element, taken.emplace_back()); !item)
                return refuse(item.error().code, "", "holds an entry that " + item.error().reason);
        }
        list = std::move(taken);
        return {};
    }
};

}  // namespace almon::model
