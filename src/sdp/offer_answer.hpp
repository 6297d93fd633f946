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

/// The port of a stream that is not refused, until set_addresses() (RFC 8840 uses it in the same sense).
inline constexpr std::uint16_t kAddressPending = 9;
/// Writes our own addresses in: `addresses[i]` is the RTP address of `streams[i]`; what stands for refused
/// streams, or is missing at the end, is ignored. The first one used becomes the origin.
void set_addresses(SessionDescription& description, const std::vector<NetAddress>& addresses);

/// The most that may be answered to `offered` when `wanted` is what we would like (RFC 3264 6.1), both from
/// the view of their writers.
[[nodiscard]] Direction answered_direction(Direction offered, Direction wanted) noexcept;

/// What one party offered, made into our offer to another party: streams and formats keep their order,
/// numbers and parameters, codecs that `allowed` excludes are dropped, streams without any become refused
/// (port 0), and so are streams that are not plain RTP audio or video. Live streams wait for set_addresses().
/// Attributes that name transport (ice, candidate, crypto, fingerprint, setup, mid, ssrc, rtcp ...) are left
/// out. Session identifier and version are zero: they are the caller's.
[[nodiscard]] SessionDescription relay_offer(const SessionDescription& offer, const AllowedCodecs& allowed);

/// The other party's answer to our relayed offer, made into our answer to whoever offered: one stream for
/// each offered one, in order; formats are those of `answer` that stand in `offer`, numbered as in `offer`
/// (RFC 3264 6.1), and directions do not exceed what was offered. Unsupported where no stream remains. As
/// with relay_offer(), the caller adds addresses, identifier and version.
[[nodiscard]] Result<SessionDescription> relay_answer(const SessionDescription& offer,
                                                      const SessionDescription& answer);

/// Our own answer, with what this system itself can speak (`encodings`, upper case, in the offer's order),
/// e.g. for an announcement: the first audio stream that shares one, all others refused. Unsupported where
/// there is none.
[[nodiscard]] Result<SessionDescription> local_answer(const SessionDescription& offer,
                                                      const std::vector<std::string>& encodings);

/// The answer to an offer that changes directions only (hold, resume; RFC 3264 8.4): the answer given last
/// time, with directions mirrored. `can_send` false keeps us from sending (the other party holds too). The
/// version is one more than last time where anything changed (RFC 3264 8), so the caller must not count
/// again.
[[nodiscard]] SessionDescription mirrored_answer(const SessionDescription& offer,
                                                 const SessionDescription& last_answer, bool can_send);

/// True when the two differ in nothing but directions, addresses, transport attributes and version: no need
/// to ask the other party.
[[nodiscard]] bool same_media(const SessionDescription& before, const SessionDescription& after);

/// An offer of this system alone (delayed offer): the given audio codecs in order (empty: PCMA, PCMU, G722
/// and Opus), plus telephone-event, and a video stream where video codecs are given.
[[nodiscard]] SessionDescription local_offer(const AllowedCodecs& codecs);

}  // namespace almon::sdp
