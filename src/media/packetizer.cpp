// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/packetizer.hpp"

#include <algorithm>
#include <utility>

namespace almon::media {

std::unique_ptr<Packetizer> Packetizer::make(const PayloadFormat& format, unsigned rate,
                                             std::chrono::milliseconds packet_time) {
    auto encoder = make_encoder(format, rate);
    if (!encoder) return nullptr;
    return std::unique_ptr<Packetizer>(new Packetizer(format, rate, packet_time, std::move(encoder)));
}

Packetizer::Packetizer(const PayloadFormat& format, unsigned rate, std::chrono::milliseconds packet_time,
                       std::unique_ptr<Encoder> encoder)
    : encoder_(std::move(encoder)),
      rate_(rate),
      payload_type_(format.sent_payload_type()),
      clock_rate_(format.clock_rate),
      packet_(encoder_->samples_of(packet_time)),
      gathered_(packet_ + 2 * samples_in(kLongestSound, encoder_->rate())) {
    if (encoder_->rate() != rate) resampler_.emplace(rate, encoder_->rate(), samples_in(kLongestSound, rate));
}

void Packetizer::put(std::span<const std::int16_t> sound) noexcept {
    if (resampler_) sound = resampler_->pass(sound);
    if (taken_ > 0) {
        std::copy(gathered_.begin() + static_cast<std::ptrdiff_t>(taken_),
                  gathered_.begin() + static_cast<std::ptrdiff_t>(count_), gathered_.begin());
        count_ -= std::exchange(taken_, 0);
    }
    sound = sound.first(std::min(sound.size(), gathered_.size() - count_));
    std::ranges::copy(sound, gathered_.begin() + static_cast<std::ptrdiff_t>(count_));
    count_ += sound.size();
}

std::optional<Packetizer::Packet> Packetizer::next(std::span<std::uint8_t> payload) noexcept {
    if (count_ - taken_ < packet_) return std::nullopt;
    const auto sound = std::span(gathered_).subspan(taken_, packet_);
    taken_ += packet_;
    const auto units = static_cast<std::uint32_t>(packet_ * clock_rate_ / encoder_->rate());
    return Packet{encoder_->encode(sound, payload), units};
}

}  // namespace almon::media
