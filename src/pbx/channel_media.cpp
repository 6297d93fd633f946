// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/channel_media.hpp"

#include <algorithm>
#include <iterator>

namespace almon::pbx {
namespace {

using sdp::Direction;
using sdp::Format;
using sdp::SessionDescription;
using sdp::Stream;

bool offers(const Stream& stream, const Format& wanted) noexcept {
    return std::ranges::any_of(stream.formats,
                               [&](const Format& format) { return format.same_codec(wanted); });
}

bool within(Direction wanted, Direction told) noexcept {
    return (!sends(wanted) || sends(told)) && (!receives(wanted) || receives(told));
}

bool lacks_events(const Stream& stream) noexcept {
    return stream.kind == sdp::MediaKind::Audio && !stream.refused() && !stream.formats.empty() &&
           std::ranges::find(stream.formats, "TELEPHONE-EVENT", &Format::encoding) == stream.formats.end();
}

}  // namespace

bool accompanies(const Format& format) noexcept {
    return format.encoding == "TELEPHONE-EVENT" || format.encoding == "CN" || format.encoding == "RTX" ||
           format.encoding == "RED" || format.encoding == "ULPFEC" || format.encoding == "FLEXFEC";
}

std::optional<std::vector<std::string>> allowed_by_both(const std::vector<std::string>& first,
                                                        const std::vector<std::string>& second) {
    if (first.empty()) return second;
    if (second.empty()) return first;
    std::vector<std::string> both;
    std::ranges::copy_if(second, std::back_inserter(both), [&](const std::string& codec) {
        return std::ranges::find(first, codec) != first.end();
    });
    if (both.empty()) return std::nullopt;
    return both;
}

bool has_live_stream(const SessionDescription& description) noexcept {
    return std::ranges::any_of(description.streams, [](const Stream& stream) { return !stream.refused(); });
}

bool takes_events(const SessionDescription& description) noexcept {
    return std::ranges::any_of(description.streams, [](const Stream& stream) {
        return !stream.refused() && stream.kind == sdp::MediaKind::Audio &&
               std::ranges::find(stream.formats, "TELEPHONE-EVENT", &Format::encoding) !=
                   stream.formats.end();
    });
}

bool is_hold(const SessionDescription& description) noexcept {
    const auto audio = std::ranges::find_if(description.streams, [](const Stream& stream) {
        return stream.kind == sdp::MediaKind::Audio && !stream.refused();
    });
    return audio != description.streams.end() && !receives(audio->direction);
}

bool sends(Direction direction) noexcept {
    return direction == Direction::SendReceive || direction == Direction::SendOnly;
}

bool receives(Direction direction) noexcept {
    return direction == Direction::SendReceive || direction == Direction::ReceiveOnly;
}

Direction either(Direction first, Direction second) noexcept {
    const bool send = sends(first) || sends(second);
    const bool receive = receives(first) || receives(second);
    if (send) return receive ? Direction::SendReceive : Direction::SendOnly;
    return receive ? Direction::ReceiveOnly : Direction::Inactive;
}

void narrow(SessionDescription& ours, const SessionDescription& theirs) {
    for (std::size_t i = 0; i < ours.streams.size(); ++i) {
        auto& stream = ours.streams[i];
        if (stream.refused()) continue;
        if (i >= theirs.streams.size() || theirs.streams[i].refused()) {
            stream.address.port = 0;
            continue;
        }
        std::erase_if(stream.formats,
                      [&](const Format& format) { return !offers(theirs.streams[i], format); });
        if (stream.formats.empty()) stream.address.port = 0;
    }
}

void agree(ChannelMedia& media, SessionDescription offer, SessionDescription answer) {
    media.local = offer;
    narrow(*media.local, answer);
    // What was narrowed was never said: whatever is said next is new (see CallCore::State::address).
    if (*media.local != offer) media.local->version = 0;
    media.remote = std::move(answer);
}

void tell_directions(ChannelMedia& media, const SessionDescription& description) {
    if (media.told.size() < description.streams.size())
        media.told.resize(description.streams.size(), Direction::Inactive);
    for (std::size_t i = 0; i < description.streams.size(); ++i) {
        const auto& stream = description.streams[i];
        if (!stream.refused()) media.told[i] = either(media.told[i], stream.direction);
    }
}

bool can_answer_alone(const SessionDescription& offer, const ChannelMedia& media, const ChannelMedia* peer) {
    const auto& local = *media.local;
    const auto& remote = *media.remote;
    if (offer.streams.size() != local.streams.size()) return false;
    for (std::size_t i = 0; i < offer.streams.size(); ++i) {
        const auto& offered = offer.streams[i];
        const auto& agreed = local.streams[i];
        if (agreed.refused()) {
            // Phones offer again what was declined before; it stays declined.
            const bool news =
                !offered.refused() && (i >= remote.streams.size() || remote.streams[i].refused());
            if (news) return false;
            continue;
        }
        if (offered.refused() || offered.kind != agreed.kind || offered.protocol != agreed.protocol)
            return false;
        const bool keeps_codecs = std::ranges::all_of(agreed.formats, [&](const Format& format) {
            return accompanies(format) || offers(offered, format);
        });
        if (!keeps_codecs) return false;
        if (peer == nullptr) continue;
        if (i >= peer->told.size() || !within(offered.direction, peer->told[i])) return false;
    }
    return true;
}

Result<SessionDescription> answer_alone(const SessionDescription& offer, const SessionDescription& local) {
    auto answer = sdp::relay_answer(offer, local);
    if (answer) mirror_directions(*answer, offer);
    return answer;
}

void mirror_directions(SessionDescription& answer, const SessionDescription& offer) {
    for (std::size_t i = 0; i < answer.streams.size() && i < offer.streams.size(); ++i) {
        if (!answer.streams[i].refused())
            answer.streams[i].direction = sdp::reversed(offer.streams[i].direction);
    }
}

void keep_events(SessionDescription& answer, const SessionDescription& offer) {
    for (std::size_t i = 0; i < answer.streams.size() && i < offer.streams.size(); ++i) {
        auto& stream = answer.streams[i];
        if (!lacks_events(stream)) continue;
        // RFC 4733 2.1: events share the clock of the codec that they interrupt. Phones that know them in one
        // clock alone send them so among any codec.
        const auto& offered = offer.streams[i].formats;
        const auto clock = stream.formats.front().clock_rate;
        auto events = std::ranges::find_if(offered, [&](const Format& format) {
            return format.encoding == "TELEPHONE-EVENT" && format.clock_rate == clock;
        });
        if (events == offered.end())
            events = std::ranges::find(offered, "TELEPHONE-EVENT", &Format::encoding);
        if (events != offered.end()) stream.formats.push_back(*events);
    }
}

void add_events(SessionDescription& offer) {
    for (auto& stream : offer.streams) {
        if (!lacks_events(stream)) continue;
        Format events;
        events.encoding = "TELEPHONE-EVENT";
        events.clock_rate = stream.formats.front().clock_rate;
        events.parameters = "0-16";
        const auto taken = [&] {
            return std::ranges::find(stream.formats, events.payload_type, &Format::payload_type) !=
                   stream.formats.end();
        };
        for (events.payload_type = 101; taken() && events.payload_type < 127;)
            ++events.payload_type;
        if (!taken()) stream.formats.push_back(std::move(events));
    }
}

media::PayloadFormat payload_format(const Format& format) {
    return {format.payload_type, format.encoding, format.clock_rate, format.channels, format.parameters};
}

std::vector<media::PayloadFormat> payload_formats(const Stream& stream) {
    std::vector<media::PayloadFormat> formats;
    formats.reserve(stream.formats.size());
    std::ranges::transform(stream.formats, std::back_inserter(formats), payload_format);
    return formats;
}

}  // namespace almon::pbx
