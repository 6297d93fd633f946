// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/transcoder.hpp"

#include <algorithm>
#include <utility>

namespace almon::media {
namespace {

/// What comes later than that many packets is no straggler: its sender has begun to count anew.
constexpr int kOldest = -500;

}  // namespace

std::unique_ptr<Transcoder> Transcoder::make(const PayloadFormat& from, const PayloadFormat& to,
                                             std::chrono::milliseconds packet_time) {
    auto decoder = make_decoder(from, std::min(best_rate(from), best_rate(to)));
    if (!decoder) return nullptr;
    auto packetizer = Packetizer::make(to, decoder->rate(), packet_time);
    if (!packetizer) return nullptr;
    return std::unique_ptr<Transcoder>(new Transcoder(from, std::move(decoder), std::move(packetizer)));
}

Transcoder::Transcoder(const PayloadFormat& from, std::unique_ptr<Decoder> decoder,
                       std::unique_ptr<Packetizer> packetizer)
    : from_(from),
      decoder_(std::move(decoder)),
      packetizer_(std::move(packetizer)),
      decoded_(samples_in(kLongestSound, decoder_->rate())) {}

void Transcoder::put(const RtpHeader& header, std::span<const std::uint8_t> payload) noexcept {
    auto ahead = static_cast<std::int16_t>(header.sequence - sequence_);
    auto gap = static_cast<std::int32_t>(header.timestamp - timestamp_);
    const bool has_restarted = ahead < kOldest || (ahead >= 0 && gap < 0);
    if (!has_begun_ || header.ssrc != ssrc_ || has_restarted) {
        begin(header);
        ahead = 0;
        gap = 0;
    }
    if (ahead < 0) return;
    if (gap > 0) bridge(static_cast<std::uint32_t>(gap), ahead > 0, payload);
    timestamp_ = header.timestamp;
    const auto count = decoder_->decode(payload, decoded_);
    if (count == 0) return;
    sequence_ = static_cast<std::uint16_t>(header.sequence + 1);
    pass(std::span(decoded_).first(count));
}

void Transcoder::note(const RtpHeader& header) noexcept {
    if (!has_begun_ || header.ssrc != ssrc_) begin(header);
    if (static_cast<std::int16_t>(header.sequence - sequence_) >= 0)
        sequence_ = static_cast<std::uint16_t>(header.sequence + 1);
}

/// A new stream goes on where the one before has ended: how much time lies between only its sender knows.
void Transcoder::begin(const RtpHeader& header) noexcept {
    has_begun_ = begins_ = true;
    ssrc_ = header.ssrc;
    sequence_ = header.sequence;
    timestamp_ = header.timestamp;
    pause_until(place_);
}

void Transcoder::bridge(std::uint32_t gap, bool is_loss, std::span<const std::uint8_t> next) noexcept {
    const auto missing = std::uint64_t{gap} * decoder_->rate() / from_.clock_rate;
    if (!is_loss || missing > decoded_.size()) return pause_until(place_of(timestamp_ + gap));
    const auto sound = std::span(decoded_).first(static_cast<std::size_t>(missing));
    decoder_->conceal(sound, next);
    pass(sound);
}

void Transcoder::pass(std::span<const std::int16_t> sound) noexcept {
    packetizer_->put(sound);
    timestamp_ += static_cast<std::uint32_t>(sound.size() * from_.clock_rate / decoder_->rate());
    place_ += static_cast<std::uint32_t>(sound.size() * packetizer_->clock_rate() / decoder_->rate());
}

void Transcoder::pause_until(std::uint32_t place) noexcept {
    packetizer_->discard();
    place_ = sent_ = place;
    marker_ = true;
}

std::optional<Transcoder::Packet> Transcoder::next(std::span<std::uint8_t> payload) noexcept {
    while (const auto packet = packetizer_->next(payload)) {
        const auto place = std::exchange(sent_, sent_ + packet->units);
        if (packet->size > 0)
            return Packet{packet->size, place, std::exchange(marker_, false), std::exchange(begins_, false)};
        marker_ = true;
    }
    return std::nullopt;
}

std::uint32_t Transcoder::place_of(std::uint32_t timestamp) const noexcept {
    const auto offset = std::int64_t{static_cast<std::int32_t>(timestamp - timestamp_)};
    return place_ + static_cast<std::uint32_t>(offset * packetizer_->clock_rate() / from_.clock_rate);
}

}  // namespace almon::media
