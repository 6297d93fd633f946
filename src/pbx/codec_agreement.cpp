// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/codec_agreement.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>
#include <vector>

#include "media/codec.hpp"

namespace almon::pbx {
namespace {

using sdp::Format;
using sdp::Stream;

/// What we understand and like to be sent (RFC 7587 7).
constexpr std::string_view kOpusParameters = "useinbandfec=1";

constexpr std::uint8_t kFirstDynamic = 96;
constexpr std::uint8_t kLastDynamic = 127;

const Format* same_codec_in(const std::vector<Format>& formats, const Format& wanted) noexcept {
    // The identical number first: a phone may offer one codec twice, with parameters that differ.
    const auto identical = std::ranges::find_if(formats, [&](const Format& format) {
        return format.payload_type == wanted.payload_type && format.same_codec(wanted);
    });
    if (identical != formats.end()) return &*identical;
    const auto found =
        std::ranges::find_if(formats, [&](const Format& format) { return format.same_codec(wanted); });
    return found == formats.end() ? nullptr : &*found;
}

/// What a party sends unless it has a reason not to.
const Format* first_codec(const Stream& stream) noexcept {
    const auto found = std::ranges::find_if_not(stream.formats, accompanies);
    return found == stream.formats.end() ? nullptr : &*found;
}

/// What parties are offered whose endpoint does not say what they may use: what telephones speak.
const std::vector<std::string>& usual_codecs() {
    static const std::vector<std::string> kCodecs{"PCMA", "PCMU", "G722", "OPUS", "GSM", "G729"};
    return kCodecs;
}

bool is_allowed(const std::vector<std::string>& allowed, const Format& format) noexcept {
    return allowed.empty() || std::ranges::find(allowed, format.encoding) != allowed.end();
}

/// We can encode and decode it.
bool is_ours(const Format& format) {
    return media::speaks(payload_format(format));
}

bool has_codec_of_ours(const std::vector<Format>& formats) {
    return std::ranges::any_of(formats, is_ours);
}

void leave_out_forbidden(Stream& stream, const std::vector<std::string>& allowed) {
    std::erase_if(stream.formats,
                  [&](const Format& format) { return !accompanies(format) && !is_allowed(allowed, format); });
}

bool shares_codec(const Stream& first, const Stream& second) noexcept {
    return std::ranges::any_of(first.formats, [&](const Format& format) {
        return !accompanies(format) && std::ranges::any_of(second.formats, [&](const Format& other) {
            return other.same_codec(format);
        });
    });
}

/// What the first sends the other hears: it has agreed to that, or we transcode it.
bool is_heard(const Stream& sending, const Stream& hearing) {
    const auto* sent = first_codec(sending);
    if (sent == nullptr) return false;
    return same_codec_in(hearing.formats, *sent) != nullptr ||
           (is_ours(*sent) && has_codec_of_ours(hearing.formats));
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
            if (has_number(known, free)) continue;  // none is left
            format.payload_type = free;
        }
        if (!has_number(formats, format.payload_type)) formats.push_back(std::move(format));
    }
    return formats;
}

/// Our own offer of sound, of these codecs and the events that belong to them.
Stream own_stream(const std::vector<std::string>& allowed) {
    auto stream = sdp::local_offer({allowed.empty() ? usual_codecs() : allowed, {}}).streams.front();
    std::erase_if(stream.formats,
                  [](const Format& format) { return !accompanies(format) && !is_ours(format); });
    return stream;
}

}  // namespace

void prefer(sdp::SessionDescription& theirs, const std::vector<std::string>& allowed_to_peer) {
    if (allowed_to_peer.empty()) return;
    for (auto& stream : theirs.streams) {
        const auto preferred = std::ranges::find(stream.formats, allowed_to_peer.front(), &Format::encoding);
        if (preferred != stream.formats.end())
            std::rotate(stream.formats.begin(), preferred, std::next(preferred));
    }
}

sdp::SessionDescription offer_through_us(const sdp::SessionDescription& theirs,
                                         const std::vector<std::string>& allowed_to_them,
                                         const std::vector<std::string>& allowed_to_peer) {
    auto description = theirs;
    for (auto& stream : description.streams) {
        if (stream.refused()) continue;
        leave_out_forbidden(stream, allowed_to_them);
        if (stream.kind != sdp::MediaKind::Audio || !has_codec_of_ours(stream.formats)) continue;
        const auto own = own_stream(allowed_to_peer);
        auto formats = stream.formats;
        std::ranges::copy_if(own.formats, std::back_inserter(formats), [&](const Format& format) {
            return same_codec_in(stream.formats, format) == nullptr;
        });
        std::ranges::stable_partition(formats, [](const Format& format) { return !accompanies(format); });
        stream.formats = numbered(formats, stream.formats);
    }
    return sdp::relay_offer(description, {allowed_to_peer, allowed_to_peer});
}

