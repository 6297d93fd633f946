// SPDX-License-Identifier: GPL-3.0-or-later
// What a leg says to a peer that does not know the codec: decoded and encoded again; and digits between,
// whose clock may be another.
#include <algorithm>
#include <array>

#include "media/leg.hpp"

namespace almon::media {
namespace {

/// No phone goes on with a digit for longer; whose timestamp is further away counts by a clock of its own.
constexpr std::int32_t kLongestDigit = 10;  // seconds

using TranslatedPacket = std::array<std::uint8_t, kRtpHeaderSize + 1500>;

std::optional<PayloadFormat> events_of(const std::vector<PayloadFormat>& formats, std::uint32_t clock_rate) {
    const PayloadFormat* chosen = nullptr;
    for (const auto& format : formats) {
        if (kind_of(format) != PayloadKind::TelephoneEvent) continue;
        if (!chosen || (format.clock_rate == clock_rate && chosen->clock_rate != clock_rate))
            chosen = &format;
    }
    return chosen ? std::optional(*chosen) : std::nullopt;
}

}  // namespace

void Leg::choose_translation() noexcept {
    translation_.reset();
    if (!peer_ || video_) return;
    const auto is_spoken = [](const PayloadFormat& format) {
        return kind_of(format) == PayloadKind::Media && speaks(format);
    };
    const auto into = std::ranges::find_if(peer_->formats_, is_spoken);
    const auto from = std::ranges::find_if(formats_, [&](const PayloadFormat& format) {
        return is_spoken(format) && payloads_[format.payload_type].mapped == PayloadTable::kNotMapped;
    });
    if (into == peer_->formats_.end() || from == formats_.end()) return;
    const auto first = std::ranges::find(formats_, PayloadKind::Media, kind_of);
    translation_ = std::make_unique<Translation>();
    auto& translation = *translation_;
    translation.into = *into;
    translation.events = events_of(peer_->formats_, into->clock_rate);
    translation.stages.resize(formats_.size());
    translate_from(static_cast<std::size_t>(from - formats_.begin()));
    translation.is_on = first == from;
}

void Leg::translate_from(std::size_t format) {
    auto& translation = *translation_;
    auto& stage = translation.stages[format];
    if (stage) {
        stage->restart();
    } else {
        stage = Transcoder::make(formats_[format], translation.into, peer_->packet_time_);
    }
    translation.from = format;
    translation.stage = stage.get();
    translation.turn.reset();
}

void Leg::translate(std::span<std::uint8_t> packet, const RtpHeader& header,
                    const PayloadTable::Entry& payload, const Step& step) {
    auto& translation = *translation_;
    const bool is_known = payload.mapped != PayloadTable::kNotMapped;
    if (payload.kind == PayloadKind::Media) {
        translation.is_on = !is_known;
        // The party has changed its codec.
        if (!is_known && payload.format != translation.from) translate_from(payload.format);
    }
    if (!translation.is_on) {
        if (is_known) peer_->relay(packet, header, payload, step.now);
        return;
    }
    if (!translation.stage || peer_->speaks_itself_ || !peer_->can_send()) return;
    const auto content = packet.subspan(header.payload_offset, header.payload_size);
    if (payload.kind == PayloadKind::Media) return translate_sound(content, header, step);
    translation.stage->note(header);
    if (payload.kind == PayloadKind::TelephoneEvent && translation.events)
        translate_event(content, header, payload.clock_rate, step);
}

void Leg::translate_sound(std::span<const std::uint8_t> sound, const RtpHeader& header, const Step& step) {
    auto& stage = *translation_->stage;
    stage.put(header, sound);
    TranslatedPacket packet;
    while (const auto made = stage.next(std::span(packet).subspan(kRtpHeaderSize))) {
        RtpHeader sent;
        sent.payload_type = stage.payload_type();
        sent.marker = made->marker;
        sent.timestamp = made->place;
        peer_->send_translated(std::span(packet).first(kRtpHeaderSize + made->size), sent, made->begins,
                               *translation_, stage.clock_rate(), step);
    }
}

void Leg::translate_event(std::span<const std::uint8_t> content, const RtpHeader& header,
                          std::uint32_t clock_rate, const Step& step) {
    auto event = TelephoneEvent::parse(content);
    if (!event) return;
    auto& translation = *translation_;
    auto& last = translation.event;
    event->change_clock(clock_rate, translation.events->clock_rate);
    std::array<std::uint8_t, kRtpHeaderSize + TelephoneEvent::kSize> packet;
    event->write_into(packet.data() + kRtpHeaderSize);
    RtpHeader sent;
    sent.payload_type = translation.events->sent_payload_type();
    sent.marker = header.marker;
    const bool is_of_same_stream = last && last->ssrc == header.ssrc;
    if (is_of_same_stream && last->timestamp == header.timestamp) {
        last->duration = event->duration;
        sent.timestamp = last->sent_with;
        peer_->out_.proceed_at(sent, step.now);
        return peer_->send_made(packet, sent);
    }
    const auto source_rate = static_cast<std::int32_t>(formats_[translation.from].clock_rate);
    const auto after = is_of_same_stream ? static_cast<std::int32_t>(header.timestamp - last->timestamp) : 0;
    if (after < 0 && after > -kLongestDigit * source_rate) return;  // late, of a digit before
    const auto& stage = *translation.stage;
    auto place = stage.place_of(header.timestamp);
    const auto ahead = static_cast<std::int32_t>(place - stage.place());
    if (ahead < 0 || ahead > kLongestDigit * static_cast<std::int32_t>(stage.clock_rate()))
        place = stage.place();
    // Two digits are never told apart by anything but their timestamps.
    if (last && static_cast<std::int32_t>(translation.origin + place - last->sent_with) <= 0)
        place = last->sent_with + std::max<std::uint32_t>(last->duration, 1) - translation.origin;
    sent.timestamp = place;
    peer_->send_translated(packet, sent, false, translation, stage.clock_rate(), step);
    last = TranslatedEvent{header.ssrc, header.timestamp, translation.origin + place, event->duration};
}

void Leg::send_translated(std::span<std::uint8_t> packet, RtpHeader header, bool begins,
                          Translation& translation, std::uint32_t clock_rate, const Step& step) {
    const auto place = header.timestamp;
    if (begins || translation.turn != out_.turn()) {
        out_.begin(header, clock_rate, step.random.next(), step.now);
        header.marker = true;
        translation.turn = out_.turn();
        translation.origin = header.timestamp - place;
    } else {
        header.timestamp = translation.origin + place;
        out_.proceed_at(header, step.now);
    }
    send_made(packet, header);
}

void Leg::send_made(std::span<std::uint8_t> packet, const RtpHeader& header) {
    packet[0] = 0x80;
    header.write_into(packet.data());
    send(packet, packet.size() - kRtpHeaderSize);
}

}  // namespace almon::media
