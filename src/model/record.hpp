// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <type_traits>

#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <boost/mp11.hpp>

#include "model/field_codec.hpp"

namespace almon::model {

/// The codec of a small struct within a resource: an object of its described members (BOOST_DESCRIBE_STRUCT),
/// each by its own codec. Members that are left out have their default; others are refused. Texts are limited
/// to kLongestText bytes, lists to kMostEntries. Written beside the struct:
///     template <>
///     struct FieldCodec<MailRule> : RecordCodec<MailRule> {};
template <class Record>
struct RecordCodec {
    static constexpr auto kKind = FieldKind::Object;
    static constexpr std::size_t kLongestText = 1000;
    static constexpr std::size_t kMostEntries = 1000;

    static boost::json::object schema() {
        boost::json::object properties;
        for_each_member([&](const auto& member) {
            using Value = ValueOf<decltype(member)>;
            properties[member.name] = schema_of<Value>();
        });
        return {{"type", "object"}, {"properties", std::move(properties)}};
    }
    static boost::json::value to_json(const Record& record) {
        boost::json::object object;
        for_each_member([&](const auto& member) {
            using Value = ValueOf<decltype(member)>;
            object[member.name] = FieldCodec<Value>::to_json(record.*member.pointer);
        });
        return object;
    }
    static Result<void> from_json(const boost::json::value& json, Record& record) {
        const auto object = codec::object(json);
        if (!object) return refuse(object);
        Record taken;
        Result<void> sound;
        std::size_t known = 0;
        for_each_member([&](const auto& member) {
            const auto* value = (*object)->if_contains(member.name);
            if (value == nullptr) return;
            ++known;
            if (!sound || value->is_null()) return;
            if (auto fits = take(*value, taken.*member.pointer); !fits)
                sound = wrong(member.name, fits.error().reason);
        });
        if (sound && known < (*object)->size())
            sound = refuse(ErrorCode::InvalidArgument, "", "has members that are not known here");
        if (sound) record = std::move(taken);
        return sound;
    }

private:
    template <class Member>
    using ValueOf = std::remove_cvref_t<decltype(std::declval<Record>().*std::declval<Member>().pointer)>;

    template <class Visitor>
    static void for_each_member(Visitor&& visitor) {
        boost::mp11::mp_for_each<boost::describe::describe_members<Record, boost::describe::mod_public>>(
            visitor);
    }
    template <class Value>
    static boost::json::object schema_of() {
        if constexpr (std::is_same_v<Value, bool>)
            return {{"type", "boolean"}};
        else if constexpr (std::is_integral_v<Value>)
            return {{"type", "integer"}};
        else if constexpr (FieldCodec<Value>::kKind == FieldKind::List)
            return {{"type", "array"}, {"items", FieldCodec<Value>::schema()}};
        else
            return FieldCodec<Value>::schema();
    }
    template <class Value>
    static Result<void> take(const boost::json::value& json, Value& value) {
        if (json.is_array() && json.get_array().size() > kMostEntries)
            return refuse(ErrorCode::InvalidArgument, "", "has more than 1000 entries");
        auto taken = FieldCodec<Value>::from_json(json, value);
        if constexpr (std::is_same_v<Value, std::string>) {
            if (taken && value.size() > kLongestText)
                return refuse(ErrorCode::InvalidArgument, "", "is longer than 1000 bytes");
        }
        return taken;
    }
    static tl::unexpected<Error> wrong(std::string_view member, const std::string& reason) {
        return refuse(ErrorCode::InvalidArgument, "", "has a '" + std::string(member) + "' that " + reason);
    }
};

}  // namespace almon::model
