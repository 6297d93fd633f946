// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/codec_agreement.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace almon::pbx {
namespace {

using sdp::Format;
using sdp::Stream;

constexpr std::uint8_t kFirstDynamic = 96;
constexpr std::uint8_t kLastDynamic = 127;

const Format* same_codec_in(const std::vector<Format>& formats, const Format& wanted) noexcept {
    const auto found =
        std::ranges::find_if(formats, [&](const Format& format) { return format.same_codec(wanted); });
    return found == formats.end() ? nullptr : &*found;
}

/// What a party sends unless it has a reason not to.
const Format* first_codec(const Stream& stream) noexcept {
    const auto found = std::ranges::find_if_not(stream.formats, accompanies);
    return found == stream.formats.end() ? nullptr : &*found;
}

bool live(const sdp::SessionDescription& description, std::size_t stream) noexcept {
    return stream < description.streams.size() && !description.streams[stream].refused();
}

bool has_number(const std::vector<Format>& formats, std::uint8_t number) noexcept {
    return std::ranges::find(formats, number, &Format::payload_type) != formats.end();
}

/// The wanted codecs under the numbers that the party knows them by. RFC 3264 8.3.2: a number never changes
/// its meaning within a session.
std::vector<Format> numbered(const std::vector<Format>& wanted, const std::vector<Format>& known) {
    std::vector<Format> formats;
    for (auto format : wanted) {
        if (const auto* same = same_codec_in(known, format)) {
            format.payload_type = same->payload_type;
        } else if (has_number(known, format.payload_type) || has_number(formats, format.payload_type)) {
            std::uint8_t free = kFirstDynamic;
            while (free < kLastDynamic &&
                   (has_number(known, free) || has_number(formats, free) || has_number(wanted, free)))
                ++free;
            format.payload_type = free;
        }
        if (!has_number(formats, format.payload_type)) formats.push_back(std::move(format));
    }
    return formats;
}

}  // namespace

sdp::SessionDescription what_it_takes(const ChannelMedia& media) {
    auto description = *media.remote;
    for (std::size_t i = 0; i < description.streams.size(); ++i) {
        auto& stream = description.streams[i];
        if (stream.refused()) continue;
        stream.direction = sdp::Direction::SendReceive;
        if (!media.local || !live(*media.local, i)) continue;
        const auto& agreed = media.local->streams[i].formats;
        std::ranges::stable_partition(stream.formats, [&](const Format& format) {
            return same_codec_in(agreed, format) != nullptr && !accompanies(format);
        });
    }
    return description;
}

bool hear_each_other(const ChannelMedia& first, const ChannelMedia& second) {
    bool any = false;
    const auto count = std::min(first.local->streams.size(), second.local->streams.size());
    for (std::size_t i = 0; i < count; ++i) {
        if (!live(*first.local, i) || !live(*second.local, i)) continue;
        const auto& one = first.local->streams[i];
        const auto& other = second.local->streams[i];
        if (one.kind != other.kind) return false;
        const auto* sent = first_codec(one);
        const auto* received = first_codec(other);
        if (sent == nullptr || received == nullptr || same_codec_in(other.formats, *sent) == nullptr ||
            same_codec_in(one.formats, *received) == nullptr)
            return false;
        any = true;
    }
    return any;
}

sdp::SessionDescription codecs_of_peer(const ChannelMedia& party, const ChannelMedia& peer) {
    auto offer = *party.local;
    for (std::size_t i = 0; i < offer.streams.size(); ++i) {
        auto& stream = offer.streams[i];
        if (stream.refused()) continue;
        if (!live(*peer.local, i) || peer.local->streams[i].kind != stream.kind) {
            stream.address.port = 0;
            continue;
        }
        const auto& known = party.remote && i < party.remote->streams.size()
                                ? party.remote->streams[i].formats
                                : stream.formats;
        stream.formats = numbered(peer.local->streams[i].formats, known);
    }
    return offer;
}

void add_codecs(sdp::SessionDescription& offer, const sdp::SessionDescription& further) {
    for (std::size_t i = 0; i < offer.streams.size() && i < further.streams.size(); ++i) {
        auto& stream = offer.streams[i];
        if (stream.refused() || further.streams[i].refused() || further.streams[i].kind != stream.kind)
            continue;
        std::vector<Format> all;
        std::ranges::copy_if(stream.formats, std::back_inserter(all),
                             [](const Format& format) { return !accompanies(format); });
        std::ranges::copy_if(further.streams[i].formats, std::back_inserter(all), [&](const Format& format) {
            return !accompanies(format) && same_codec_in(stream.formats, format) == nullptr;
        });
        std::ranges::copy_if(stream.formats, std::back_inserter(all), accompanies);
        stream.formats = numbered(all, stream.formats);
    }
}

}  // namespace almon::pbx
