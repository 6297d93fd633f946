// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "pbx/number_expression.hpp"

namespace almon::pbx {

/// One section of xivo_in_callerid.conf (INS-024): numbers that match lose leading characters and get others.
struct CallerNumberRule {
    std::string name;
    std::string callerid;  ///< As it is written.
    NumberExpression expression;
    std::size_t strip = 0;
    std::string add{};
};

/// What providers send as the caller's number, made into what is shown and can be called back. The first rule
/// that matches counts.
using CallerNumberRules = std::vector<CallerNumberRule>;

/// Reads the file of old: sections in brackets with `callerid`, `strip` and `add`; # and ; begin comments.
/// Refused with the line and the reason.
[[nodiscard]] Result<CallerNumberRules> parse_caller_number_rules(std::string_view file);
/// The rule for a number; null: none.
[[nodiscard]] const CallerNumberRule* rule_for(const CallerNumberRules& rules, std::string_view number);
[[nodiscard]] std::string rewritten(const CallerNumberRule& rule, std::string_view number);

}  // namespace almon::pbx
