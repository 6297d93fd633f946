// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialplan/arguments.hpp"

#include <algorithm>

namespace almon::dialplan {

std::string_view trimmed(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::vector<std::string> split_arguments(std::string_view text, std::size_t most) {
    std::vector<std::string> arguments;
    if (trimmed(text).empty()) return arguments;
    std::string current;
    int depth = 0;
    bool quoted = false;
    const auto end_one = [&] {
        arguments.emplace_back(trimmed(current));
        current.clear();
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        const bool is_last = most != 0 && arguments.size() + 1 == most;
        if (c == '\\' && at + 1 < text.size()) {
            current += text[++at];
        } else if (c == '"') {
            quoted = !quoted;
        } else if (c == ',' && depth == 0 && !quoted && !is_last) {
            end_one();
        } else {
            if (!quoted && (c == '(' || c == '[')) ++depth;
            if (!quoted && (c == ')' || c == ']')) depth = std::max(0, depth - 1);
            current += c;
        }
    }
    end_one();
    return arguments;
}

Choice split_choice(std::string_view text) noexcept {
    Choice choice;
    std::size_t question = text.size();
    std::size_t colon = text.size();
    int round = 0;   // Brackets, behind the question mark.
    int nested = 0;  // ${...} and $[...].
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        const bool opens = c == '$' && at + 1 < text.size() && (text[at + 1] == '{' || text[at + 1] == '[');
        if (opens) {
            ++nested;
            ++at;
        } else if (nested > 0) {
            if (c == '}' || c == ']') --nested;
        } else if (question == text.size()) {
            if (c == '?') question = at;
        } else {
            if (c == '(') ++round;
            if (c == ')') --round;
            if (c == ':' && round <= 0) {
                colon = at;
                break;
            }
        }
    }
    choice.condition = trimmed(text.substr(0, question));
    if (question < text.size()) choice.if_true = trimmed(text.substr(question + 1, colon - question - 1));
    if (colon < text.size()) choice.if_false = trimmed(text.substr(colon + 1));
    return choice;
}

}  // namespace almon::dialplan
