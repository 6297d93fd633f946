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

}  // namespace almon::model
