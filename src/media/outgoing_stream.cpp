// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/outgoing_stream.hpp"

#include <algorithm>

namespace almon::media {
namespace {

/// What the packet before still lasts when another source takes over.
constexpr Duration kPacketTime = 20ms;

std::uint32_t units(Duration elapsed, std::uint32_t clock_rate) noexcept {
    const auto nanoseconds = static_cast<std::uint64_t>(std::max<std::int64_t>(0, elapsed.count()));
    const std::uint64_t seconds = nanoseconds / 1'000'000'000U;
    return static_cast<std::uint32_t>(seconds * clock_rate +
                                      nanoseconds % 1'000'000'000U * clock_rate / 1'000'000'000U);
}

}  // namespace

void OutgoingStream::note(const RtpHeader& header, std::uint32_t clock_rate, Instant now) noexcept {
    if (static_cast<std::int16_t>(header.sequence - sequence_) > 0) sequence_ = header.sequence;
    if (header.timestamp != timestamp_ && static_cast<std::int32_t>(header.timestamp - timestamp_) > 0) {
        timestamp_ = header.timestamp;
        timestamp_at_ = now;
        clock_rate_ = clock_rate;
    }
}

std::uint32_t OutgoingStream::next_timestamp(std::uint32_t clock_rate, Instant now) const noexcept {
    return timestamp_ + units(std::max(now - timestamp_at_, kPacketTime), clock_rate);
}

std::uint32_t OutgoingStream::timestamp_at(Instant now) const noexcept {
    return timestamp_ + units(now - timestamp_at_, clock_rate_);
}

void OutgoingStream::relay(RtpHeader& header, std::uint32_t clock_rate, Instant now) noexcept {
    if (!aligned_ || header.ssrc != source_ssrc_) [[unlikely]] {
        if (started_) {
            sequence_offset_ = static_cast<std::uint16_t>(sequence_ + 1 - header.sequence);
            timestamp_offset_ = next_timestamp(clock_rate, now) - header.timestamp;
            header.marker = true;
        } else {
            started_ = true;
            ssrc_ = header.ssrc;
            sequence_ = static_cast<std::uint16_t>(header.sequence - 1);
            timestamp_ = header.timestamp;
            timestamp_at_ = now;
            clock_rate_ = clock_rate;
            sequence_offset_ = 0;
            timestamp_offset_ = 0;
        }
        source_ssrc_ = header.ssrc;
        aligned_ = true;
        ++turn_;
    }
    header.ssrc = ssrc_;
    header.sequence = static_cast<std::uint16_t>(header.sequence + sequence_offset_);
    header.timestamp += timestamp_offset_;
    note(header, clock_rate, now);
}

void OutgoingStream::pass(const RtpHeader& header, std::uint32_t clock_rate, Instant now) noexcept {
    if (!started_ || header.ssrc != ssrc_) {
        started_ = true;
        ssrc_ = header.ssrc;
        sequence_ = header.sequence;
        timestamp_ = header.timestamp;
        timestamp_at_ = now;
        clock_rate_ = clock_rate;
        return;
    }
    note(header, clock_rate, now);
}

void OutgoingStream::begin(RtpHeader& header, std::uint32_t clock_rate, std::uint64_t seed,
                           Instant now) noexcept {
    if (!started_) {
        // RFC 3550 5.1: all three start at random.
        started_ = true;
        ssrc_ = static_cast<std::uint32_t>(seed >> 32U) | 1U;
        sequence_ = static_cast<std::uint16_t>(seed & 0x7FFFU);
        timestamp_ = static_cast<std::uint32_t>(seed);
        timestamp_at_ = now;
        clock_rate_ = clock_rate;
    }
    aligned_ = false;
    ++turn_;
    header.ssrc = ssrc_;
    header.sequence = static_cast<std::uint16_t>(sequence_ + 1);
    header.timestamp = next_timestamp(clock_rate, now);
    note(header, clock_rate, now);
}

void OutgoingStream::proceed(RtpHeader& header, std::uint32_t units_after, Instant now) noexcept {
    header.timestamp = timestamp_ + units_after;
    proceed_at(header, now);
}

void OutgoingStream::proceed_at(RtpHeader& header, Instant now) noexcept {
    header.ssrc = ssrc_;
    header.sequence = static_cast<std::uint16_t>(sequence_ + 1);
    note(header, clock_rate_, now);
}

}  // namespace almon::media
