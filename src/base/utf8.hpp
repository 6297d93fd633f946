// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace almon {

/// Well-formed by RFC 3629: no overlong forms, no surrogates, nothing cut off.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;
/// Code points in well-formed text.
[[nodiscard]] std::size_t utf8_length(std::string_view text) noexcept;
/// The text as people search for it: without case and accents ("Hélène" and "helene" are the same),
/// compatible forms made one. What is not well-formed is taken as it is.
[[nodiscard]] std::string search_form(std::string_view text);

}  // namespace almon
