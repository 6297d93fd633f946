// SPDX-License-Identifier: GPL-3.0-or-later
// What the core tells the media engine about a channel, and what it hears from it.
#include <algorithm>
#include <utility>

#include "pbx/call_core_state.hpp"
#include "pbx/codec_agreement.hpp"
#include "pbx/leg_transport.hpp"

namespace almon::pbx {
namespace {

/// The stream is in force on both sides.
bool live_in(const std::optional<sdp::SessionDescription>& description, std::size_t stream) noexcept {
    return description && stream < description->streams.size() && !description->streams[stream].refused();
}

/// What both speak, with the numbers of both (RFC 3264 6.1: an answer may number otherwise than its offer).
std::vector<media::PayloadFormat> agreed_formats(const sdp::Stream& local, const sdp::Stream& remote) {
    auto formats = payload_formats(local);
    for (std::size_t i = 0; i < formats.size(); ++i) {
        const auto theirs = std::ranges::find_if(
            remote.formats, [&](const sdp::Format& format) { return format.same_codec(local.formats[i]); });
        if (theirs == remote.formats.end()) continue;
        if (theirs->payload_type != formats[i].payload_type) formats[i].sent_as = theirs->payload_type;
        // RFC 7587 7.1: each side says what it wants to be sent.
        if (formats[i].encoding == "OPUS") formats[i].parameters = theirs->parameters;
    }
    return formats;
}

/// Of what we encode for a party: as long as it wants them, within what every telephone can take.
std::chrono::milliseconds packet_time_of(const sdp::Stream& remote) noexcept {
    constexpr std::uint32_t kUsual = 20;
    auto wanted = remote.ptime_ms != 0 ? remote.ptime_ms : kUsual;
    if (remote.maxptime_ms != 0) wanted = std::min(wanted, remote.maxptime_ms);
    return std::chrono::milliseconds(std::clamp<std::uint32_t>(wanted, 10, 60));
}

}  // namespace

std::vector<std::string> CallCore::State::allowed_codecs(const Channel& of) {
    const auto* technology = technology_of(of);
    return technology == nullptr ? std::vector<std::string>{} : technology->allowed_codecs(of.endpoint);
}

bool CallCore::State::reserve_legs(Channel& of, const sdp::SessionDescription& description) {
    auto& legs = of.media.legs;
    if (legs.size() < description.streams.size()) legs.resize(description.streams.size());
    bool enough = true;
    for (std::size_t i = 0; i < description.streams.size(); ++i) {
        if (description.streams[i].refused() || legs[i].id) continue;
        const auto port = live.ports.take();
        if (!port) {
            enough = false;
            break;
        }
        legs[i] = {media::LegId{++live.last_leg}, *port, false};
    }
    order_ports();
    return enough;
}

void CallCore::State::address(Channel& of, sdp::SessionDescription& description,
                              const sdp::SessionDescription* offer) {
    auto& media_of = of.media;
    description.session_id = of.id.value;
    description.origin = settings.media_address;
    description.origin.port = 0;
    for (std::size_t i = 0; i < description.streams.size(); ++i) {
        auto& stream = description.streams[i];
        if (stream.refused()) continue;
        stream.address = settings.media_address;
        stream.address.port = media_of.legs[i].port;
        stream.rtcp.reset();
    }
    std::vector<sdp::StreamTransport> transports(description.streams.size());
    for (std::size_t i = 0; i < description.streams.size(); ++i) {
        if (description.streams[i].refused()) continue;
        auto& leg = media_of.legs[i];
        if (offer == nullptr || i >= offer->streams.size()) {
            transports[i] = offered_transport(media_of.manner, leg, i, settings.dtls_fingerprint, random);
        } else if (const auto theirs = sdp::transport_of(*offer, offer->streams[i])) {
            transports[i] = answered_transport(*theirs, leg, settings.dtls_fingerprint, random);
        }
    }
    sdp::set_transports(description, transports);
    description.version = media_of.version;
    // RFC 3264 8: the version says whether anything changed.
    if (media_of.local && description == *media_of.local) return;
    description.version = ++media_of.version;
}

const Leg* CallCore::State::open_audio_leg(const Channel& of) noexcept {
    if (!of.media.local) return nullptr;
    const auto& streams = of.media.local->streams;
    for (std::size_t i = 0; i < of.media.legs.size() && i < streams.size(); ++i) {
        const auto& leg = of.media.legs[i];
        if (leg.open && streams[i].kind == sdp::MediaKind::Audio) return &leg;
    }
    return nullptr;
}

void CallCore::State::configure_legs(Channel& of, const Channel* peer) {
    const bool is_held = peer != nullptr && peer->media.holds;
    const auto* music = is_held ? music_of(*peer) : music_alone(of);
    const auto& local = of.media.local;
    const auto& remote = of.media.remote;
    for (std::size_t i = 0; i < of.media.legs.size(); ++i) {
        auto& leg = of.media.legs[i];
        if (!leg.id || !live_in(local, i) || !live_in(remote, i)) continue;
        const auto& ours = local->streams[i];
        const auto& theirs = remote->streams[i];
        if (!leg.open) {
            leg.open = true;
            live.legs[leg.id] = {of.id, of.chain, static_cast<std::uint32_t>(i), false, {}};
            engine.command(media::OpenLeg{leg.id, leg.port});
        }
        media::ConfigureLeg configure;
        configure.leg = leg.id;
        configure.remote = theirs.address;
        configure.remote_rtcp = theirs.address;
        ++configure.remote_rtcp.port;
        if (theirs.rtcp) configure.remote_rtcp = *theirs.rtcp;
        configure.formats = agreed_formats(ours, theirs);
        configure.packet_time = packet_time_of(theirs);
        const bool is_audio = ours.kind == sdp::MediaKind::Audio;
        const bool is_quiet = is_held && (music == nullptr || !is_audio);
        configure.sends = receives(theirs.direction) && sends(ours.direction) && !is_quiet;
        configure.receives = sends(theirs.direction) && receives(ours.direction) && !of.media.holds;
        // The other half of a Local call is ourselves: its silence says nothing about a phone. A phone may
        // well have our address, on the same machine.
        const bool is_phone = of.technology != "Local";
        if (is_phone && is_audio && of.state == ChannelState::Up) configure.timeout = settings.media_timeout;
        const auto transport = sdp::transport_of(*remote, theirs);
        const auto secured = transport ? secure(configure, leg, *transport) : Result<void>(refuse(transport));
        if (!secured) {
            trace(of, "media of {}, stream {}, cannot flow: {} {}", of.name, i, secured.error().field,
                  secured.error().reason);
            configure.sends = configure.receives = false;
        }
        engine.command(std::move(configure));
    }
    attend_music(of, music);
    if (of.seat) take_seat(of);
}

void CallCore::State::separate_legs(const Channel& first, const Channel& second) {
    const auto count = std::min(first.media.legs.size(), second.media.legs.size());
    for (std::size_t i = 0; i < count; ++i) {
        const auto& one = first.media.legs[i];
        const auto& other = second.media.legs[i];
        if (one.open && other.open) engine.command(media::SeparateLegs{one.id, other.id});
    }
}

void CallCore::State::join_legs(const Channel& first, const Channel& second) {
    if (!hear_each_other(first.media, second.media) && hear_through_us(first.media, second.media))
        trace(first, "{} and {} share no codec: what they say is transcoded", first.name, second.name);
    const auto count = std::min(first.media.legs.size(), second.media.legs.size());
    for (std::size_t i = 0; i < count; ++i) {
        const auto& one = first.media.legs[i];
        const auto& other = second.media.legs[i];
        if (one.open && other.open) engine.command(media::JoinLegs{one.id, other.id});
    }
}

void CallCore::State::close_unused_legs(Channel& of) {
    for (std::size_t i = 0; i < of.media.legs.size(); ++i) {
        if (!live_in(of.media.local, i) || !live_in(of.media.remote, i)) close_leg(of, of.media.legs[i]);
    }
}

void CallCore::State::close_all_legs(Channel& of) {
    for (auto& leg : of.media.legs)
        close_leg(of, leg);
}

void CallCore::State::close_leg(Channel& of, Leg& leg) {
    if (!leg.id) return;
    if (leg.open) {
        auto& owner = live.legs[leg.id];
        owner.closing = true;
        owner.channel_name = of.name;
        engine.command(media::CloseLeg{leg.id});
    } else {
        live.ports.give_back(leg.port);
    }
    if (of.music && of.music->leg == leg.id) of.music.reset();
    leg = {};
}

void CallCore::State::order_ports() {
    live.ports_ordered = true;
    if (const auto count = live.ports.wanted(live.legs.size())) engine.command(media::PreparePorts{count});
}

void CallCore::State::on(const media::Event& event) {
    const auto owner_of = [this](media::LegId leg) -> Channel* {
        const auto found = live.legs.find(leg);
        return found == live.legs.end() || found->second.closing ? nullptr : channel(found->second.channel);
    };
    if (const auto* ready = std::get_if<media::PortsReady>(&event)) {
        live.ports.add(ready->ports);
    } else if (std::holds_alternative<media::PortsExhausted>(event)) {
        live.ports.exhausted();
    } else if (const auto* digit = std::get_if<media::DigitReceived>(&event)) {
        if (auto* from = owner_of(digit->leg)) on_media_digit(*from, *digit);
    } else if (const auto* first = std::get_if<media::FirstPacket>(&event)) {
        if (auto* from = owner_of(first->leg))
            trace(*from, "media of {} arrives from {}", from->name, first->source.text());
    } else if (const auto* how = std::get_if<media::MediaProtected>(&event)) {
        if (auto* from = owner_of(how->leg))
            trace(*from, "media of {} is protected: {}", from->name, how->how);
    } else if (const auto* failed = std::get_if<media::ProtectionFailed>(&event)) {
        if (auto* from = owner_of(failed->leg)) {
            trace(*from, "media of {} cannot be protected: {}", from->name, failed->reason);
            end_call(*from, Cause::BearerCapabilityNotAvailable);
        }
    } else if (const auto* timed_out = std::get_if<media::MediaTimedOut>(&event)) {
        if (auto* silent = owner_of(timed_out->leg)) {
            trace(*silent, "no media of {} for {} ms", silent->name, settings.media_timeout.count());
            end_call(*silent, Cause::RecoveryOnTimerExpiry);
        }
    } else if (const auto* finished = std::get_if<media::PlaybackFinished>(&event)) {
        if (auto* hearing = owner_of(finished->leg)) on_playback_finished(*hearing, *finished);
    } else if (const auto* recorded = std::get_if<media::Recorded>(&event)) {
        on_recorded(*recorded);
    } else if (const auto* closed = std::get_if<media::LegClosed>(&event)) {
        const auto found = live.legs.find(closed->leg);
        if (found == live.legs.end()) return;
        const auto& figures = closed->statistics;
        traces.add(found->second.chain, clock.utc(),
                   fmt::format(
                       "media of {}, stream {}: {} packets in, {} out, {} lost, jitter {:.1f} ms, round trip "
                       "{:.1f} ms, MOS {:.2f}",
                       found->second.channel_name, found->second.stream, figures.packets_received,
                       figures.packets_sent, figures.packets_lost, figures.jitter_ms, figures.round_trip_ms,
                       figures.mos));
        live.legs.erase(found);
        order_ports();
    }
}

}  // namespace almon::pbx
