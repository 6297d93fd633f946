// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdp/session_description.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "sdp/payload_types.hpp"

namespace almon::sdp {
namespace {

std::string_view direction_attribute(Direction direction) noexcept {
    switch (direction) {
        case Direction::SendReceive:
            return "sendrecv";
        case Direction::SendOnly:
            return "sendonly";
        case Direction::ReceiveOnly:
            return "recvonly";
        case Direction::Inactive:
            break;
    }
    return "inactive";
}

/// "IN IP4 192.0.2.1".
std::string network_address(const NetAddress& address) {
    return fmt::format("IN {} {}", address.ipv6 ? "IP6" : "IP4", address.host());
}

void write_attribute(std::string& text, const Attribute& attribute) {
    auto out = std::back_inserter(text);
    if (attribute.value.empty()) {
        fmt::format_to(out, "a={}\r\n", attribute.name);
    } else {
        fmt::format_to(out, "a={}:{}\r\n", attribute.name, attribute.value);
    }
}

void write_format(std::string& text, const Format& format) {
    auto out = std::back_inserter(text);
    if (!format.encoding.empty()) {
        fmt::format_to(out, "a=rtpmap:{} {}/{}", format.payload_type, registered_spelling(format.encoding),
                       format.clock_rate);
        if (format.channels != 1) fmt::format_to(out, "/{}", format.channels);
        text += "\r\n";
    }
    if (!format.parameters.empty())
        fmt::format_to(out, "a=fmtp:{} {}\r\n", format.payload_type, format.parameters);
    for (const auto& feedback : format.feedback)
        fmt::format_to(out, "a=rtcp-fb:{} {}\r\n", format.payload_type, feedback);
}

void write_stream(std::string& text, const Stream& stream, const NetAddress* session_connection) {
    auto out = std::back_inserter(text);
    fmt::format_to(out, "m={} {} {}", stream.media, stream.address.port, stream.protocol);
    for (const auto& format : stream.formats)
        fmt::format_to(out, " {}", format.payload_type);
    for (const auto& format : stream.other_formats)
        fmt::format_to(out, " {}", format);
    // RFC 8866 9: the list must not be empty, even where the stream is refused.
    if (stream.formats.empty() && stream.other_formats.empty()) text += " 0";
    text += "\r\n";
    if (session_connection && !session_connection->same_host(stream.address))
        fmt::format_to(out, "c={}\r\n", network_address(stream.address));
    if (stream.rtcp) {
        fmt::format_to(out, "a=rtcp:{}", stream.rtcp->port);
        if (!stream.rtcp->same_host(stream.address))
            fmt::format_to(out, " {}", network_address(*stream.rtcp));
        text += "\r\n";
    }
    for (const auto& format : stream.formats)
        write_format(text, format);
    if (stream.ptime_ms != 0) fmt::format_to(out, "a=ptime:{}\r\n", stream.ptime_ms);
    if (stream.maxptime_ms != 0) fmt::format_to(out, "a=maxptime:{}\r\n", stream.maxptime_ms);
    for (const auto& attribute : stream.attributes)
        write_attribute(text, attribute);
    fmt::format_to(out, "a={}\r\n", direction_attribute(stream.direction));
}

}  // namespace

Direction reversed(Direction direction) noexcept {
    switch (direction) {
        case Direction::SendOnly:
            return Direction::ReceiveOnly;
        case Direction::ReceiveOnly:
            return Direction::SendOnly;
        case Direction::SendReceive:
        case Direction::Inactive:
            break;
    }
    return direction;
}

std::string SessionDescription::text() const {
    std::string text;
    text.reserve(256 + 512 * streams.size());
    auto out = std::back_inserter(text);
    fmt::format_to(out, "v=0\r\no=- {} {} {}\r\ns=-\r\n", session_id, version, network_address(origin));
    const auto first = std::ranges::find_if(streams, [](const Stream& stream) { return !stream.refused(); });
    const NetAddress* connection = nullptr;
    if (!streams.empty()) {
        connection = first == streams.end() ? &streams.front().address : &first->address;
        fmt::format_to(out, "c={}\r\n", network_address(*connection));
    }
    text += "t=0 0\r\n";
    for (const auto& attribute : attributes)
        write_attribute(text, attribute);
    for (const auto& stream : streams)
        write_stream(text, stream, connection);
    return text;
}

}  // namespace almon::sdp
