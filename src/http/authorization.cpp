// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/authorization.hpp"

#include <algorithm>
#include <optional>

#include "base/base64.hpp"
#include "base/utf8.hpp"
#include "http/headers.hpp"
#include "http/query.hpp"

namespace almon::http {

namespace {

constexpr std::string_view kField = "Authorization";

/// Some clients leave the padding out.
std::optional<std::string> decode_padded_or_not(std::string_view text) {
    std::string padded(text);
    padded.append((4 - text.size() % 4) % 4, '=');
    return base64_decode(padded);
}

}  // namespace

Result<BasicCredentials> BasicCredentials::parse(std::string_view field) {
    field = trim(field);
    const std::size_t space = std::min(field.find(' '), field.size());
    if (!equal_ignoring_case(field.substr(0, space), "Basic"))
        return refuse(ErrorCode::Unsupported, std::string(kField), "is not of the Basic scheme");
    const auto bytes = decode_padded_or_not(trim(field.substr(space)));
    if (!bytes) return refuse(ErrorCode::Malformed, std::string(kField), "is no base64");
    const std::size_t colon = bytes->find(':');
    if (colon == std::string::npos || !is_utf8(*bytes) || bytes->find('\0') != std::string::npos)
        return refuse(ErrorCode::Malformed, std::string(kField), "holds no login and password");
    return BasicCredentials{bytes->substr(0, colon), bytes->substr(colon + 1)};
}

}  // namespace almon::http
