// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/field_codec.hpp"

#include <cmath>
#include <limits>

#include "base/utf8.hpp"

namespace almon::model {

namespace json = boost::json;

namespace codec {

namespace {

tl::unexpected<Error> wrong(std::string reason) {
    return refuse(ErrorCode::InvalidArgument, "", std::move(reason));
}

}  // namespace

Result<bool> boolean(const json::value& value) {
    if (!value.is_bool()) return wrong("must be true or false");
    return value.get_bool();
}

Result<std::int64_t> integer(const json::value& value) {
    if (value.is_int64()) return value.get_int64();
    if (value.is_uint64()) return wrong("is too large a number");
    // 30.0 is the whole number 30 for most who write JSON.
    if (value.is_double() && std::trunc(value.get_double()) == value.get_double() &&
        std::abs(value.get_double()) < 9e15) {
        return static_cast<std::int64_t>(value.get_double());
    }
    return wrong("must be a whole number");
}

Result<std::string> text(const json::value& value) {
    if (!value.is_string()) return wrong("must be a text");
    const auto& given = value.get_string();
    if (!is_utf8(given)) return wrong("is not well-formed UTF-8");
    for (const char c : given) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte < 0x20 && c != '\t' && c != '\n') || byte == 0x7f)
            return wrong("holds a control character");
    }
    return std::string(given);
}

Result<const json::array*> list(const json::value& value) {
    if (!value.is_array()) return wrong("must be a list");
    return &value.get_array();
}

Result<const json::object*> object(const json::value& value) {
    if (!value.is_object()) return wrong("must be an object");
    return &value.get_object();
}

Result<std::string> member(const json::object& object, std::string_view name, bool required) {
    const auto* found = object.if_contains(name);
    if (found == nullptr || found->is_null()) {
        if (required) return wrong("lacks '" + std::string(name) + "'");
        return std::string();
    }
    auto taken = text(*found);
    if (!taken) return wrong("has a '" + std::string(name) + "' that " + taken.error().reason);
    return taken;
}

}  // namespace codec

using Pair = std::pair<std::string, std::string>;

json::object FieldCodec<Pair>::schema() {
    return {
        {"type", "array"}, {"items", FieldCodec<std::string>::schema()}, {"minItems", 2}, {"maxItems", 2}};
}

json::value FieldCodec<Pair>::to_json(const Pair& pair) {
    return json::array{pair.first, pair.second};
}

Result<void> FieldCodec<Pair>::from_json(const json::value& value, Pair& pair) {
    const auto array = codec::list(value);
    if (!array || (*array)->size() != 2)
        return refuse(ErrorCode::InvalidArgument, "", R"(must be ["name", "value"])");
    auto name = codec::text((**array)[0]);
    if (!name) return refuse(name);
    auto text = codec::text((**array)[1]);
    if (!text) return refuse(text);
    pair = {*std::move(name), *std::move(text)};
    return {};
}

}  // namespace almon::model
