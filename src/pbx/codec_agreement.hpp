// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pbx/channel_media.hpp"
#include "sdp/session_description.hpp"

// Two parties who agreed with us on codecs apart from each other, and now shall talk. Nothing is transcoded:
// each has to hear what the other sends.
namespace almon::pbx {

/// What the party can be sent, the codecs in use first: as if it made this offer. It must have described
/// itself.
[[nodiscard]] sdp::SessionDescription what_it_takes(const ChannelMedia& media);

/// Each sends, in every stream that is live on both sides, a codec that the other has agreed to; at least one
/// stream is. Both must have agreed on media with us.
[[nodiscard]] bool hear_each_other(const ChannelMedia& first, const ChannelMedia& second);

/// Our new offer to a party: its own streams with the codecs that its peer uses. No live stream where they
/// have no kind of media in common.
[[nodiscard]] sdp::SessionDescription codecs_of_peer(const ChannelMedia& party, const ChannelMedia& peer);

/// Adds to our first offer what else may be spoken, after the codecs that it has, under free payload numbers.
void add_codecs(sdp::SessionDescription& offer, const sdp::SessionDescription& further);

}  // namespace almon::pbx
