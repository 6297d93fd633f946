// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/rtp_packet.hpp"

namespace almon::media {

std::optional<RtpHeader> RtpHeader::parse(std::span<const std::uint8_t> packet) noexcept {
    constexpr std::uint8_t kVersionMask = 0xC0;
    constexpr std::uint8_t kVersion2 = 0x80;
    constexpr std::uint8_t kPadding = 0x20;
    constexpr std::uint8_t kExtension = 0x10;
    if (packet.size() < kRtpHeaderSize || (packet[0] & kVersionMask) != kVersion2) return std::nullopt;
    RtpHeader header;
    header.payload_offset = kRtpHeaderSize + std::size_t{4} * (packet[0] & 0x0FU);
    if ((packet[0] & kExtension) != 0) {
        if (packet.size() < header.payload_offset + 4) return std::nullopt;
        header.payload_offset += 4 + std::size_t{4} * read16(packet.data() + header.payload_offset + 2);
    }
    if (packet.size() < header.payload_offset) return std::nullopt;
    header.payload_size = packet.size() - header.payload_offset;
    if ((packet[0] & kPadding) != 0) {
        const std::size_t padding = packet.back();
        if (padding == 0 || padding > header.payload_size) return std::nullopt;
        header.payload_size -= padding;
    }
    header.marker = (packet[1] & 0x80U) != 0;
    header.payload_type = packet[1] & 0x7FU;
    header.sequence = read16(packet.data() + 2);
    header.timestamp = read32(packet.data() + 4);
    header.ssrc = read32(packet.data() + 8);
    return header;
}

void RtpHeader::write_into(std::uint8_t* packet) const noexcept {
    packet[1] = static_cast<std::uint8_t>((marker ? 0x80U : 0U) | payload_type);
    write16(packet + 2, sequence);
    write32(packet + 4, timestamp);
    write32(packet + 8, ssrc);
}

}  // namespace almon::media
