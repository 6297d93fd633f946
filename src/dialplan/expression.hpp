// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace almon::dialplan {

/// The value of what stands in $[...], once its variables are put in. From what binds least: `a ? b :: c`,
/// `|`, `&`, comparisons (= == != < <= > >=), + and -, * / %, ! and - before a value, last the matching of
/// regular expressions (`text : expression` from the start, `text =~ expression` anywhere; the part in
/// brackets, else how many characters match) and `~~` that joins. What looks like a number is compared and
/// reckoned as one, all else as text; quotes hold a text together and are no part of it. Refused: what is no
/// expression, a division by zero, and more than 64 levels of brackets.
[[nodiscard]] Result<std::string> evaluate(std::string_view expression);

/// Whether a condition holds: anything but nothing at all and zero.
[[nodiscard]] bool is_true(std::string_view value);

/// The number that a whole text is, apart from spaces around it; false: it is none.
[[nodiscard]] bool read_number(std::string_view text, double& number);
/// Whole where it is one.
[[nodiscard]] std::string number_text(double number);

/// How a POSIX regular expression matches; both shorter than 1,024 characters.
struct RegularMatch {
    bool matches = false;
    std::size_t length = 0;
    bool has_group = false;
    std::string group;  ///< The first part in brackets.
};
/// Refused: it is none.
[[nodiscard]] Result<RegularMatch> match_regular(std::string_view expression, std::string_view text,
                                                 bool from_start);

}  // namespace almon::dialplan
