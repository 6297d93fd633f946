// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/caller_number_rules.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace almon::pbx {
namespace {

std::string_view trimmed(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

tl::unexpected<Error> wrong(std::size_t line, std::string_view why) {
    return refuse(ErrorCode::InvalidArgument, fmt::format("line {}", line), std::string(why));
}

Result<void> take(CallerNumberRule& rule, std::string_view name, std::string_view value, std::size_t line) {
    if (name == "callerid") {
        auto expression = NumberExpression::parse(value);
        if (!expression) return wrong(line, expression.error().field + " " + expression.error().reason);
        rule.expression = *std::move(expression);
        rule.callerid = value;
    } else if (name == "strip") {
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), rule.strip);
        if (error != std::errc{} || end != value.data() + value.size())
            return wrong(line, "strip must be a number");
    } else if (name == "add") {
        rule.add = value;
    } else {
        return wrong(line, fmt::format("'{}' is not callerid, strip or add", name));
    }
    return {};
}

}  // namespace

Result<CallerNumberRules> parse_caller_number_rules(std::string_view file) {
    CallerNumberRules rules;
    std::size_t number = 0;
    while (!file.empty()) {
        ++number;
        const auto end = std::min(file.find('\n'), file.size());
        const auto line = trimmed(file.substr(0, end));
        file.remove_prefix(std::min(end + 1, file.size()));
        if (line.empty() || line.front() == '#' || line.front() == ';') continue;
        if (line.front() == '[') {
            if (line.back() != ']') return wrong(number, "the section's name does not end");
            rules.push_back({std::string(line.substr(1, line.size() - 2)), {}, {}, 0, {}});
            continue;
        }
        const auto equals = line.find('=');
        if (rules.empty() || equals == std::string_view::npos)
            return wrong(number, "must be 'name = value' in a section");
        const auto taken =
            take(rules.back(), trimmed(line.substr(0, equals)), trimmed(line.substr(equals + 1)), number);
        if (!taken) return refuse(taken);
    }
    for (const auto& rule : rules) {
        if (rule.callerid.empty())
            return wrong(number, fmt::format("the section '{}' has no callerid", rule.name));
    }
    return rules;
}

const CallerNumberRule* rule_for(const CallerNumberRules& rules, std::string_view number) {
    const auto found = std::ranges::find_if(
        rules, [&](const CallerNumberRule& rule) { return rule.expression.matches(number); });
    return found == rules.end() ? nullptr : &*found;
}

std::string rewritten(const CallerNumberRule& rule, std::string_view number) {
    return rule.add + std::string(number.substr(std::min(rule.strip, number.size())));
}

}  // namespace almon::pbx
