// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace almon::media {

inline constexpr std::size_t kRtpHeaderSize = 12;

/// Network byte order.
[[nodiscard]] inline std::uint16_t read16(const std::uint8_t* at) noexcept {
    return static_cast<std::uint16_t>(at[0] << 8U | at[1]);
}
[[nodiscard]] inline std::uint32_t read32(const std::uint8_t* at) noexcept {
    return std::uint32_t{at[0]} << 24U | std::uint32_t{at[1]} << 16U | std::uint32_t{at[2]} << 8U | at[3];
}
inline void write16(std::uint8_t* at, std::uint16_t value) noexcept {
    at[0] = static_cast<std::uint8_t>(value >> 8U);
    at[1] = static_cast<std::uint8_t>(value);
}
inline void write32(std::uint8_t* at, std::uint32_t value) noexcept {
    write16(at, static_cast<std::uint16_t>(value >> 16U));
    write16(at + 2, static_cast<std::uint16_t>(value));
}

/// The fixed fields of an RTP packet (RFC 3550 5.1) and where its payload lies.
struct RtpHeader {
    bool marker = false;
    std::uint8_t payload_type = 0;
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0;
    std::uint32_t ssrc = 0;
    std::size_t payload_offset = kRtpHeaderSize;
    std::size_t payload_size = 0;  ///< Without padding.

    /// Nothing for what cannot be RTP: wrong version, and contributors, extension or padding that do not fit.
    [[nodiscard]] static std::optional<RtpHeader> parse(std::span<const std::uint8_t> packet) noexcept;
    /// Writes marker, payload type, sequence, timestamp and SSRC into a packet of at least 12 bytes; version,
    /// padding, extension and contributors stay as they are there.
    void write_into(std::uint8_t* packet) const noexcept;
};

/// Tells RTCP from RTP on one port by the second byte (RFC 5761 section 4).
[[nodiscard]] inline bool looks_like_rtcp(std::span<const std::uint8_t> packet) noexcept {
    return packet.size() >= 2 && packet[1] >= 192 && packet[1] <= 223;
}

}  // namespace almon::media
