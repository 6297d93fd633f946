// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/net_address.hpp"

namespace almon::media {

/// STUN and DTLS share a port with RTP; the first byte tells them apart (RFC 7983).
[[nodiscard]] inline bool looks_like_stun(std::span<const std::uint8_t> packet) noexcept {
    return packet.size() >= 20 && packet[0] < 4;
}
[[nodiscard]] inline bool looks_like_dtls(std::span<const std::uint8_t> packet) noexcept {
    return packet.size() >= 13 && packet[0] >= 20 && packet[0] < 64;
}

/// A Binding request (RFC 8489) with what a connectivity check of ICE carries (RFC 8445 section 7.1). Lent
/// from the packet it was read from.
struct StunRequest {
    std::array<std::uint8_t, 12> transaction{};
    std::string_view username;
    bool use_candidate = false;
    /// Of an attribute that must be understood and is not; 0: none.
    std::uint16_t unknown_attribute = 0;

    /// Nothing where it is no Binding request with USERNAME, MESSAGE-INTEGRITY and, if there, a right
    /// FINGERPRINT. What follows the integrity is not believed.
    [[nodiscard]] static std::optional<StunRequest> parse(std::span<const std::uint8_t> packet) noexcept;
    /// Whether its writer knows the password (HMAC-SHA1).
    [[nodiscard]] bool proves(std::string_view password) const noexcept;

private:
    std::span<const std::uint8_t> packet_;
    std::size_t integrity_at_ = 0;
};

/// The answer that tells the peer where its request came from, with integrity and fingerprint.
[[nodiscard]] std::vector<std::uint8_t> stun_success(const StunRequest& request, const NetAddress& source,
                                                     std::string_view password);
/// 420 (Unknown Attribute), likewise.
[[nodiscard]] std::vector<std::uint8_t> stun_refusal(const StunRequest& request, std::string_view password);

}  // namespace almon::media
