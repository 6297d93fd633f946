// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.hpp"
#include "media/rtcp_packet.hpp"
#include "media/rtp_packet.hpp"

namespace almon::media {

/// What arrives from one party: counts, loss and jitter (RFC 3550 6.4, A.1, A.3, A.8), over all SSRCs it ever
/// used.
class ReceiveStatistics final {
public:
    /// `bytes` counts payload. `clock_rate` 0 leaves the jitter alone (events repeat their timestamp).
    void received(const RtpHeader& header, Instant now, std::uint32_t clock_rate) noexcept;

    [[nodiscard]] std::uint64_t packets() const noexcept { return packets_; }
    [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }
    [[nodiscard]] std::uint64_t lost() const noexcept;
    [[nodiscard]] std::uint64_t expected() const noexcept { return packets_ + lost(); }
    [[nodiscard]] double jitter_ms() const noexcept;
    [[nodiscard]] std::uint32_t ssrc() const noexcept { return ssrc_; }
    /// The block of the next report, without its LSR and DLSR; begins a new interval for the fraction lost.
    /// Nothing before the first packet.
    [[nodiscard]] std::optional<ReportBlock> take_report() noexcept;

private:
    void begin(const RtpHeader& header) noexcept;
    /// Of the present SSRC; negative with duplicates.
    [[nodiscard]] std::int64_t lost_now() const noexcept;
    void update_jitter(std::uint32_t timestamp, Instant now, std::uint32_t clock_rate) noexcept;

    std::uint64_t packets_ = 0;
    std::uint64_t bytes_ = 0;
    std::uint64_t lost_before_ = 0;  ///< By SSRCs that are gone.

    std::uint32_t ssrc_ = 0;
    bool begun_ = false;
    std::uint16_t highest_ = 0;
    std::uint32_t cycles_ = 0;  ///< Shifted count of wrap-arounds.
    std::uint32_t base_ = 0;
    std::uint32_t bad_ = 0;  ///< The sequence that would confirm a restart; above 16 bits: none.
    std::uint64_t received_ = 0;
    std::uint64_t expected_prior_ = 0;
    std::uint64_t received_prior_ = 0;

    std::uint32_t clock_rate_ = 0;
    std::uint32_t last_timestamp_ = 0;
    std::uint32_t transit_ = 0;
    double jitter_ = 0;  ///< Timestamp units.
};

}  // namespace almon::media
