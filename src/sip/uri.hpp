// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "sip/parameters.hpp"

namespace almon::sip {

enum class UriScheme : std::uint8_t { Sip, Sips, Tel };

/// A SIP, SIPS or tel URI (RFC 3261 19.1, RFC 3966). Views into the text it was parsed from; parts are kept
/// as written, escapes included.
struct SipUri {
    UriScheme scheme = UriScheme::Sip;
    std::string_view user;  ///< Of a tel URI: the number. May be empty in sip and sips.
    std::string_view password;
    std::string_view host;   ///< IPv6 in brackets; empty in a tel URI.
    std::uint16_t port = 0;  ///< 0 when not given.
    Parameters parameters;
    std::string_view headers;  ///< Behind '?': "Replaces=...&Subject=...".

    /// Without angle brackets. An unknown scheme is refused as Unsupported (answered with 416), broken syntax
    /// as Malformed.
    [[nodiscard]] static Result<SipUri> parse(std::string_view text);

    /// The user with %HH escapes resolved, parameters of a telephone-subscriber included.
    [[nodiscard]] std::string unescaped_user() const;
    /// The value of a parameter as written; empty for a flag. Names are case-insensitive and may be escaped.
    [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const noexcept;
    /// A header component, unescaped; names are case-insensitive.
    [[nodiscard]] std::optional<std::string> header(std::string_view name) const;
    [[nodiscard]] std::string_view transport() const noexcept {
        return parameter("transport").value_or(std::string_view{});
    }
    /// The lr parameter: a strict router lacks it (RFC 3261 19.1.1).
    [[nodiscard]] bool is_loose_router() const noexcept { return parameter("lr").has_value(); }
    /// The port given, or 5061 for sips and transport=tls, 5060 otherwise.
    [[nodiscard]] std::uint16_t effective_port() const noexcept;
    [[nodiscard]] std::string text() const;
    /// RFC 3261 19.1.4.
    [[nodiscard]] bool equivalent(const SipUri& other) const;
};

/// The characters that a user part cannot hold as they are become %HH (RFC 3261 25.1, user).
[[nodiscard]] std::string escape_user(std::string_view user);
/// The same for the value of a header component, e.g. Replaces inside Refer-To.
[[nodiscard]] std::string escape_uri_header(std::string_view value);
/// Resolves %HH; a '%' without two hexadecimal digits stays.
[[nodiscard]] std::string unescape(std::string_view text);

}  // namespace almon::sip
