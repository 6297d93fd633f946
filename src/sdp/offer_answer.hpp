// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "sdp/session_description.hpp"

namespace almon::sdp {

/// Which codecs an endpoint may use, by encoding name and in its order of preference. Empty: all.
/// telephone-event and comfort noise are allowed with any audio codec.
struct AllowedCodecs {
    std::vector<std::string> audio;
    std::vector<std::string> video;
};

/// What one party offered, made into our offer to another party: streams and formats keep their order,
/// numbers and parameters, codecs that `allowed` excludes are dropped, streams without any become refused
/// (port 0). Addresses and ports are left unspecified: set_addresses() fills them. Attributes that name
/// transport (ice, candidate, crypto, fingerprint, setup, mid, ssrc, rtcp ...) are left out.
[[nodiscard]] SessionDescription relay_offer(const SessionDescription& offer, const AllowedCodecs& allowed);

/// The other party's answer to our relayed offer, made into our answer to whoever offered: one stream for
/// each offered one, in order; formats are those of `answer` that stand in `offer`, numbered as in `offer`
/// (RFC 3264 6.1). Unsupported where no stream remains.
[[nodiscard]] Result<SessionDescription> relay_answer(const SessionDescription& offer,
                                                      const SessionDescription& answer);

/// Our own answer, with what this system itself can speak (`encodings`, by our preference kept in the offer's
/// order), e.g. for an announcement.
[[nodiscard]] Result<SessionDescription> local_answer(const SessionDescription& offer,
                                                      const std::vector<std::string>& encodings);

/// The answer to an offer that changes directions only (hold, resume; RFC 3264 8.4): the answer given last
/// time, with directions mirrored. `can_send` false keeps us from sending (the other party holds too).
[[nodiscard]] SessionDescription mirrored_answer(const SessionDescription& offer,
                                                 const SessionDescription& last_answer, bool can_send);

/// True when the two differ in nothing but directions, addresses and version: no need to ask the other party.
[[nodiscard]] bool same_media(const SessionDescription& before, const SessionDescription& after);

/// An offer of this system alone (delayed offer): the given audio codecs in order, plus telephone-event.
[[nodiscard]] SessionDescription local_offer(const AllowedCodecs& codecs);

}  // namespace almon::sdp
