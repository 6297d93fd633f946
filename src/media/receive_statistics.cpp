// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/receive_statistics.hpp"

#include <algorithm>
#include <cmath>

namespace almon::media {
namespace {

// RFC 3550 A.1.
constexpr std::uint16_t kMaximumDropout = 3000;
constexpr std::uint16_t kMaximumMisorder = 100;
constexpr std::uint32_t kNoBadSequence = 1U << 17U;

}  // namespace

void ReceiveStatistics::begin(const RtpHeader& header) noexcept {
    if (begun_) lost_before_ = lost();
    begun_ = true;
    ssrc_ = header.ssrc;
    base_ = header.sequence;
    highest_ = header.sequence;
    cycles_ = 0;
    bad_ = kNoBadSequence;
    received_ = 0;
    expected_prior_ = 0;
    received_prior_ = 0;
    clock_rate_ = 0;
}

void ReceiveStatistics::received(const RtpHeader& header, Instant now, std::uint32_t clock_rate) noexcept {
    ++packets_;
    bytes_ += header.payload_size;
    if (!begun_ || header.ssrc != ssrc_) [[unlikely]]
        begin(header);
    const auto ahead = static_cast<std::uint16_t>(header.sequence - highest_);
    if (ahead < kMaximumDropout) {
        if (header.sequence < highest_) cycles_ += 1U << 16U;
        highest_ = header.sequence;
    } else if (ahead <= UINT16_MAX + 1 - kMaximumMisorder) {
        // A large jump: the source has restarted if the very next packet follows on.
        if (header.sequence != bad_) {
            bad_ = static_cast<std::uint16_t>(header.sequence + 1);
            return;
        }
        begin(header);
    }
    ++received_;
    if (clock_rate != 0) update_jitter(header.timestamp, now, clock_rate);
}

void ReceiveStatistics::update_jitter(std::uint32_t timestamp, Instant now,
                                      std::uint32_t clock_rate) noexcept {
    const auto nanoseconds = static_cast<std::uint64_t>(now.time_since_epoch().count());
    const std::uint64_t seconds = nanoseconds / 1'000'000'000U;
    const auto arrival = static_cast<std::uint32_t>(seconds * clock_rate + nanoseconds % 1'000'000'000U *
                                                                               clock_rate / 1'000'000'000U);
    const std::uint32_t transit = arrival - timestamp;
    if (clock_rate == clock_rate_) {
        // A frame of video leaves in several packets with one timestamp; only its first one was meant for
        // that moment.
        if (timestamp == last_timestamp_) return;
        const auto difference = std::abs(static_cast<double>(static_cast<std::int32_t>(transit - transit_)));
        jitter_ += (difference - jitter_) / 16.0;
    } else {
        if (clock_rate_ != 0) jitter_ = jitter_ * clock_rate / clock_rate_;
        clock_rate_ = clock_rate;
    }
    transit_ = transit;
    last_timestamp_ = timestamp;
}

std::int64_t ReceiveStatistics::lost_now() const noexcept {
    if (!begun_) return 0;
    const std::uint64_t expected = std::uint64_t{cycles_} + highest_ - base_ + 1;
    return static_cast<std::int64_t>(expected) - static_cast<std::int64_t>(received_);
}

std::uint64_t ReceiveStatistics::lost() const noexcept {
    return lost_before_ + static_cast<std::uint64_t>(std::max<std::int64_t>(0, lost_now()));
}

double ReceiveStatistics::jitter_ms() const noexcept {
    return clock_rate_ == 0 ? 0 : jitter_ * 1000.0 / clock_rate_;
}

std::optional<ReportBlock> ReceiveStatistics::take_report() noexcept {
    if (!begun_) return std::nullopt;
    const std::uint64_t expected = std::uint64_t{cycles_} + highest_ - base_ + 1;
    const auto expected_interval = static_cast<std::int64_t>(expected - expected_prior_);
    const auto lost_interval = expected_interval - static_cast<std::int64_t>(received_ - received_prior_);
    expected_prior_ = expected;
    received_prior_ = received_;
    ReportBlock block;
    block.ssrc = ssrc_;
    if (expected_interval > 0 && lost_interval > 0)
        block.fraction_lost =
            static_cast<std::uint8_t>(std::min<std::int64_t>(255, lost_interval * 256 / expected_interval));
    block.cumulative_lost =
        static_cast<std::int32_t>(std::clamp<std::int64_t>(lost_now(), -0x800000, 0x7FFFFF));
    block.highest_sequence = cycles_ + highest_;
    // A hostile stream can jump by half the range and then raise its clock rate.
    block.jitter = static_cast<std::uint32_t>(std::min<double>(jitter_, UINT32_MAX));
    return block;
}

}  // namespace almon::media
