// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace almon::model {

/// Made of ASCII digits and the characters of `more` alone; so is the empty text.
[[nodiscard]] bool is_digits_and(std::string_view text, std::string_view more = {}) noexcept;
/// Made of ASCII letters, digits and the characters of `more` alone; so is the empty text.
[[nodiscard]] bool is_word_and(std::string_view text, std::string_view more = {}) noexcept;

}  // namespace almon::model
