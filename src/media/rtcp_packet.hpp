// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace almon::media {

enum class RtcpType : std::uint8_t {
    SenderReport = 200,
    ReceiverReport = 201,
    SourceDescription = 202,
    Goodbye = 203,
    TransportFeedback = 205,  ///< RFC 4585: NACK.
    PayloadFeedback = 206,    ///< RFC 4585, 5104: PLI, FIR.
};

/// What a receiver says about one source (RFC 3550 6.4.1).
struct ReportBlock {
    std::uint32_t ssrc = 0;
    std::uint8_t fraction_lost = 0;      ///< Of 256.
    std::int32_t cumulative_lost = 0;    ///< 24 bits, signed.
    std::uint32_t highest_sequence = 0;  ///< With cycles.
    std::uint32_t jitter = 0;            ///< RTP timestamp units.
    std::uint32_t last_report = 0;  ///< Middle 32 bits of the NTP time of the last sender report; 0: none.
    std::uint32_t delay = 0;        ///< Since then, in 1/65536 s.
};

struct SenderInformation {
    std::uint64_t ntp_time = 0;
    std::uint32_t rtp_timestamp = 0;
    std::uint32_t packets = 0;
    std::uint32_t octets = 0;
};

/// One packet of a compound.
struct RtcpPacket {
    RtcpType type{};
    std::uint8_t count = 0;               ///< Report blocks, or the feedback message type.
    std::span<const std::uint8_t> bytes;  ///< Whole, with its header; a multiple of 4.

    [[nodiscard]] std::uint32_t sender_ssrc() const noexcept;
    [[nodiscard]] std::optional<SenderInformation> sender_information() const noexcept;
    /// `index` below `count`; nothing where the packet is shorter than it claims.
    [[nodiscard]] std::optional<ReportBlock> report(std::size_t index) const noexcept;
};

/// Walks through a compound packet, without copying or allocating.
class RtcpReader final {
public:
    /// A compound is taken only when all its lengths add up (RFC 3550 A.2); reduced-size ones (RFC 5506) are
    /// fine.
    explicit RtcpReader(std::span<const std::uint8_t> compound) noexcept;
    [[nodiscard]] bool valid() const noexcept { return valid_; }
    [[nodiscard]] std::optional<RtcpPacket> next() noexcept;

private:
    std::span<const std::uint8_t> rest_;
    bool valid_ = false;
};

/// Builds a compound in a buffer of its own: a report, then SDES, then feedback that is passed on.
class RtcpWriter final {
public:
    /// With `sender` a sender report, else a receiver report; at most one block.
    void report(std::uint32_t ssrc, const std::optional<SenderInformation>& sender,
                const std::optional<ReportBlock>& block) noexcept;
    /// SDES with CNAME (at most 64 bytes are written).
    void source_description(std::uint32_t ssrc, std::string_view cname) noexcept;
    /// A packet copied as it is; false when it does not fit.
    bool copy(const RtcpPacket& packet) noexcept;
    [[nodiscard]] std::span<const std::uint8_t> bytes() const noexcept { return {buffer_.data(), size_}; }

private:
    void finish(std::size_t begin) noexcept;

    std::array<std::uint8_t, 1400> buffer_{};
    std::size_t size_ = 0;
};

}  // namespace almon::media
