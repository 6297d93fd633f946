// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "base/random.hpp"
#include "media/commands.hpp"
#include "pbx/channel_media.hpp"
#include "pbx/technology.hpp"
#include "sdp/stream_transport.hpp"

// How the packets of one leg travel: what we tell the party of it, and what the media engine is told when
// both have spoken.
namespace almon::pbx {

/// What we answer to the party's transport. What the leg has said before stays, unless the party begins anew.
/// @param fingerprint ours.
[[nodiscard]] sdp::StreamTransport answered_transport(const sdp::StreamTransport& offered, Leg& leg,
                                                      const std::string& fingerprint, Random& random);

/// What we offer: the first time as `wanted`, later what is in force.
/// @param index of the stream in its description.
[[nodiscard]] sdp::StreamTransport offered_transport(OfferedMedia wanted, Leg& leg, std::size_t index,
                                                     const std::string& fingerprint, Random& random);

/// Adds to the engine's command what both have said. Refused where the party's answer is not protected as we
/// asked: media must not flow then.
[[nodiscard]] Result<void> secure(media::ConfigureLeg& configure, Leg& leg,
                                  const sdp::StreamTransport& theirs);

}  // namespace almon::pbx
