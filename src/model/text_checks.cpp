// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/text_checks.hpp"

#include <algorithm>

namespace almon::model {
namespace {

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

bool is_digits_and(std::string_view text, std::string_view more) noexcept {
    return std::all_of(text.begin(), text.end(),
                       [&](char c) { return is_digit(c) || more.find(c) != std::string_view::npos; });
}

bool is_word_and(std::string_view text, std::string_view more) noexcept {
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return is_letter(c) || is_digit(c) || more.find(c) != std::string_view::npos;
    });
}

namespace checks {

Result<void> word(const boost::json::value& value) {
    if (is_word_and(value.get_string(), "-_.")) return {};
    return refuse(ErrorCode::InvalidArgument, "", "may have letters, digits, -, _ and . only");
}

Result<void> digits(const boost::json::value& value) {
    if (is_digits_and(value.get_string())) return {};
    return refuse(ErrorCode::InvalidArgument, "", "may have digits only");
}

Result<void> email(const boost::json::value& value) {
    const std::string_view text = value.get_string();
    const auto at = text.find('@');
    if (text.empty()) return {};
    if (at == std::string_view::npos || at == 0 || at + 1 == text.size() ||
        text.find(' ') != std::string_view::npos || text.find('@', at + 1) != std::string_view::npos)
        return refuse(ErrorCode::InvalidArgument, "", "must be an address like alice@example.org");
    return {};
}

Result<void> phone_number(const boost::json::value& value) {
    if (!is_digits_and(value.get_string(), "*#+"))
        return refuse(ErrorCode::InvalidArgument, "", "may have digits, *, # and + only");
    return {};
}

Result<void> timezone(const boost::json::value& value) {
    const std::string_view text = value.get_string();
    if (!is_word_and(text, "/_+-") || text.starts_with('/'))
        return refuse(ErrorCode::InvalidArgument, "", "must be a time zone like America/Montreal");
    return {};
}

Result<void> sound(const boost::json::value& value) {
    const std::string_view text = value.get_string();
    if (is_word_and(text, "-_./ ") && text.find("..") == std::string_view::npos) return {};
    return refuse(ErrorCode::InvalidArgument, "", "may have letters, digits, -, _, ., / and no .. only");
}

}  // namespace checks

}  // namespace almon::model
