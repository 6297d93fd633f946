// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdp/offer_answer.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "sdp/payload_types.hpp"
#include "sdp/stream_transport.hpp"

namespace almon::sdp {
namespace {

/// What leaves us without protection unless the next hop asks for it.
std::string plain_profile(const SessionDescription& description, const Stream& stream) {
    const auto transport = transport_of(description, stream);
    return transport && transport->protection == Protection::None ? stream.protocol : "RTP/AVP";
}

/// RTP in a way that we can speak.
bool is_spoken(const SessionDescription& description, const Stream& stream) {
    return transport_of(description, stream).has_value();
}

/// Formats that carry no voice or picture of their own.
bool is_auxiliary(const Format& format) noexcept {
    static constexpr std::array<std::string_view, 7> kNames{"TELEPHONE-EVENT", "CN",      "RTX", "RED",
                                                            "ULPFEC",          "FLEXFEC", "TONE"};
    return std::ranges::find(kNames, format.encoding) != kNames.end();
}

bool contains(const std::vector<std::string>& names, std::string_view encoding) {
    return std::ranges::any_of(names,
                               [&](const std::string& name) { return equals_ignoring_case(name, encoding); });
}

bool has_codec(const std::vector<Format>& formats) {
    return std::ranges::any_of(formats, [](const Format& format) { return !is_auxiliary(format); });
}

/// The payload type an RTX format repairs (RFC 4588 8.6), or nothing.
bool repairs_one_of(const Format& rtx, const std::vector<Format>& formats) {
    return std::ranges::any_of(formats, [&](const Format& format) {
        const auto wanted = "apt=" + std::to_string(format.payload_type);
        const auto at = rtx.parameters.find(wanted);
        if (at == std::string::npos) return false;
        const auto next = at + wanted.size();
        return next == rtx.parameters.size() || rtx.parameters[next] == ';';
    });
}

/// The formats of a stream that `names` allows, in their order.
std::vector<Format> allowed_formats(const Stream& stream, const std::vector<std::string>& names) {
    std::vector<Format> codecs;
    for (const auto& format : stream.formats) {
        if (!format.encoding.empty() && !is_auxiliary(format) &&
            (names.empty() || contains(names, format.encoding)))
            codecs.push_back(format);
    }
    const auto keeps = [&](const Format& format) {
        if (format.encoding.empty()) return false;
        if (!is_auxiliary(format)) return names.empty() || contains(names, format.encoding);
        if (format.encoding == "TELEPHONE-EVENT" || format.encoding == "CN") {
            // RFC 4733 2.1: events share the clock of the audio around them; others could not be used.
            return std::ranges::find(codecs, format.clock_rate, &Format::clock_rate) != codecs.end();
        }
        if (format.encoding == "RTX") return repairs_one_of(format, codecs);
        return names.empty() || contains(names, format.encoding);
    };
    std::vector<Format> kept;
    std::ranges::copy_if(stream.formats, std::back_inserter(kept), keeps);
    return kept;
}

/// RFC 3264 6: a refused stream keeps its place, its kind and its formats.
Stream refused_stream(const Stream& offered) {
    Stream refused;
    refused.kind = offered.kind;
    refused.media = offered.media;
    refused.protocol = offered.protocol;
    refused.formats = offered.formats;
    refused.other_formats = offered.other_formats;
    refused.direction = Direction::Inactive;
    for (auto& format : refused.formats)
        format.feedback.clear();
    return refused;
}

bool sends(Direction direction) noexcept {
    return direction == Direction::SendReceive || direction == Direction::SendOnly;
}

bool receives(Direction direction) noexcept {
    return direction == Direction::SendReceive || direction == Direction::ReceiveOnly;
}

Direction direction_from(bool send, bool receive) noexcept {
    if (send) return receive ? Direction::SendReceive : Direction::SendOnly;
    return receive ? Direction::ReceiveOnly : Direction::Inactive;
}

bool any_live(const std::vector<Stream>& streams) {
    return std::ranges::any_of(streams, [](const Stream& stream) { return !stream.refused(); });
}

tl::unexpected<Error> nothing_shared() {
    return refuse(ErrorCode::Unsupported, "codecs", "the two parties share no codec");
}

/// One offered stream answered with what the other party answered.
Stream relayed_stream(const Stream& offered, const Stream& answered) {
    Stream stream;
    stream.kind = offered.kind;
    stream.media = offered.media;
    stream.protocol = offered.protocol;
    stream.ptime_ms = answered.ptime_ms;
    stream.maxptime_ms = answered.maxptime_ms;
    stream.direction = answered_direction(offered.direction, answered.direction);
    for (const auto& format : answered.formats) {
        const auto is_same = [&](const Format& candidate) { return candidate.same_codec(format); };
        // The identical number first: with two payload types of one codec, each answers its own.
        auto found = std::ranges::find_if(offered.formats, [&](const Format& candidate) {
            return candidate.payload_type == format.payload_type && candidate.same_codec(format);
        });
        if (found == offered.formats.end()) found = std::ranges::find_if(offered.formats, is_same);
        if (found == offered.formats.end()) continue;
        if (std::ranges::find(stream.formats, found->payload_type, &Format::payload_type) !=
            stream.formats.end())
            continue;
        auto renumbered = format;
        renumbered.payload_type = found->payload_type;
        stream.formats.push_back(std::move(renumbered));
    }
    if (!has_codec(stream.formats)) return refused_stream(offered);
    stream.address.port = kAddressPending;
    stream.attributes = without_transport(answered.attributes);
    return stream;
}

}  // namespace

Direction answered_direction(Direction offered, Direction wanted) noexcept {
    return direction_from(sends(wanted) && receives(offered), receives(wanted) && sends(offered));
}

void set_addresses(SessionDescription& description, const std::vector<NetAddress>& addresses) {
    bool origin_set = false;
    for (std::size_t i = 0; i < description.streams.size() && i < addresses.size(); ++i) {
        auto& stream = description.streams[i];
        if (stream.refused()) continue;
        stream.address = addresses[i];
        stream.rtcp.reset();
        if (!origin_set) {
            description.origin = addresses[i];
            description.origin.port = 0;
            origin_set = true;
        }
    }
}

SessionDescription relay_offer(const SessionDescription& offer, const AllowedCodecs& allowed) {
    SessionDescription relayed;
    relayed.attributes = without_transport(offer.attributes);
    for (const auto& offered : offer.streams) {
        const bool relayable = !offered.refused() && is_spoken(offer, offered) &&
                               (offered.kind == MediaKind::Audio || offered.kind == MediaKind::Video);
        auto formats = relayable ? allowed_formats(offered, offered.kind == MediaKind::Video ? allowed.video
                                                                                             : allowed.audio)
                                 : std::vector<Format>{};
        if (!has_codec(formats)) {
            relayed.streams.push_back(refused_stream(offered));
            continue;
        }
        Stream stream;
        stream.kind = offered.kind;
        stream.media = offered.media;
        stream.protocol = plain_profile(offer, offered);
        stream.address.port = kAddressPending;
        stream.direction = offered.direction;
        stream.formats = std::move(formats);
        stream.ptime_ms = offered.ptime_ms;
        stream.maxptime_ms = offered.maxptime_ms;
        stream.attributes = without_transport(offered.attributes);
        relayed.streams.push_back(std::move(stream));
    }
    return relayed;
}

Result<SessionDescription> relay_answer(const SessionDescription& offer, const SessionDescription& answer) {
    SessionDescription relayed;
    relayed.attributes = without_transport(answer.attributes);
    for (std::size_t i = 0; i < offer.streams.size(); ++i) {
        const auto& offered = offer.streams[i];
        const bool refused = offered.refused() || !is_spoken(offer, offered) || i >= answer.streams.size() ||
                             answer.streams[i].refused() || answer.streams[i].kind != offered.kind;
        relayed.streams.push_back(refused ? refused_stream(offered)
                                          : relayed_stream(offered, answer.streams[i]));
    }
    if (!any_live(relayed.streams)) return nothing_shared();
    return relayed;
}

Result<SessionDescription> local_answer(const SessionDescription& offer,
                                        const std::vector<std::string>& encodings) {
    SessionDescription answer;
    bool answered = false;
    for (const auto& offered : offer.streams) {
        auto formats =
            !answered && !offered.refused() && is_spoken(offer, offered) && offered.kind == MediaKind::Audio
                ? allowed_formats(offered, encodings)
                : std::vector<Format>{};
        if (!has_codec(formats)) {
            answer.streams.push_back(refused_stream(offered));
            continue;
        }
        // Our own sound is plain: no comfort noise, no redundancy.
        std::erase_if(formats, [](const Format& format) {
            return is_auxiliary(format) && format.encoding != "TELEPHONE-EVENT";
        });
        Stream stream;
        stream.address.port = kAddressPending;
        stream.protocol = offered.protocol;
        stream.direction = reversed(offered.direction);
        stream.formats = std::move(formats);
        stream.ptime_ms = offered.ptime_ms;
        answer.streams.push_back(std::move(stream));
        answered = true;
    }
    if (!answered) return nothing_shared();
    return answer;
}

SessionDescription mirrored_answer(const SessionDescription& offer, const SessionDescription& last_answer,
                                   bool can_send) {
    auto answer = last_answer;
    for (std::size_t i = 0; i < offer.streams.size(); ++i) {
        const auto& offered = offer.streams[i];
        if (i >= answer.streams.size() || offered.refused()) {
            if (i >= answer.streams.size()) answer.streams.emplace_back();
            answer.streams[i] = refused_stream(offered);
            continue;
        }
        auto& stream = answer.streams[i];
        if (stream.refused()) continue;
        stream.direction = direction_from(can_send && receives(offered.direction), sends(offered.direction));
    }
    if (answer != last_answer) ++answer.version;
    return answer;
}

bool same_media(const SessionDescription& before, const SessionDescription& after) {
    return std::ranges::equal(before.streams, after.streams, [](const Stream& left, const Stream& right) {
        return left.kind == right.kind && left.media == right.media && left.protocol == right.protocol &&
               left.refused() == right.refused() && left.formats == right.formats &&
               left.other_formats == right.other_formats && left.ptime_ms == right.ptime_ms &&
               left.maxptime_ms == right.maxptime_ms &&
               without_transport(left.attributes) == without_transport(right.attributes);
    });
}

SessionDescription local_offer(const AllowedCodecs& codecs) {
    static const std::vector<std::string> kOwnAudio{"PCMA", "PCMU", "G722", "OPUS"};
    constexpr std::uint8_t kTelephoneEvent = 101;
    std::uint8_t next_dynamic = 96;
    const auto make_format = [&](std::string_view name) {
        Format format;
        format.encoding = upper_case(name);
        // Of L16 the static numbers are those of music; a telephone's is narrow and has none.
        if (const auto known = format.encoding == "L16" ? std::nullopt : static_payload(name)) {
            format.payload_type = known->payload_type;
            format.clock_rate = known->clock_rate;
            format.channels = known->channels;
            return format;
        }
        format.payload_type = next_dynamic++;
        if (next_dynamic == kTelephoneEvent) ++next_dynamic;
        if (format.encoding == "OPUS") {
            // RFC 7587 7: always written with this clock and two channels.
            format.clock_rate = 48000;
            format.channels = 2;
            format.parameters = "useinbandfec=1";
        }
        return format;
    };

    SessionDescription offer;
    Stream audio;
    audio.address.port = kAddressPending;
    audio.ptime_ms = 20;
    for (const auto& name : codecs.audio.empty() ? kOwnAudio : codecs.audio) {
        if (equals_ignoring_case(name, "TELEPHONE-EVENT") || next_dynamic > 126) continue;
        audio.formats.push_back(make_format(name));
    }
    const auto add_events = [&](std::uint8_t payload_type, std::uint32_t clock_rate) {
        if (std::ranges::find(audio.formats, clock_rate, &Format::clock_rate) == audio.formats.end()) return;
        Format events;
        events.payload_type = payload_type;
        events.encoding = "TELEPHONE-EVENT";
        events.clock_rate = clock_rate;
        events.parameters = "0-16";
        audio.formats.push_back(std::move(events));
    };
    add_events(kTelephoneEvent, 8000);
    add_events(next_dynamic++, 48000);
    offer.streams.push_back(std::move(audio));

    if (!codecs.video.empty()) {
        Stream video;
        video.kind = MediaKind::Video;
        video.media = "video";
        video.address.port = kAddressPending;
        for (const auto& name : codecs.video) {
            if (next_dynamic > 126) break;
            auto format = make_format(name);
            format.clock_rate = 90000;
            if (format.encoding == "H264") format.parameters = "profile-level-id=42e01f;packetization-mode=1";
            video.formats.push_back(std::move(format));
        }
        offer.streams.push_back(std::move(video));
    }
    return offer;
}

}  // namespace almon::sdp
