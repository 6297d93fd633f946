// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "sip/parameters.hpp"

namespace almon::sip {

/// RFC 3261 8.1.1.7: what the branch of a transaction identified by it begins with.
inline constexpr std::string_view kMagicCookie = "z9hG4bK";

/// One Via element (RFC 3261 20.42, RFC 3581). Views into the text it was parsed from.
struct Via {
    std::string_view transport;  ///< "UDP", "TCP", ...: any token (RFC 4475 3.1.1.10).
    std::string_view host;       ///< Of sent-by; IPv6 in brackets.
    std::uint16_t port = 0;      ///< Of sent-by; 0 when not given.
    Parameters parameters;

    /// One element, without the comma.
    [[nodiscard]] static Result<Via> parse(std::string_view value);

    [[nodiscard]] std::string_view branch() const noexcept { return parameter("branch"); }
    /// True where the branch begins with the magic cookie and has something behind it.
    [[nodiscard]] bool has_magic_cookie() const noexcept;
    [[nodiscard]] std::string_view received() const noexcept { return parameter("received"); }
    [[nodiscard]] std::string_view maddr() const noexcept { return parameter("maddr"); }
    [[nodiscard]] bool has_rport() const noexcept { return parameters.has("rport"); }
    /// The number that a response brings back; nothing for the empty flag of a request.
    [[nodiscard]] std::optional<std::uint16_t> rport() const noexcept;
    [[nodiscard]] std::optional<std::uint8_t> ttl() const noexcept;
    /// The port given, or the default of the transport: 5061 for TLS, 5060 otherwise (RFC 3261 18.2.2).
    [[nodiscard]] std::uint16_t effective_port() const noexcept;
    /// "host:port" as written, with the default port left out where it was left out.
    [[nodiscard]] std::string sent_by() const;

private:
    [[nodiscard]] std::string_view parameter(std::string_view name) const noexcept {
        return parameters.find(name).value_or(std::string_view{});
    }
};

}  // namespace almon::sip
