// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pbx/channel_media.hpp"
#include "sdp/session_description.hpp"

// Two parties who agree with us on codecs apart from each other, and shall talk. A codec that both speak is
// always preferred: the media engine then relays. Where there is none it transcodes, for each side what that
// likes best. Lists of allowed codecs are an endpoint's, in its order; empty: all.
namespace almon::pbx {

/// Puts the codec that the peer prefers first, where the party offers that too.
void prefer(sdp::SessionDescription& theirs, const std::vector<std::string>& allowed_to_peer);
/// What the peer of a party may be offered, made of what the party offers or takes: what both speak, in the
/// order in which it stands there, and then what else the peer may use and we can transcode (ledger INS-134).
/// What the party may not use is left out.
[[nodiscard]] sdp::SessionDescription offer_through_us(const sdp::SessionDescription& theirs,
                                                       const std::vector<std::string>& allowed_to_them,
                                                       const std::vector<std::string>& allowed_to_peer);

/// Our answer to `offer`, made of what the peer has answered: what both speak, or else, of an audio stream,
/// the first codec of the offer that we can transcode. Unsupported where no stream remains.
[[nodiscard]] Result<sdp::SessionDescription> answer_through_us(const sdp::SessionDescription& offer,
                                                                sdp::SessionDescription peer,
                                                                const std::vector<std::string>& allowed);

/// Our own answer, for a party that we speak to ourselves: G.711 where it is offered, since our sounds are of
/// that quality, else what we speak of the offer. Unsupported where there is nothing.
[[nodiscard]] Result<sdp::SessionDescription> own_answer(const sdp::SessionDescription& offer,
                                                         const std::vector<std::string>& allowed);
/// We can speak to the party: every live stream of sound begins with a codec of ours.
[[nodiscard]] bool speaks_ours(const sdp::SessionDescription& local);
/// Our offer to a party that speaks no codec of ours: its own streams with those of ours. Unsupported where
/// it may use none of them.
[[nodiscard]] Result<sdp::SessionDescription> own_codecs(const ChannelMedia& party,
                                                         const std::vector<std::string>& allowed);

/// What the party can be sent, the codecs in use first: as if it made this offer. It must have described
/// itself.
[[nodiscard]] sdp::SessionDescription what_it_takes(const ChannelMedia& media);

/// Each sends, in every stream that is live on both sides, a codec that the other has agreed to; at least one
/// stream is. Both must have agreed on media with us.
[[nodiscard]] bool hear_each_other(const ChannelMedia& first, const ChannelMedia& second);
/// The same of their sound alone, where we transcode what the other has not agreed to.
[[nodiscard]] bool hear_through_us(const ChannelMedia& first, const ChannelMedia& second);

/// Our new offer to a party: its own streams with the codecs that its peer uses. No live stream where they
/// have no kind of media in common.
[[nodiscard]] sdp::SessionDescription codecs_of_peer(const ChannelMedia& party, const ChannelMedia& peer);

/// Adds to our first offer what else may be spoken, after the codecs that it has, under free payload numbers.
void add_codecs(sdp::SessionDescription& offer, const sdp::SessionDescription& further);

}  // namespace almon::pbx
