// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/rtcp_packet.hpp"

#include <algorithm>
#include <cstring>

#include "media/rtp_packet.hpp"

namespace almon::media {
namespace {

constexpr std::size_t kHeaderSize = 4;
constexpr std::size_t kSenderInformationSize = 20;
constexpr std::size_t kReportBlockSize = 24;

std::size_t length_of(std::span<const std::uint8_t> packet) noexcept {
    return (std::size_t{read16(packet.data() + 2)} + 1) * 4;
}

}  // namespace

std::uint32_t RtcpPacket::sender_ssrc() const noexcept {
    return bytes.size() >= kHeaderSize + 4 ? read32(bytes.data() + kHeaderSize) : 0;
}

std::optional<SenderInformation> RtcpPacket::sender_information() const noexcept {
    if (type != RtcpType::SenderReport || bytes.size() < kHeaderSize + 4 + kSenderInformationSize)
        return std::nullopt;
    const auto* const at = bytes.data() + kHeaderSize + 4;
    SenderInformation information;
    information.ntp_time = std::uint64_t{read32(at)} << 32U | read32(at + 4);
    information.rtp_timestamp = read32(at + 8);
    information.packets = read32(at + 12);
    information.octets = read32(at + 16);
    return information;
}

std::optional<ReportBlock> RtcpPacket::report(std::size_t index) const noexcept {
    if (type != RtcpType::SenderReport && type != RtcpType::ReceiverReport) return std::nullopt;
    const std::size_t begin = kHeaderSize + 4 +
                              (type == RtcpType::SenderReport ? kSenderInformationSize : 0) +
                              index * kReportBlockSize;
    if (index >= count || bytes.size() < begin + kReportBlockSize) return std::nullopt;
    const auto* const at = bytes.data() + begin;
    ReportBlock block;
    block.ssrc = read32(at);
    block.fraction_lost = at[4];
    // Sign-extended from 24 bits.
    block.cumulative_lost = static_cast<std::int32_t>(read32(at + 4) << 8U) >> 8;
    block.highest_sequence = read32(at + 8);
    block.jitter = read32(at + 12);
    block.last_report = read32(at + 16);
    block.delay = read32(at + 20);
    return block;
}

RtcpReader::RtcpReader(std::span<const std::uint8_t> compound) noexcept : rest_(compound) {
    auto rest = compound;
    if (rest.empty()) return;
    while (!rest.empty()) {
        if (rest.size() < kHeaderSize || (rest[0] & 0xC0U) != 0x80U) return;
        const auto length = length_of(rest);
        if (length > rest.size()) return;
        rest = rest.subspan(length);
    }
    valid_ = looks_like_rtcp(compound);
}

std::optional<RtcpPacket> RtcpReader::next() noexcept {
    if (!valid_ || rest_.empty()) return std::nullopt;
    const auto length = length_of(rest_);
    RtcpPacket packet;
    packet.type = static_cast<RtcpType>(rest_[1]);
    packet.count = rest_[0] & 0x1FU;
    packet.bytes = rest_.first(length);
    rest_ = rest_.subspan(length);
    return packet;
}

void RtcpWriter::finish(std::size_t begin) noexcept {
    write16(buffer_.data() + begin + 2, static_cast<std::uint16_t>((size_ - begin) / 4 - 1));
}

void RtcpWriter::report(std::uint32_t ssrc, const std::optional<SenderInformation>& sender,
                        const std::optional<ReportBlock>& block) noexcept {
    const auto begin = size_;
    auto* at = buffer_.data() + begin;
    const auto type = sender ? RtcpType::SenderReport : RtcpType::ReceiverReport;
    at[0] = static_cast<std::uint8_t>(0x80U | (block ? 1U : 0U));
    at[1] = static_cast<std::uint8_t>(type);
    write32(at + 4, ssrc);
    at += 8;
    if (sender) {
        write32(at, static_cast<std::uint32_t>(sender->ntp_time >> 32U));
        write32(at + 4, static_cast<std::uint32_t>(sender->ntp_time));
        write32(at + 8, sender->rtp_timestamp);
        write32(at + 12, sender->packets);
        write32(at + 16, sender->octets);
        at += kSenderInformationSize;
    }
    if (block) {
        write32(at, block->ssrc);
        write32(at + 4, std::uint32_t{block->fraction_lost} << 24U |
                            (static_cast<std::uint32_t>(block->cumulative_lost) & 0xFFFFFFU));
        write32(at + 8, block->highest_sequence);
        write32(at + 12, block->jitter);
        write32(at + 16, block->last_report);
        write32(at + 20, block->delay);
        at += kReportBlockSize;
    }
    size_ = static_cast<std::size_t>(at - buffer_.data());
    finish(begin);
}

void RtcpWriter::source_description(std::uint32_t ssrc, std::string_view cname) noexcept {
    constexpr std::size_t kLongestName = 64;
    cname = cname.substr(0, kLongestName);
    const auto begin = size_;
    auto* const at = buffer_.data() + begin;
    at[0] = 0x81;
    at[1] = static_cast<std::uint8_t>(RtcpType::SourceDescription);
    write32(at + 4, ssrc);
    at[8] = 1;  // CNAME
    at[9] = static_cast<std::uint8_t>(cname.size());
    std::ranges::copy(cname, at + 10);
    // The list of items ends with at least one zero, padded to 32 bits (RFC 3550 6.5).
    std::size_t end = 10 + cname.size();
    do {
        at[end++] = 0;
    } while (end % 4 != 0);
    size_ += end;
    finish(begin);
}

bool RtcpWriter::copy(const RtcpPacket& packet) noexcept {
    if (packet.bytes.size() > buffer_.size() - size_) return false;
    std::memcpy(buffer_.data() + size_, packet.bytes.data(), packet.bytes.size());
    size_ += packet.bytes.size();
    return true;
}

}  // namespace almon::media
