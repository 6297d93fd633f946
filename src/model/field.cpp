// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/field.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/utf8.hpp"

namespace almon::model {

namespace json = boost::json;

namespace {

tl::unexpected<Error> wrong(std::string reason) {
    return refuse(ErrorCode::InvalidArgument, "", std::move(reason));
}

constexpr std::size_t kLongestList = 1000;
constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
constexpr auto kMost = std::numeric_limits<std::int64_t>::max();

}  // namespace

json::value Field::show(const void* resource) const {
    auto value = get_(resource);
    if (value.is_string() && value.get_string().empty() && !is_plain_text) return nullptr;
    return value;
}

Result<void> Field::take(void* resource, const json::value& value) const {
    if (value.is_null()) {
        if (!is_nullable) return wrong("must not be null");
        return set_(resource, kind == FieldKind::Text ? json::value("") : value);
    }
    if (kind == FieldKind::Text && value.is_string()) {
        const auto& text = value.get_string();
        if (text.empty() && is_nullable) return set_(resource, value);
        const auto length = utf8_length(text);
        if (is_required && text.empty()) return wrong("must not be empty");
        if (length < shortest) return wrong(fmt::format("must have at least {} characters", shortest));
        if (length > longest)
            return wrong(fmt::format("must have at most {} characters, not {}", longest, length));
        if (!choices.empty() &&
            std::find(choices.begin(), choices.end(), std::string_view(text)) == choices.end())
            return wrong(fmt::format("must be one of {}", fmt::join(choices, ", ")));
    }
    if (kind == FieldKind::Integer) {
        const auto number = codec::integer(value);
        if (number && (*number < minimum || *number > maximum)) {
            if (maximum == kMost) return wrong(fmt::format("must be at least {}", minimum));
            return wrong(fmt::format("must be from {} to {}", minimum, maximum));
        }
    }
    if (kind == FieldKind::List && value.is_array() && value.get_array().size() > kLongestList)
        return wrong(fmt::format("must have at most {} entries", kLongestList));
    if (check != nullptr) {
        // A check sees values of the right type alone: what is wrong with the type is said first.
        const bool fits = kind != FieldKind::Text || value.is_string();
        if (fits) {
            if (const auto sound = check(value); !sound) return sound;
        }
    }
    return set_(resource, value);
}

json::object Field::schema(const json::value& fallback) const {
    json::object schema;
    switch (kind) {
        case FieldKind::Boolean:
            schema["type"] = "boolean";
            break;
        case FieldKind::Integer:
        case FieldKind::Reference:
            schema["type"] = "integer";
            break;
        case FieldKind::Text:
            schema["type"] = "string";
            break;
        case FieldKind::List:
            schema["type"] = "array";
            schema["items"] = items;
            break;
        case FieldKind::Object:
            schema = items;
            break;
    }
    if (!help.empty()) schema["description"] = help;
    if (!choices.empty()) {
        schema["enum"] = json::array(choices.begin(), choices.end());
    } else if (kind == FieldKind::Text) {
        if (shortest > 0) schema["minLength"] = shortest;
        schema["maxLength"] = longest;
    }
    if (kind == FieldKind::Integer && minimum != kLeast) schema["minimum"] = minimum;
    if (kind == FieldKind::Integer && maximum != kMost) schema["maximum"] = maximum;
    if (is_read_only) schema["readOnly"] = true;
    if (is_nullable) schema["x-nullable"] = true;
    if (is_unique) schema["x-unique"] = true;
    if (is_fixed) schema["x-fixed"] = true;
    if (is_secret || is_hashed) schema["x-secret"] = true;
    if (is_searched) schema["x-searched"] = true;
    if (is_sortable) schema["x-sortable"] = true;
    if (!is_read_only && !is_required && !fallback.is_null()) schema["default"] = fallback;
    return schema;
}

}  // namespace almon::model
