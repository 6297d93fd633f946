// SPDX-License-Identifier: GPL-3.0-or-later
// What a leg sends of its own, each 20 ms: sounds and digits.
#include <algorithm>
#include <cstring>

#include "media/leg.hpp"

namespace almon::media {
namespace {

constexpr std::size_t kSamplesPerTick = 160;
constexpr std::size_t kSamplesPerMillisecond = 8;
/// Silence between two digits, so that the far end tells "11" from a long "1".
constexpr int kPauseTicks = 3;
constexpr std::size_t kMostDigitsWaiting = 64;

}  // namespace

void Leg::play(const Play& command) {
    if (playing()) out_.interrupt();
    // Not emplace(): clang takes a nested class with member initializers for not default-constructible here.
    playback_.emplace(Playback{});
    playback_->id = command.playback;
    playback_->source = command.source;
    playback_->repeat = command.repeat;
    playback_->lead_in =
        static_cast<std::size_t>(std::max<std::int64_t>(command.lead_in.count(), 0)) * kSamplesPerMillisecond;
    note_whether_it_speaks();
}

void Leg::stop_playing(PlaybackId playback) noexcept {
    if (!playback_ || playback_->id != playback) return;
    playback_.reset();
    out_.interrupt();
    note_whether_it_speaks();
}

void Leg::forget_request() noexcept {
    if (playback_ && !playback_->sound) playback_->requested = false;
}

std::optional<Leg::WantedSound> Leg::wanted_sound(const Step& step) {
    // Before the formats are known nothing can be encoded: the playback waits for them.
    if (!playback_ || playback_->requested || formats_.empty()) return std::nullopt;
    const auto* const format = own_format();
    if (!format) {
        finish_playback(false, step);
        return std::nullopt;
    }
    const auto law = law_of(*format).value_or(Law::A);
    choose_voice(*format);
    playback_->payload_type = format->sent_payload_type();
    playback_->requested = true;
    if (playback_->sound && playback_->law == law) return std::nullopt;
    playback_->law = law;
    playback_->sound = nullptr;
    note_whether_it_speaks();
    return WantedSound{playback_->id, playback_->source, law};
}

void Leg::sound_ready(PlaybackId playback, std::shared_ptr<const Sound> sound, Law law, const Step& step) {
    if (!playback_ || playback_->id != playback || playback_->law != law) return;
    if (!sound) return finish_playback(false, step);
    playback_->sound = std::move(sound);
    playback_->position = std::min(playback_->position, playback_->sound->codes.size());
    note_whether_it_speaks();
}

void Leg::finish_playback(bool complete, const Step& step) {
    step.events.emplace_back(PlaybackFinished{id_, playback_->id, complete});
    playback_.reset();
    out_.interrupt();
    note_whether_it_speaks();
}

void Leg::send_digit(const SendDigit& command) {
    if (digits_.size() < kMostDigitsWaiting && event_of_digit(command.digit)) digits_.push_back(command);
}

void Leg::tick(const Step& step) {
    if (digit_ || !digits_.empty()) tick_digit(step);
    if (playing()) tick_playback(step);
    note_whether_it_speaks();
}

void Leg::tick_digit(const Step& step) {
    if (!digit_) {
        const auto next = digits_.front();
        digits_.erase(digits_.begin());
        const auto clock_of_audio =
            last_format_ < formats_.size() ? formats_[last_format_].clock_rate : std::uint32_t{8000};
        const PayloadFormat* chosen = nullptr;
        for (const auto& format : formats_) {
            if (kind_of(format) != PayloadKind::TelephoneEvent) continue;
            if (!chosen || (format.clock_rate == clock_of_audio && chosen->clock_rate != clock_of_audio))
                chosen = &format;
        }
        // A party without telephone-event hears digits by other means; that is signalling's affair.
        if (!chosen) return;
        digit_.emplace(SendingDigit{});
        digit_->sender = DigitSender(*event_of_digit(next.digit), next.duration, chosen->clock_rate);
        digit_->payload_type = chosen->sent_payload_type();
        digit_->clock_rate = chosen->clock_rate;
    }
    const auto packet = digit_->sender.next();
    if (!packet) {
        if (++digit_->pause >= kPauseTicks) {
            digit_.reset();
            out_.interrupt();
        }
        return;
    }
    if (!can_send()) return;
    std::array<std::uint8_t, kRtpHeaderSize + TelephoneEvent::kSize> bytes{};
    bytes[0] = 0x80;
    RtpHeader header;
    header.payload_type = digit_->payload_type;
    header.marker = packet->marker;
    if (digit_->begun) {
        out_.proceed(header, 0, step.now);
    } else {
        out_.begin(header, digit_->clock_rate, step.random.next(), step.now);
        digit_->begun = true;
    }
    header.write_into(bytes.data());
    packet->event.write_into(bytes.data() + kRtpHeaderSize);
    send(bytes, TelephoneEvent::kSize);
}

void Leg::tick_playback(const Step& step) {
    auto& playback = *playback_;
    const auto& codes = playback.sound->codes;
    std::array<std::uint8_t, kRtpHeaderSize + kSamplesPerTick> bytes;
    auto* const payload = bytes.data() + kRtpHeaderSize;
    // The silence before goes on until it can be heard; so nothing is lost to a handshake of keys.
    if (playback.lead_in > 0 && (!can_send() || digit_)) return;
    std::size_t filled = std::min(playback.lead_in, kSamplesPerTick);
    playback.lead_in -= filled;
    std::memset(payload, g711_silence(playback.law), filled);
    while (filled < kSamplesPerTick) {
        if (playback.position == codes.size()) {
            if (!playback.repeat || codes.empty()) break;
            playback.position = 0;
        }
        const auto part = std::min(kSamplesPerTick - filled, codes.size() - playback.position);
        std::memcpy(payload + filled, codes.data() + playback.position, part);
        filled += part;
        playback.position += part;
    }
    if (filled == 0) return finish_playback(true, step);
    std::memset(payload + filled, g711_silence(playback.law), kSamplesPerTick - filled);
    // Time goes on while the party is on hold or a digit is under way.
    if (!can_send() || digit_) {
        playback.contiguous = false;
        return;
    }
    if (!voice_)
        return send_sound(bytes, playback.payload_type, kSamplesPerTick, kOwnClockRate, playback.contiguous,
                          step);
    std::array<std::int16_t, kSamplesPerTick> sound;
    std::ranges::transform(std::span(bytes).subspan(kRtpHeaderSize), sound.begin(),
                           [&](std::uint8_t code) { return decode_g711(playback.law, code); });
    send_encoded(sound, playback.contiguous, step);
}

const PayloadFormat* Leg::own_format() const noexcept {
    const auto g711 = std::ranges::find_if(
        formats_, [](const PayloadFormat& format) { return law_of(format).has_value(); });
    if (g711 != formats_.end()) return &*g711;
    const auto other = std::ranges::find_if(formats_, speaks);
    return other == formats_.end() ? nullptr : &*other;
}

void Leg::choose_voice(const PayloadFormat& format) {
    if (!voice_ && !law_of(format)) voice_ = Packetizer::make(format, kOwnClockRate, packet_time_);
}

void Leg::send_encoded(std::span<const std::int16_t> sound, bool& is_contiguous, const Step& step) noexcept {
    voice_->put(sound);
    std::array<std::uint8_t, kRtpHeaderSize + 1500> packet;
    while (const auto made = voice_->next(std::span(packet).subspan(kRtpHeaderSize))) {
        if (made->size == 0) {
            is_contiguous = false;
            continue;
        }
        send_sound(std::span(packet).first(kRtpHeaderSize + made->size), voice_->payload_type(), made->units,
                   voice_->clock_rate(), is_contiguous, step);
    }
}

void Leg::send_sound(std::span<std::uint8_t> packet, std::uint8_t payload_type, std::uint32_t units,
                     std::uint32_t clock_rate, bool& is_contiguous, const Step& step) noexcept {
    packet[0] = 0x80;
    RtpHeader header;
    header.payload_type = payload_type;
    if (is_contiguous) {
        out_.proceed(header, units, step.now);
    } else {
        header.marker = true;
        out_.begin(header, clock_rate, step.random.next(), step.now);
        is_contiguous = true;
    }
    header.write_into(packet.data());
    send(packet, packet.size() - kRtpHeaderSize);
}

}  // namespace almon::media
