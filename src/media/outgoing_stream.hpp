// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "base/time.hpp"
#include "media/rtp_packet.hpp"

namespace almon::media {

/// The RTP stream that one party hears from us. Whoever feeds it (the other leg, another one after a
/// transfer, a playback, a digit), the party sees one SSRC whose sequence and timestamps only go forward:
/// phones that are shown jumps flush or mute. A source that stays passes unchanged or with constant offsets,
/// so its losses remain visible.
class OutgoingStream final {
public:
    /// Another source will send next.
    void interrupt() noexcept { aligned_ = false; }
    /// Makes a relayed packet of `source` part of the stream.
    void relay(RtpHeader& header, std::uint32_t clock_rate, Instant now) noexcept;
    /// Video is passed on untouched: feedback and retransmissions name its sequence numbers and SSRCs.
    void pass(const RtpHeader& header, std::uint32_t clock_rate, Instant now) noexcept;
    /// The first packet of our own: fills in all but payload type and marker. Until then `seed` names the
    /// stream.
    void begin(RtpHeader& header, std::uint32_t clock_rate, std::uint64_t seed, Instant now) noexcept;
    /// A further packet of our own, `units` after the one before; 0 for events, which share a timestamp.
    void proceed(RtpHeader& header, std::uint32_t units, Instant now) noexcept;
    /// A further packet of our own with the timestamp that it has.
    void proceed_at(RtpHeader& header, Instant now) noexcept;
    void sent(std::size_t payload_size) noexcept {
        ++packets_;
        bytes_ += payload_size;
    }

    [[nodiscard]] bool started() const noexcept { return started_; }
    /// Another number each time that a source begins: whose turn it was before must begin again.
    [[nodiscard]] std::uint32_t turn() const noexcept { return turn_; }
    [[nodiscard]] std::uint32_t ssrc() const noexcept { return ssrc_; }
    [[nodiscard]] std::uint64_t packets() const noexcept { return packets_; }
    [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }
    [[nodiscard]] std::uint32_t clock_rate() const noexcept { return clock_rate_; }
    /// The RTP timestamp that belongs to `now`, for sender reports.
    [[nodiscard]] std::uint32_t timestamp_at(Instant now) const noexcept;

private:
    void note(const RtpHeader& header, std::uint32_t clock_rate, Instant now) noexcept;
    [[nodiscard]] std::uint32_t next_timestamp(std::uint32_t clock_rate, Instant now) const noexcept;

    bool started_ = false;
    bool aligned_ = false;
    std::uint16_t sequence_ = 0;  ///< The highest sent.
    std::uint16_t sequence_offset_ = 0;
    std::uint32_t ssrc_ = 0;
    std::uint32_t source_ssrc_ = 0;
    std::uint32_t timestamp_ = 0;  ///< The newest sent, and when it was first.
    std::uint32_t timestamp_offset_ = 0;
    std::uint32_t clock_rate_ = 8000;
    std::uint32_t turn_ = 0;
    Instant timestamp_at_{};
    std::uint64_t packets_ = 0;
    std::uint64_t bytes_ = 0;
};

}  // namespace almon::media
