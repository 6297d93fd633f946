// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The basic rules of RFC 3261 25.1 that every header parser shares.
namespace almon::sip {

namespace syntax {

enum CharacterClass : std::uint8_t {
    kTokenCharacter = 1,
    kDigitCharacter = 2,
    kHexCharacter = 4,
    kWhiteSpace = 8,  ///< SP and HTAB, and CR and LF, which stand for white space inside a folded field.
    /// Visible and above ASCII, without '"', '<' and ','. Wider than gen-value and a URI's characters: phones
    /// write URIs and base64 without quotes, and raw UTF-8.
    kWordCharacter = 16,
    kListSyntax = 32,    ///< What CommaList looks at.
    kUriCharacter = 64,  ///< kWordCharacter and ',', without '>'.
    /// Letters, digits, '.' and '-'; also '_', which is not in the grammar, but in the names of many
    /// machines.
    kHostCharacter = 128,
};

inline constexpr std::array<std::uint8_t, 256> kClasses = [] {
    std::array<std::uint8_t, 256> classes{};
    for (int c = 'a'; c <= 'z'; ++c)
        classes[static_cast<std::size_t>(c)] = classes[static_cast<std::size_t>(c - 32)] = kTokenCharacter;
    for (int c = '0'; c <= '9'; ++c)
        classes[static_cast<std::size_t>(c)] = kTokenCharacter | kDigitCharacter | kHexCharacter;
    for (const char c : std::string_view("-.!%*_+`'~"))
        classes[static_cast<std::size_t>(c)] = kTokenCharacter;
    for (const char c : std::string_view("abcdefABCDEF"))
        classes[static_cast<std::size_t>(c)] |= kHexCharacter;
    for (const char c : std::string_view(" \t\r\n"))
        classes[static_cast<std::size_t>(c)] = kWhiteSpace;
    for (std::size_t c = 0; c < classes.size(); ++c) {
        const bool alphanumeric =
            (classes[c] & kDigitCharacter) != 0 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (alphanumeric || c == '.' || c == '-' || c == '_') classes[c] |= kHostCharacter;
    }
    for (std::size_t c = 0x21; c < classes.size(); ++c) {
        if (c == 0x7f || c == '"' || c == '<') continue;
        if (c != ',') classes[c] |= kWordCharacter;
        if (c != '>') classes[c] |= kUriCharacter;
    }
    for (const char c : std::string_view("\"<>,"))
        classes[static_cast<std::size_t>(c)] |= kListSyntax;
    return classes;
}();

[[nodiscard]] constexpr bool is(char c, CharacterClass which) noexcept {
    return (kClasses[static_cast<unsigned char>(c)] & which) != 0;
}

}  // namespace syntax

[[nodiscard]] constexpr bool is_token_character(char c) noexcept {
    return syntax::is(c, syntax::kTokenCharacter);
}
[[nodiscard]] constexpr bool is_digit(char c) noexcept {
    return syntax::is(c, syntax::kDigitCharacter);
}
[[nodiscard]] constexpr bool is_white_space(char c) noexcept {
    return syntax::is(c, syntax::kWhiteSpace);
}
[[nodiscard]] constexpr bool is_hex_digit(char c) noexcept {
    return syntax::is(c, syntax::kHexCharacter);
}
/// Only for a digit that is_hex_digit accepts.
[[nodiscard]] constexpr unsigned hex_value(char c) noexcept {
    return is_digit(c) ? static_cast<unsigned>(c - '0') : (static_cast<unsigned>(c) | 0x20U) - 'a' + 10U;
}
/// ASCII only: what RFC 3261 calls case-insensitive.
[[nodiscard]] constexpr char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

[[nodiscard]] constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] != b[i] && to_lower(a[i]) != to_lower(b[i])) return false;
    }
    return true;
}

/// Where the first of these characters stands. As find_first_of(), which calls memchr() for every character
/// of `text`.
template <char... Any>
[[nodiscard]] constexpr std::size_t find_first(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (((text[i] == Any) || ...)) return i;
    }
    return std::string_view::npos;
}

[[nodiscard]] constexpr std::string_view trim_left(std::string_view text) noexcept {
    while (!text.empty() && is_white_space(text.front()))
        text.remove_prefix(1);
    return text;
}
[[nodiscard]] constexpr std::string_view trim(std::string_view text) noexcept {
    text = trim_left(text);
    while (!text.empty() && is_white_space(text.back()))
        text.remove_suffix(1);
    return text;
}

/// One or more token characters.
[[nodiscard]] constexpr bool is_token(std::string_view text) noexcept {
    for (const char c : text) {
        if (!is_token_character(c)) return false;
    }
    return !text.empty();
}

/// Digits only, and not above `maximum`; nothing otherwise (no sign, no white space, no overflow).
template <std::unsigned_integral Number>
[[nodiscard]] std::optional<Number> parse_number(std::string_view text,
                                                 Number maximum = static_cast<Number>(-1)) noexcept {
    if (text.empty() || !is_digit(text.front())) return std::nullopt;
    Number number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number > maximum) return std::nullopt;
    return number;
}

/// The length of the quoted-string that `text` begins with, both quotes included; 0 when it does not end.
[[nodiscard]] constexpr std::size_t quoted_length(std::string_view text) noexcept {
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == '"') {
            return i + 1;
        }
    }
    return 0;
}

/// Takes backslashes out of the inside of a quoted-string.
[[nodiscard]] std::string unescape_quoted(std::string_view inside);
/// A quoted-string of `text`, quotes included; control characters become spaces.
[[nodiscard]] std::string quote(std::string_view text);
/// The inside when `text` is a quoted-string, else `text` itself.
[[nodiscard]] constexpr std::string_view without_quotes(std::string_view text) noexcept {
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
        text.remove_prefix(1);
        text.remove_suffix(1);
    }
    return text;
}

}  // namespace almon::sip
