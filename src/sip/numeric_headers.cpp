// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/numeric_headers.hpp"

#include <algorithm>
#include <limits>

#include "sip/syntax.hpp"

namespace almon::sip {

namespace {

std::optional<std::chrono::seconds> seconds_of(const Message& message, HeaderName name) noexcept {
    const auto value = message.header(name);
    return value ? parse_delta_seconds(*value) : std::nullopt;
}

}  // namespace

std::optional<std::chrono::seconds> parse_delta_seconds(std::string_view value) noexcept {
    value = trim(value);
    if (value.empty() || !std::ranges::all_of(value, is_digit)) return std::nullopt;
    const auto number = parse_number<std::uint32_t>(value);
    return std::chrono::seconds{number.value_or(std::numeric_limits<std::uint32_t>::max())};
}

std::optional<std::uint8_t> max_forwards(const Message& message) noexcept {
    const auto value = message.header(HeaderName::MaxForwards);
    return value ? parse_number<std::uint8_t>(*value) : std::nullopt;
}

std::optional<std::chrono::seconds> expires(const Message& message) noexcept {
    return seconds_of(message, HeaderName::Expires);
}

std::optional<std::chrono::seconds> min_expires(const Message& message) noexcept {
    return seconds_of(message, HeaderName::MinExpires);
}

std::optional<std::chrono::seconds> retry_after(const Message& message) noexcept {
    const auto value = message.header(HeaderName::RetryAfter);
    return value ? parse_delta_seconds(value->substr(0, value->find_first_of("(;"))) : std::nullopt;
}

}  // namespace almon::sip
