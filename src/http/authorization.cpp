// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/authorization.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/utf8.hpp"
#include "http/headers.hpp"
#include "http/query.hpp"

namespace almon::http {

namespace {

constexpr std::string_view kField = "Authorization";

int sextet(char c) noexcept {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+') return 62;
    if (c == '/') return 63;
    return -1;
}

/// RFC 4648 section 4; padding may be left out, as some clients do.
std::optional<std::string> decode_base64(std::string_view text) {
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding)
        text.remove_suffix(1);
    if (text.size() % 4 == 1) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const int value = sextet(c);
        if (value < 0) return std::nullopt;
        held = held << 6U | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        bytes += static_cast<char>(held >> bits & 0xffU);
    }
    return bytes;
}

}  // namespace

Result<BasicCredentials> BasicCredentials::parse(std::string_view field) {
    field = trim(field);
    const std::size_t space = std::min(field.find(' '), field.size());
    if (!equal_ignoring_case(field.substr(0, space), "Basic"))
        return refuse(ErrorCode::Unsupported, std::string(kField), "is not of the Basic scheme");
    const auto bytes = decode_base64(trim(field.substr(space)));
    if (!bytes) return refuse(ErrorCode::Malformed, std::string(kField), "is no base64");
    const std::size_t colon = bytes->find(':');
    if (colon == std::string::npos || !is_utf8(*bytes) || bytes->find('\0') != std::string::npos)
        return refuse(ErrorCode::Malformed, std::string(kField), "holds no login and password");
    return BasicCredentials{bytes->substr(0, colon), bytes->substr(colon + 1)};
}

}  // namespace almon::http
