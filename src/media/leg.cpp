// SPDX-License-Identifier: GPL-3.0-or-later
// What a leg is told, and the way of a packet: received, judged, counted, relayed.
#include "media/leg.hpp"

#include <algorithm>
#include <cstring>

#include <sys/socket.h>

#include "media/room.hpp"

namespace almon::media {
namespace {

/// An event that the listener knows in another clock alone: its timestamp is that of the sound around it, its
/// duration is not.
void fit_event(std::span<std::uint8_t> payload, const PayloadTable::Entry& from,
               const std::vector<PayloadFormat>& listeners) noexcept {
    const auto to = std::ranges::find_if(listeners, [&](const PayloadFormat& format) {
        return format.sent_payload_type() == from.mapped && kind_of(format) == from.kind;
    });
    if (to == listeners.end() || to->clock_rate == from.clock_rate) return;
    auto event = TelephoneEvent::parse(payload);
    if (!event) return;
    event->change_clock(from.clock_rate, to->clock_rate);
    event->write_into(payload.data());
}

}  // namespace

Leg::Leg(LegId id, PortPair ports, bool ipv6_sockets) noexcept
    : ports_(std::move(ports)), id_(id), ipv6_sockets_(ipv6_sockets) {}

Leg::~Leg() {
    leave_room();
}

void Leg::configure(const ConfigureLeg& command, const Step& step) {
    const bool first = !configured_;
    const bool listens_anew = command.receives && (!receives_ || first);
    const bool other_formats = command.formats != formats_ || command.packet_time != packet_time_;
    if (!command.ice) {
        latch_.signal(SocketAddress::make(command.remote, ipv6_sockets_), step.now);
        signalled_rtcp_ = SocketAddress::make(command.remote_rtcp, ipv6_sockets_);
    }
    configure_path(command, step);
    if (other_formats) formats_ = command.formats;
    packet_time_ = command.packet_time;
    video_ = is_video(formats_);
    sends_ = command.sends;
    receives_ = command.receives;
    relatch_after_ = command.relatch_after;
    timeout_ = command.timeout;
    configured_ = true;
    if (listens_anew) {
        heard_at_ = step.now;
        timed_out_ = false;
    }
    if (first) schedule_report(step, true);
    if (other_formats) {
        last_format_ = 0;
        ears_.clear();
        voice_.reset();
        rebuild_tables();
        if (peer_) peer_->rebuild_tables();
        choose_room_format();
        if (playback_) {
            // Perhaps the other law now, or none at all.
            playback_->requested = false;
            playback_->contiguous = false;
        }
    }
}

void Leg::join(Leg& first, Leg& second) noexcept {
    if (first.peer_ == &second || &first == &second) return;
    for (auto* const leg : {&first, &second}) {
        leg->separate();
        leg->leave_room();
    }
    first.peer_ = &second;
    second.peer_ = &first;
    first.rebuild_tables();
    second.rebuild_tables();
}

void Leg::separate() noexcept {
    if (!peer_) return;
    auto* const other = std::exchange(peer_, nullptr);
    other->peer_ = nullptr;
    rebuild_tables();
    other->rebuild_tables();
    out_.interrupt();
    other->out_.interrupt();
}

void Leg::rebuild_tables() noexcept {
    payloads_ = PayloadTable(formats_, peer_ ? &peer_->formats_ : nullptr);
    choose_translation();
}

bool Leg::receive_rtp(Buffer& buffer, const Step& step) {
    SocketAddress source;
    source.length = sizeof(source.v6);
    const auto size = ::recvfrom(ports_.rtp.get(), buffer.data(), buffer.size(), MSG_DONTWAIT | MSG_TRUNC,
                                 &source.any, &source.length);
    if (size < 0) return false;
    if (static_cast<std::size_t>(size) > buffer.size() || !configured_) return true;
    std::span packet(buffer.data(), static_cast<std::size_t>(size));
    if (guard_ && take_path_message(GuardedPath::kRtp, packet, source, step)) return true;
    if (looks_like_rtcp(packet)) {
        // RFC 5761: some phones multiplex without asking.
        if (source != latch_.destination()) return true;
        if (guard_) {
            packet = packet.first(guard_->unprotect_rtcp(GuardedPath::kRtp, packet));
            if (packet.empty()) return ++refused_, true;
        }
        rtcp_on_rtp_port_ = true;
        accept_rtcp(packet, step);
        return true;
    }
    auto header = RtpHeader::parse(packet);
    if (!header || payloads_[header->payload_type].kind == PayloadKind::Unknown) return true;
    if (guard_) {
        if (guard_->blocked(GuardedPath::kRtp)) return true;
        // Before it may change whom we send to: a stranger's packet proves nothing.
        const bool admitted = source == latch_.destination() || guard_->admits(GuardedPath::kRtp, source);
        packet = packet.first(admitted ? guard_->unprotect_rtp(packet) : 0);
        header = RtpHeader::parse(packet);
        if (!header) return ++refused_, true;
    }
    switch (latch_.judge(source, step.now, relatch_after_)) {
        case SourceLatch::Verdict::Refused:
            ++refused_;
            return true;
        case SourceLatch::Verdict::AcceptedAnew:
            heard_rtcp_ = {};
            break;
        case SourceLatch::Verdict::Accepted:
            break;
    }
    if (!first_packet_reported_) {
        first_packet_reported_ = true;
        step.events.emplace_back(FirstPacket{id_, source.net_address()});
    }
    accept_rtp(packet, *header, step);
    return true;
}

void Leg::accept_rtp(std::span<std::uint8_t> packet, const RtpHeader& header, const Step& step) {
    const auto& payload = payloads_[header.payload_type];
    heard_at_ = step.now;
    if (payload.kind != PayloadKind::Repair)
        received_.received(header, step.now,
                           payload.kind == PayloadKind::TelephoneEvent ? 0 : payload.clock_rate);
    if (!receives_) return;
    if (payload.kind == PayloadKind::Media) {
        last_format_ = payload.format;
        if (recording_ || seat_) listen(packet, header, step);
    } else if (payload.kind == PayloadKind::TelephoneEvent) {
        detect_digit(packet, header, payload.clock_rate, step);
    }
    if (!peer_) return;
    if (translation_) [[unlikely]]
        return translate(packet, header, payload, step);
    if (payload.mapped != PayloadTable::kNotMapped) peer_->relay(packet, header, payload, step.now);
}

void Leg::relay(std::span<std::uint8_t> packet, RtpHeader header, const PayloadTable::Entry& payload,
                Instant now) {
    if (speaks_itself_ || !can_send()) return;
    header.payload_type = payload.mapped;
    if (payload.kind == PayloadKind::TelephoneEvent) [[unlikely]]
        fit_event(packet.subspan(header.payload_offset, header.payload_size), payload, formats_);
    if (!video_) {
        out_.relay(header, payload.clock_rate, now);
    } else if (payload.kind == PayloadKind::Media) {
        out_.pass(header, payload.clock_rate, now);
    }
    header.write_into(packet.data());
    send(packet, header.payload_size);
}

void Leg::send(std::span<const std::uint8_t> packet, std::size_t payload_size) noexcept {
    const auto& destination = latch_.destination();
    Buffer secret;
    if (guard_) {
        if (packet.size() + SrtpSession::kMostOverhead > secret.size()) return;
        std::memcpy(secret.data(), packet.data(), packet.size());
        packet = std::span(secret).first(guard_->protect_rtp(secret.data(), packet.size()));
        if (packet.empty()) return;
    }
    // A full socket buffer loses the packet, as the network would.
    if (::sendto(ports_.rtp.get(), packet.data(), packet.size(), MSG_DONTWAIT, &destination.any,
                 destination.length) >= 0)
        out_.sent(payload_size);
}

void Leg::detect_digit(std::span<const std::uint8_t> packet, const RtpHeader& header,
                       std::uint32_t clock_rate, const Step& step) {
    const auto event = TelephoneEvent::parse(packet.subspan(header.payload_offset, header.payload_size));
    if (!event) return;
    const auto found = detector_.received(*event, header.timestamp, clock_rate, step.now);
    for (const auto& digit : {found.lost_end, found.ended}) {
        if (digit) step.events.emplace_back(DigitReceived{id_, digit->digit, digit->duration});
    }
}

void Leg::housekeep(const Step& step) {
    if (const auto digit = detector_.expired(step.now))
        step.events.emplace_back(DigitReceived{id_, digit->digit, digit->duration});
    if (!configured_) return;
    if (guard_) advance_path(step);
    if (timeout_ > Duration::zero() && receives_ && !timed_out_ && step.now - heard_at_ >= timeout_) {
        timed_out_ = true;
        step.events.emplace_back(MediaTimedOut{id_});
    }
    if (step.now >= next_report_) {
        send_report(step);
        schedule_report(step, false);
    }
}

}  // namespace almon::media
