// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/ear.hpp"

#include <utility>

namespace almon::media {

std::unique_ptr<Ear> Ear::make(const PayloadFormat& format) {
    auto decoder = make_decoder(format, kRate);
    if (!decoder) return nullptr;
    return std::unique_ptr<Ear>(new Ear(format, std::move(decoder)));
}

Ear::Ear(const PayloadFormat& format, std::unique_ptr<Decoder> decoder)
    : decoder_(std::move(decoder)),
      decoded_(samples_in(kLongestSound, decoder_->rate())),
      clock_rate_(format.clock_rate) {
    if (decoder_->rate() != kRate) resampler_.emplace(decoder_->rate(), kRate, decoded_.size());
}

Ear::Heard Ear::hear(const RtpHeader& header, std::span<const std::uint8_t> payload) noexcept {
    // By differences: 32 bits of one clock are no whole turn of the other.
    const auto passed = std::int64_t{static_cast<std::int32_t>(header.timestamp - timestamp_)};
    ours_ += static_cast<std::uint32_t>(passed * kRate / clock_rate_);
    timestamp_ = header.timestamp;
    std::span<const std::int16_t> sound(decoded_.data(), decoder_->decode(payload, decoded_));
    if (resampler_) sound = resampler_->pass(sound);
    return {ours_, sound};
}

}  // namespace almon::media
