// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/jitter_buffer.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace almon::media {
namespace {

/// No sample of a codec is so low.
constexpr auto kMissing = std::numeric_limits<std::int16_t>::min();
/// Whoever sends nothing for so many frames begins anew.
constexpr std::size_t kForgotten = 10;
/// Frames within which a wait has been for nothing.
constexpr std::size_t kObserved = 100;
/// What may be left out unnoticed, of full scale 32767.
constexpr int kQuiet = 100;

}  // namespace

JitterBuffer::JitterBuffer(std::size_t frame)
    : frame_(frame),
      ring_(std::bit_ceil(frame * kMost), kMissing),
      mask_(static_cast<std::uint32_t>(ring_.size() - 1)) {}

void JitterBuffer::begin(std::uint32_t ssrc, std::uint32_t timestamp) noexcept {
    std::ranges::fill(ring_, kMissing);
    runs_ = true;
    has_begun_ = false;
    ssrc_ = ssrc;
    next_ = timestamp - static_cast<std::uint32_t>(frame_);
    end_ = timestamp;
    starved_ = observed_ = 0;
}

void JitterBuffer::put(std::uint32_t ssrc, std::uint32_t timestamp,
                       std::span<const std::int16_t> samples) noexcept {
    const auto size = static_cast<std::int32_t>(samples.size());
    const auto most = static_cast<std::int32_t>(ring_.size());
    if (size == 0 || size > most / 2) return;
    if (!runs_ || ssrc != ssrc_) begin(ssrc, timestamp);
    auto offset = static_cast<std::int32_t>(timestamp - next_);
    const bool is_newest = static_cast<std::int32_t>(timestamp - end_) >= 0;
    if (offset > most - size || offset < -static_cast<std::int32_t>(kLatest * frame_)) {
        // Its clock has jumped; what is merely old is of no use any more.
        if (!is_newest && offset < 0 && offset > -most) return;
        begin(ssrc, timestamp);
        offset = static_cast<std::int32_t>(frame_);
    } else if (offset < 0) {
        // Late. What comes behind would be as well, so all is taken later from now on; a packet that was
        // overtaken, or came twice, moves nothing.
        if (is_newest) {
            next_ = timestamp;
            observed_ = 0;
            offset = 0;
        } else if (offset + size <= 0) {
            return;
        }
    }
    for (std::int32_t i = std::max(0, -offset); i < size; ++i)
        at(timestamp + static_cast<std::uint32_t>(i)) =
            std::max(samples[static_cast<std::size_t>(i)], static_cast<std::int16_t>(kMissing + 1));
    const auto end = timestamp + static_cast<std::uint32_t>(size);
    if (static_cast<std::int32_t>(end - end_) > 0) end_ = end;
}

bool JitterBuffer::take(std::span<std::int16_t> frame) noexcept {
    if (!runs_) {
        std::ranges::fill(frame, std::int16_t{0});
        return false;
    }
    std::size_t found = 0;
    int loudest = 0;
    for (std::size_t i = 0; i < frame.size(); ++i) {
        auto& sample = at(next_ + static_cast<std::uint32_t>(i));
        if (sample == kMissing) {
            frame[i] = 0;
            continue;
        }
        frame[i] = sample;
        loudest = std::max(loudest, std::abs(static_cast<int>(sample)));
        sample = kMissing;
        ++found;
    }
    next_ += static_cast<std::uint32_t>(frame.size());
    if (found == 0) {
        if (!has_begun_) return false;
        concealment_.fill(frame);
        if (++starved_ >= kForgotten) runs_ = false;
        return std::ranges::any_of(frame, [](std::int16_t sample) { return sample != 0; });
    }
    starved_ = 0;
    has_begun_ = true;
    concealment_.heard(frame);
    wait_less(loudest < kQuiet);
    return true;
}

std::size_t JitterBuffer::waiting() const noexcept {
    const auto left = static_cast<std::int32_t>(end_ - next_);
    return runs_ && left > 0 ? static_cast<std::size_t>(left) : 0;
}

void JitterBuffer::skip(std::uint32_t samples) noexcept {
    for (std::uint32_t i = 0; i < samples; ++i)
        at(next_ + i) = kMissing;
    next_ += samples;
}

/// The sender's clock may run faster than ours, or the network may have calmed down.
void JitterBuffer::wait_less(bool is_quiet) noexcept {
    const auto left = static_cast<std::uint32_t>(waiting());
    least_ = observed_ == 0 ? left : std::min(least_, left);
    if (++observed_ < kObserved) return;
    const auto frame = static_cast<std::uint32_t>(frame_);
    const bool is_idle = least_ >= 2 * frame && (is_quiet || least_ >= 4 * frame);
    if (is_idle) skip(least_ - frame);
    // A pause for breath may come before long.
    if (is_idle || least_ < 2 * frame) observed_ = 0;
}

}  // namespace almon::media
