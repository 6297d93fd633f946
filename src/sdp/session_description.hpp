// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/describe.hpp>

#include "base/net_address.hpp"
#include "base/result.hpp"

namespace almon::sdp {

enum class MediaKind : std::uint8_t { Audio, Video, Application, Image, Text, Other };
/// From the view of whoever wrote the description (RFC 3264 section 5.1).
enum class Direction : std::uint8_t { SendReceive, SendOnly, ReceiveOnly, Inactive };
[[nodiscard]] Direction reversed(Direction direction) noexcept;

/// One payload type of a stream.
struct Format {
    std::uint8_t payload_type = 0;
    std::string encoding;  ///< Upper case: "PCMA", "OPUS", "TELEPHONE-EVENT". Empty: dynamic and not said.
    std::uint32_t clock_rate = 8000;  ///< Hz.
    std::uint8_t channels = 1;
    std::string parameters;             ///< The fmtp value.
    std::vector<std::string> feedback;  ///< rtcp-fb values ("nack pli").

    /// The same codec, whatever its payload type (RFC 3264 6.1, and RFC 6184, 7587 for parameters that select
    /// a mode).
    [[nodiscard]] bool same_codec(const Format& other) const noexcept;
    friend bool operator==(const Format&, const Format&) = default;
};
BOOST_DESCRIBE_STRUCT(Format, (), (payload_type, encoding, clock_rate, channels, parameters, feedback))

struct Attribute {
    std::string name;
    std::string value;
    friend bool operator==(const Attribute&, const Attribute&) = default;
};
BOOST_DESCRIBE_STRUCT(Attribute, (), (name, value))

/// One m= line.
struct Stream {
    MediaKind kind = MediaKind::Audio;
    std::string media = "audio";  ///< The token of the m= line, as it stood.
    std::string protocol = "RTP/AVP";
    NetAddress address;              ///< Port 0: refused or removed.
    std::optional<NetAddress> rtcp;  ///< a=rtcp, where it differs from port + 1.
    Direction direction = Direction::SendReceive;
    std::vector<Format> formats;             ///< RTP profiles.
    std::vector<std::string> other_formats;  ///< Anything else ("t38").
    std::uint32_t ptime_ms = 0;              ///< 0: not said.
    std::uint32_t maxptime_ms = 0;
    std::vector<Attribute> attributes;  ///< All that is not a member above, in order.

    [[nodiscard]] bool refused() const noexcept { return address.port == 0; }
    friend bool operator==(const Stream&, const Stream&) = default;
};
BOOST_DESCRIBE_STRUCT(Stream, (),
                      (kind, media, protocol, address, rtcp, direction, formats, other_formats, ptime_ms,
                       maxptime_ms, attributes))

/// A session description (RFC 8866) as offer/answer (RFC 3264) needs it. A plain value: the media description
/// of every channel technology.
struct SessionDescription {
    std::uint64_t session_id = 0;
    std::uint64_t version = 0;
    NetAddress origin;
    std::vector<Stream> streams;
    std::vector<Attribute> attributes;  ///< Session level.

    /// Refuses what breaks the grammar, a missing c= line, host names, and more than 32 streams, 64 formats
    /// each or 1024 attributes. Lines may end in LF alone, s= and t= may be missing, unknown lines are
    /// ignored, static payload types need no rtpmap, and an address of zeros without ICE is a hold (RFC
    /// 3264 8.4): such a stream does not receive.
    [[nodiscard]] static Result<SessionDescription> parse(std::string_view text);
    [[nodiscard]] std::string text() const;

    friend bool operator==(const SessionDescription&, const SessionDescription&) = default;
};
BOOST_DESCRIBE_STRUCT(SessionDescription, (), (session_id, version, origin, streams, attributes))

}  // namespace almon::sdp
