// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <boost/describe.hpp>

#include "media/commands.hpp"
#include "sdp/offer_answer.hpp"
#include "sdp/session_description.hpp"
#include "sdp/stream_transport.hpp"

namespace almon::pbx {

/// How the media of an endpoint shall travel when it is we who offer.
enum class OfferedMedia : std::uint8_t {
    Plain,    ///< RTP.
    Keys,     ///< SRTP, its keys in the description (RFC 4568).
    Browser,  ///< DTLS-SRTP, ICE, rtcp-mux and feedback (RFC 8834).
};

/// Our RTP port for one stream of a channel. Told to the party when we describe ourselves, opened in the
/// media engine when the party has described itself.
struct Leg {
    media::LegId id;  ///< 0: this stream has none (refused).
    std::uint16_t port = 0;
    bool open = false;
    std::optional<sdp::StreamTransport> said{};      ///< How its packets travel, as we told the party last.
    std::optional<sdp::IceCredentials> their_ice{};  ///< The party's, which it changes to begin anew.
    bool dtls_client = false;                        ///< We opened its DTLS association.

    friend bool operator==(const Leg&, const Leg&) = default;
};
BOOST_DESCRIBE_STRUCT(Leg, (), (id, port, open, said, their_ice, dtls_client))

/// What a channel and its party have told each other about media, and the legs that follow from it. Stream i
/// of one party of a bridge is joined with stream i of the other.
struct ChannelMedia {
    std::optional<sdp::SessionDescription> local;        ///< In force, from us: narrowed to what was agreed.
    std::optional<sdp::SessionDescription> remote;       ///< In force, from the party.
    std::optional<sdp::SessionDescription> our_offer;    ///< Open: the party owes an answer.
    std::optional<sdp::SessionDescription> their_offer;  ///< Open: we owe an answer, the peer was asked.
    /// What the party knows of its peer's directions, by stream, apart from its own hold: what goes beyond
    /// must be offered to it.
    std::vector<sdp::Direction> told;
    bool our_offer_is_relayed = false;          ///< The peer waits for the answer to our_offer.
    bool holds = false;                         ///< The party put its peer on hold by a new offer.
    std::uint64_t version = 0;                  ///< Of the last description we sent.
    std::vector<Leg> legs;                      ///< One for each stream.
    OfferedMedia manner = OfferedMedia::Plain;  ///< How we offer, where we offer first.
};
BOOST_DESCRIBE_STRUCT(ChannelMedia, (),
                      (local, remote, our_offer, their_offer, told, our_offer_is_relayed, holds, version,
                       legs, manner))

/// Formats that accompany a codec and carry no voice or picture of their own.
[[nodiscard]] bool accompanies(const sdp::Format& format) noexcept;

/// What two endpoints may both use; nothing when their lists exclude each other. Empty lists allow all.
[[nodiscard]] std::optional<std::vector<std::string>> allowed_by_both(const std::vector<std::string>& first,
                                                                      const std::vector<std::string>& second);

/// At least one stream is not refused.
[[nodiscard]] bool has_live_stream(const sdp::SessionDescription& description) noexcept;
/// RFC 4733 events can be sent in one of its streams.
[[nodiscard]] bool takes_events(const sdp::SessionDescription& description) noexcept;
/// The first audio stream does not want to hear us: hold.
[[nodiscard]] bool is_hold(const sdp::SessionDescription& description) noexcept;
[[nodiscard]] bool sends(sdp::Direction direction) noexcept;
[[nodiscard]] bool receives(sdp::Direction direction) noexcept;
/// Sends where one of them does, receives where one of them does.
[[nodiscard]] sdp::Direction either(sdp::Direction first, sdp::Direction second) noexcept;

/// The formats of `ours` that stand in `theirs`, stream by stream; what they refused becomes refused. Ours
/// keeps its addresses, directions and numbers.
void narrow(sdp::SessionDescription& ours, const sdp::SessionDescription& theirs);

/// Our offer was answered: both descriptions come into force, ours narrowed to what was agreed.
void agree(ChannelMedia& media, sdp::SessionDescription offer, sdp::SessionDescription answer);

/// Remembers the directions of what the party is told about its peer.
void tell_directions(ChannelMedia& media, const sdp::SessionDescription& description);

/// Whether a new offer can be answered without asking the peer: it keeps every codec in use and every live
/// stream, and wants no direction that the peer was not told of.
/// @param media of the party that offers, @param peer of its peer; null: it has none.
[[nodiscard]] bool can_answer_alone(const sdp::SessionDescription& offer, const ChannelMedia& media,
                                    const ChannelMedia* peer);

/// The answer to such an offer: what was agreed, numbered as now offered, directions mirrored.
[[nodiscard]] Result<sdp::SessionDescription> answer_alone(const sdp::SessionDescription& offer,
                                                           const sdp::SessionDescription& local);

/// Directions of our answer mirror the offer, so that nobody has to be asked again when the other party's
/// hold ends.
void mirror_directions(sdp::SessionDescription& answer, const sdp::SessionDescription& offer);

/// Events (RFC 4733) for a party whose peer has none: its digits then end with us and go on by signalling. An
/// answer takes what the offer has, an offer gets a number of our own.
void keep_events(sdp::SessionDescription& answer, const sdp::SessionDescription& offer);
void add_events(sdp::SessionDescription& offer);

/// How the media engine understands a payload type, and those of a stream.
[[nodiscard]] media::PayloadFormat payload_format(const sdp::Format& format);
[[nodiscard]] std::vector<media::PayloadFormat> payload_formats(const sdp::Stream& stream);

}  // namespace almon::pbx
