// SPDX-License-Identifier: GPL-3.0-or-later
#include "ami/message.hpp"

#include <algorithm>

namespace almon::ami {

namespace {

char lower(char letter) noexcept {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

void append_clean(std::string& text, std::string_view words) {
    for (const char letter : words) {
        if (letter != '\r' && letter != '\n' && letter != '\0') text += letter;
    }
}

}  // namespace

bool same_name(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, lower, lower);
}

bool is_true(std::string_view value) noexcept {
    static constexpr std::string_view kWords[] = {"yes", "true", "y", "t", "1", "on"};
    return std::ranges::any_of(kWords, [&](std::string_view word) { return same_name(value, word); });
}

Message& Message::add(std::string_view name, std::string_view value) {
    headers_.emplace_back(name, value);
    return *this;
}

void Message::insert(std::size_t place, std::string_view name, std::string_view value) {
    const auto behind = std::min(place, headers_.size());
    headers_.emplace(headers_.begin() + static_cast<std::ptrdiff_t>(behind), name, value);
}

std::string_view Message::find(std::string_view name) const noexcept {
    const auto found =
        std::ranges::find_if(headers_, [&](const Header& header) { return same_name(header.first, name); });
    return found == headers_.end() ? std::string_view{} : std::string_view(found->second);
}

bool Message::has(std::string_view name) const noexcept {
    return std::ranges::any_of(headers_, [&](const Header& header) { return same_name(header.first, name); });
}

std::vector<std::string_view> Message::all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const auto& [each, value] : headers_) {
        if (same_name(each, name)) values.emplace_back(value);
    }
    return values;
}

std::string Message::text() const {
    std::string text;
    for (const auto& [name, value] : headers_) {
        append_clean(text, name);
        text += ": ";
        append_clean(text, value);
        text += "\r\n";
    }
    text += "\r\n";
    return text;
}

}  // namespace almon::ami
