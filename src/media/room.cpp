// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/room.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "media/leg.hpp"

namespace almon::media {
namespace {

constexpr unsigned kFramesPerSecond = 50;
/// Whoever is louder (some -50 dB below full scale) talks, and for so many frames behind it: breath and the
/// ends of words.
constexpr int kLoud = 100;
constexpr int kStillTalking = 15;
constexpr int kUnchanged = 256;

constexpr std::size_t kLongestFrame = 48'000 / kFramesPerSecond;
/// Room for a header, and a frame behind it.
using Packet = std::array<std::uint8_t, kRtpHeaderSize + kLongestFrame>;

}  // namespace

std::int16_t limited(std::int32_t sample) noexcept {
    constexpr std::int64_t kBend = 23'197;
    constexpr std::int64_t kRest = 32'767 - kBend;
    const std::int64_t loudness = std::abs(static_cast<std::int64_t>(sample));
    if (loudness <= kBend) return static_cast<std::int16_t>(sample);
    const auto above = loudness - kBend;
    const auto pressed = kBend + above * kRest / (above + kRest);
    return static_cast<std::int16_t>(sample < 0 ? -pressed : pressed);
}

Room::Room(RoomId id, unsigned rate) : id_(id), sum_(rate / kFramesPerSecond) {}

void Room::listen(Seat& seat) noexcept {
    const bool is_there = seat.buffer.take(seat.said);
    seat.is_heard = false;
    if (!is_there || seat.is_muted) return;
    int loudest = 0;
    for (const auto sample : seat.said)
        loudest = std::max(loudest, std::abs(static_cast<int>(sample)));
    seat.quiet_frames = loudest > kLoud ? 0 : seat.quiet_frames + 1;
    if (seat.quiet_frames > kStillTalking) return;
    seat.is_heard = true;
    if (seat.talking != kUnchanged) {
        for (auto& sample : seat.said)
            sample = limited(sample * seat.talking / kUnchanged);
    }
    for (std::size_t i = 0; i < sum_.size(); ++i)
        sum_[i] += seat.said[i];
}

void Room::add_sound() noexcept {
    std::size_t filled = 0;
    while (filled < sum_.size() && !sounds_.empty()) {
        const auto& codes = sounds_.front()->codes;
        const auto part = std::min(sum_.size() - filled, codes.size() - position_);
        for (std::size_t i = 0; i < part; ++i)
            sum_[filled + i] += decode_g711(kLawOfSounds, codes[position_ + i]);
        filled += part;
        position_ += part;
        if (position_ < codes.size()) return;
        sounds_.pop_front();
        position_ = 0;
    }
}

std::int16_t Room::heard_by(const Seat& seat, std::size_t at) const noexcept {
    auto sample = sum_[at] - (seat.is_heard ? seat.said[at] : 0);
    if (seat.hearing != kUnchanged) sample = sample * seat.hearing / kUnchanged;
    return limited(sample);
}

void Room::encode(const Seat& seat, std::span<std::uint8_t> codes) const noexcept {
    const auto law = *seat.law;
    for (std::size_t i = 0; i < sum_.size(); ++i)
        codes[i] = encode_g711(law, heard_by(seat, i));
}

void Room::tick(const Step& step) {
    std::ranges::fill(sum_, 0);
    for (auto* const leg : legs_)
        listen(*leg->seat());
    add_sound();
    const auto size = kRtpHeaderSize + sum_.size();
    Packet own;
    // By law, for all who are silent.
    std::array<Packet, 2> shared;
    std::array<bool, 2> is_encoded{};
    for (auto* const leg : legs_) {
        const auto& seat = *leg->seat();
        if (seat.is_encoded) {
            std::array<std::int16_t, kLongestFrame> heard;
            for (std::size_t i = 0; i < sum_.size(); ++i)
                heard[i] = heard_by(seat, i);
            leg->hear_room(std::span<const std::int16_t>(heard).first(sum_.size()), step);
            continue;
        }
        if (!seat.law) continue;
        const auto kind = static_cast<std::size_t>(*seat.law);
        const bool is_own = seat.is_heard || seat.hearing != kUnchanged;
        auto& packet = is_own ? own : shared.at(kind);
        if (is_own || !std::exchange(is_encoded.at(kind), true))
            encode(seat, std::span(packet).subspan(kRtpHeaderSize));
        leg->hear_room(std::span(packet).first(size), step);
    }
}

}  // namespace almon::media