Result<sdp::SessionDescription> answer_through_us(const sdp::SessionDescription& offer,
                                                  sdp::SessionDescription peer,
                                                  const std::vector<std::string>& allowed) {
    for (std::size_t i = 0; i < peer.streams.size(); ++i) {
        auto& stream = peer.streams[i];
        if (stream.refused() || !live(offer, i)) continue;
        const auto& offered = offer.streams[i];
        const bool can_be_heard = stream.kind == sdp::MediaKind::Audio && offered.kind == stream.kind &&
                                  has_codec_of_ours(stream.formats);
        leave_out_forbidden(stream, allowed);
        if (!can_be_heard || shares_codec(offered, stream)) continue;
        const auto best = std::ranges::find_if(offered.formats, [&](const Format& format) {
            return is_ours(format) && is_allowed(allowed, format);
        });
        if (best == offered.formats.end()) continue;
        stream.formats = {*best};
        if (best->encoding == "OPUS") stream.formats.front().parameters = kOpusParameters;
        // Our packets are our own.
        stream.ptime_ms = stream.maxptime_ms = 0;
    }
    return sdp::relay_answer(offer, peer);
}

Result<sdp::SessionDescription> own_answer(const sdp::SessionDescription& offer,
                                           const std::vector<std::string>& allowed) {
    auto spoken = offer;
    for (auto& stream : spoken.streams) {
        std::erase_if(stream.formats, [&](const Format& format) {
            return !accompanies(format) && (!is_ours(format) || !is_allowed(allowed, format));
        });
    }
    if (auto g711 = sdp::local_answer(spoken, {"PCMA", "PCMU"})) return g711;
    return sdp::local_answer(spoken, media::spoken_encodings());
}

bool speaks_ours(const sdp::SessionDescription& local) {
    return std::ranges::all_of(local.streams, [](const Stream& stream) {
        const auto* codec = first_codec(stream);
        return stream.kind != sdp::MediaKind::Audio || stream.refused() || codec == nullptr ||
               is_ours(*codec);
    });
}

Result<sdp::SessionDescription> own_codecs(const ChannelMedia& party,
                                           const std::vector<std::string>& allowed) {
    const auto own = own_stream(allowed);
    if (!has_codec_of_ours(own.formats))
        return refuse(ErrorCode::Unsupported, "codecs", "it may use no codec of ours");
    ChannelMedia wanted;
    wanted.local = party.local;
    for (auto& stream : wanted.local->streams) {
        if (stream.kind == sdp::MediaKind::Audio && !stream.refused()) stream.formats = own.formats;
    }
    return codecs_of_peer(party, wanted);
}

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

namespace {

/// Whether `judge` lets all pairs of live streams pass, and takes one of them into account; nothing: it does
/// not count.
template <class Judge>
bool all_streams(const ChannelMedia& first, const ChannelMedia& second, const Judge& judge) {
    bool any = false;
    const auto count = std::min(first.local->streams.size(), second.local->streams.size());
    for (std::size_t i = 0; i < count; ++i) {
        if (!live(*first.local, i) || !live(*second.local, i)) continue;
        const std::optional<bool> hears = judge(first.local->streams[i], second.local->streams[i]);
        if (!hears) continue;
        if (!*hears) return false;
        any = true;
    }
    return any;
}

}  // namespace

bool hear_each_other(const ChannelMedia& first, const ChannelMedia& second) {
    return all_streams(first, second, [](const sdp::Stream& one, const sdp::Stream& other) {
        const auto* sent = first_codec(one);
        const auto* received = first_codec(other);
        return std::optional(one.kind == other.kind && sent != nullptr && received != nullptr &&
                             same_codec_in(other.formats, *sent) != nullptr &&
                             same_codec_in(one.formats, *received) != nullptr);
    });
}

bool hear_through_us(const ChannelMedia& first, const ChannelMedia& second) {
    return all_streams(first, second,
                       [](const sdp::Stream& one, const sdp::Stream& other) -> std::optional<bool> {
                           if (one.kind != sdp::MediaKind::Audio || other.kind != sdp::MediaKind::Audio)
                               return std::nullopt;
                           return is_heard(one, other) && is_heard(other, one);
                       });
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
