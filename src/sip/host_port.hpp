// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace almon::sip {

/// hostport of RFC 3261 25.1, with white space around the colon as in sent-by.
struct HostPort {
    std::string_view host;   ///< Name, IPv4 address, or IPv6 address in brackets.
    std::uint16_t port = 0;  ///< 0 when not given.

    [[nodiscard]] static std::optional<HostPort> parse(std::string_view text) noexcept;
};

}  // namespace almon::sip
