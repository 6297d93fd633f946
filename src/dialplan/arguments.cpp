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
    const auto question = std::min(text.find('?'), text.size());
    choice.condition = trimmed(text.substr(0, question));
    const auto rest = text.substr(std::min(question + 1, text.size()));
    std::size_t at = 0;
    int depth = 0;
    for (; at < rest.size(); ++at) {
        if (rest[at] == '(') ++depth;
        if (rest[at] == ')') --depth;
        if (rest[at] == ':' && depth <= 0) break;
    }
    choice.if_true = trimmed(rest.substr(0, at));
    if (at < rest.size()) choice.if_false = trimmed(rest.substr(at + 1));
    return choice;
}

}  // namespace almon::dialplan
