// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/query.hpp"

#include <algorithm>
#include <cstdint>

#include "base/utf8.hpp"

namespace almon::http {

namespace {

constexpr int hex_digit(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

constexpr bool is_unreserved(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

}  // namespace

Result<void> percent_decode(std::string_view text, PlusSign plus, std::string& into) {
    const std::size_t begin = into.size();
    for (std::size_t index = 0; index < text.size(); ++index) {
        char c = text[index];
        if (c == '%') {
            const int high = index + 2 < text.size() ? hex_digit(text[index + 1]) : -1;
            const int low = index + 2 < text.size() ? hex_digit(text[index + 2]) : -1;
            if (high < 0 || low < 0)
                return refuse(ErrorCode::Malformed, {}, "% is not followed by two hexadecimal digits");
            c = static_cast<char>(high * 16 + low);
            index += 2;
        } else if (c == '+' && plus == PlusSign::Space) {
            c = ' ';
        }
        if (c == '\0') return refuse(ErrorCode::Malformed, {}, "the character NUL is not allowed");
        into += c;
    }
    if (!is_utf8(std::string_view(into).substr(begin))) return refuse(ErrorCode::Malformed, {}, "not UTF-8");
    return {};
}

std::string percent_encode(std::string_view text) {
    static constexpr char kDigits[] = "0123456789ABCDEF";
    std::string encoded;
    encoded.reserve(text.size());
    for (const char c : text) {
        if (is_unreserved(c)) {
            encoded += c;
        } else {
            encoded += '%';
            encoded += kDigits[static_cast<std::uint8_t>(c) >> 4];
            encoded += kDigits[static_cast<std::uint8_t>(c) & 0x0f];
        }
    }
    return encoded;
}

Result<void> Query::assign(std::string_view text) {
    parameters_.clear();
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('&'), text.size());
        const std::string_view pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (pair.empty()) continue;
        const std::size_t equals = std::min(pair.find('='), pair.size());
        Parameter parameter;
        auto decoded = percent_decode(pair.substr(0, equals), PlusSign::Space, parameter.name);
        if (decoded && equals < pair.size()) {
            decoded = percent_decode(pair.substr(equals + 1), PlusSign::Space, parameter.value);
        }
        if (!decoded) {
            parameters_.clear();
            return refuse(ErrorCode::Malformed, "query", decoded.error().reason);
        }
        parameters_.push_back(std::move(parameter));
    }
    return {};
}

std::optional<std::string_view> Query::find(std::string_view name) const noexcept {
    for (const Parameter& parameter : parameters_) {
        if (parameter.name == name) return parameter.value;
    }
    return std::nullopt;
}

}  // namespace almon::http
