// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/caller_id.hpp"

#include <string>

#include <fmt/format.h>

#include "pbx/technology/sip_endpoint_options.hpp"

namespace almon::pbx {
namespace {

std::string_view trimmed(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string unquoted(std::string_view text) {
    text = trimmed(text);
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
    std::string name;
    text = text.substr(1, text.size() - 2);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        name.push_back(text[i]);
    }
    return name;
}

}  // namespace

std::string full_name(const model::User& user) {
    if (user.lastname.empty()) return user.firstname;
    if (user.firstname.empty()) return user.lastname;
    return user.firstname + " " + user.lastname;
}

std::string marked_name(std::string_view name, std::string_view mode, std::string_view mark) {
    if (mode.empty() || mark.empty()) return std::string(name);
    if (mode == "prepend" && !name.empty()) return fmt::format("{} - {}", mark, name);
    if (mode == "append" && !name.empty()) return fmt::format("{} - {}", name, mark);
    return std::string(mark);
}

CallerId parse_caller_id(std::string_view text) {
    CallerId caller;
    text = trimmed(text);
    if (!text.empty() && text.back() == '>') {
        if (const auto open = text.rfind('<'); open != std::string_view::npos) {
            caller.number = std::string(trimmed(text.substr(open + 1, text.size() - open - 2)));
            text = text.substr(0, open);
        }
    }
    caller.name = unquoted(text);
    return caller;
}

CallerId internal_caller_id(const model::Snapshot& snapshot, const model::Line& line,
                            const model::User* user) {
    CallerId caller;
    if (user != nullptr) {
        caller = parse_caller_id(user->caller_id);
        if (caller.name.empty()) caller.name = full_name(*user);
    }
    if (!line.caller_id_name.empty()) caller.name = line.caller_id_name;
    if (!line.caller_id_number.empty()) {
        caller.number = line.caller_id_number;
    } else if (caller.number.empty()) {
        if (const auto* extension = snapshot.main_extension_of_line(line.id))
            caller.number = extension->exten;
    }
    return caller;
}

std::string_view account_code(const model::Snapshot& snapshot, const model::Line& line) noexcept {
    const auto* endpoint = snapshot.endpoint_sip(line.endpoint_sip);
    return endpoint != nullptr ? option_of(*endpoint, "accountcode") : std::string_view{};
}

}  // namespace almon::pbx
