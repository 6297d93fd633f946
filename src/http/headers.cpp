// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/headers.hpp"

#include <algorithm>

namespace almon::http {

namespace {

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// RFC 9110 12.4.2: "q=0", "q=0.000".
bool weighs_nothing(std::string_view parameters) noexcept {
    while (!parameters.empty()) {
        const std::size_t end = std::min(parameters.find(';'), parameters.size());
        const std::string_view parameter = trim(parameters.substr(0, end));
        if (parameter.size() >= 3 && lower(parameter[0]) == 'q' && parameter[1] == '=') {
            return parameter.find_first_not_of("0.", 2) == std::string_view::npos;
        }
        parameters.remove_prefix(std::min(end + 1, parameters.size()));
    }
    return false;
}

}  // namespace

bool equal_ignoring_case(std::string_view left, std::string_view right) noexcept {
    return left.size() == right.size() && std::equal(left.begin(), left.end(), right.begin(),
                                                     [](char a, char b) { return lower(a) == lower(b); });
}

std::string_view trim(std::string_view text) noexcept {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool list_admits(std::string_view list, std::string_view token) noexcept {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(','), list.size());
        const std::string_view item = list.substr(0, end);
        const std::size_t semicolon = std::min(item.find(';'), item.size());
        if (equal_ignoring_case(trim(item.substr(0, semicolon)), token)) {
            return !weighs_nothing(item.substr(std::min(semicolon + 1, item.size())));
        }
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return false;
}

void Headers::add(std::string_view name, std::string_view value) {
    value = trim(value);
    Entry entry;
    entry.name = static_cast<std::uint32_t>(text_.size());
    entry.name_size = static_cast<std::uint32_t>(name.size());
    text_ += name;
    entry.value = static_cast<std::uint32_t>(text_.size());
    entry.value_size = static_cast<std::uint32_t>(value.size());
    text_ += value;
    for (std::size_t index = entry.name; index < text_.size(); ++index) {
        const auto c = static_cast<unsigned char>(text_[index]);
        if ((c < 0x20 && c != '\t') || c == 0x7f) text_[index] = ' ';
    }
    entries_.push_back(entry);
}

void Headers::set(std::string_view name, std::string_view value) {
    remove(name);
    add(name, value);
}

void Headers::remove(std::string_view name) {
    std::erase_if(entries_, [&](const Entry& entry) {
        return equal_ignoring_case(std::string_view(text_).substr(entry.name, entry.name_size), name);
    });
}

std::optional<std::string_view> Headers::find(std::string_view name) const noexcept {
    for (std::size_t index = 0; index < entries_.size(); ++index) {
        const Field field = (*this)[index];
        if (equal_ignoring_case(field.name, name)) return field.value;
    }
    return std::nullopt;
}

std::string_view Headers::get(std::string_view name) const noexcept {
    return find(name).value_or(std::string_view{});
}

std::size_t Headers::count(std::string_view name) const noexcept {
    std::size_t count = 0;
    for (std::size_t index = 0; index < entries_.size(); ++index) {
        if (equal_ignoring_case((*this)[index].name, name)) ++count;
    }
    return count;
}

Headers::Field Headers::operator[](std::size_t index) const noexcept {
    const Entry& entry = entries_[index];
    return {{text_.data() + entry.name, entry.name_size}, {text_.data() + entry.value, entry.value_size}};
}

void Headers::clear() noexcept {
    text_.clear();
    entries_.clear();
}

}  // namespace almon::http
