// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdp/session_description.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <concepts>
#include <string_view>

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

/// Appends texts and numbers behind each other. Twice a call, so without the general formatter.
class Lines final {
public:
    explicit Lines(std::string& text) noexcept : text_(text) {}

    template <class... Parts>
    void add(const Parts&... parts) {
        (append(parts), ...);
    }
    template <class... Parts>
    void line(const Parts&... parts) {
        add(parts..., "\r\n");
    }

private:
    void append(std::string_view part) { text_ += part; }
    void append(std::unsigned_integral auto number) {
        std::array<char, 20> digits;
        const auto* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
        text_.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
    }
    /// "IN IP4 192.0.2.1".
    void append(const NetAddress& address) {
        text_ += address.ipv6 ? "IN IP6 " : "IN IP4 ";
        text_ += address.host();
    }

    std::string& text_;
};

void write_attribute(Lines& lines, const Attribute& attribute) {
    if (attribute.value.empty())
        lines.line("a=", attribute.name);
    else
        lines.line("a=", attribute.name, ":", attribute.value);
}

void write_format(Lines& lines, const Format& format) {
    if (!format.encoding.empty()) {
        lines.add("a=rtpmap:", format.payload_type, " ", registered_spelling(format.encoding), "/",
                  format.clock_rate);
        if (format.channels != 1) lines.add("/", format.channels);
        lines.line();
    }
    if (!format.parameters.empty()) lines.line("a=fmtp:", format.payload_type, " ", format.parameters);
    for (const auto& feedback : format.feedback)
        lines.line("a=rtcp-fb:", format.payload_type, " ", feedback);
}

void write_stream(Lines& lines, const Stream& stream, const NetAddress* session_connection) {
    lines.add("m=", stream.media, " ", stream.address.port, " ", stream.protocol);
    for (const auto& format : stream.formats)
        lines.add(" ", format.payload_type);
    for (const auto& format : stream.other_formats)
        lines.add(" ", format);
    // RFC 8866 9: the list must not be empty, even where the stream is refused.
    if (stream.formats.empty() && stream.other_formats.empty()) lines.add(" 0");
    lines.line();
    if (session_connection && !session_connection->same_host(stream.address))
        lines.line("c=", stream.address);
    if (stream.rtcp) {
        lines.add("a=rtcp:", stream.rtcp->port);
        if (!stream.rtcp->same_host(stream.address)) lines.add(" ", *stream.rtcp);
        lines.line();
    }
    for (const auto& format : stream.formats)
        write_format(lines, format);
    if (stream.ptime_ms != 0) lines.line("a=ptime:", stream.ptime_ms);
    if (stream.maxptime_ms != 0) lines.line("a=maxptime:", stream.maxptime_ms);
    for (const auto& attribute : stream.attributes)
        write_attribute(lines, attribute);
    lines.line("a=", direction_attribute(stream.direction));
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
    Lines lines(text);
    lines.line("v=0");
    lines.line("o=- ", session_id, " ", version, " ", origin);
    lines.line("s=-");
    const auto first = std::ranges::find_if(streams, [](const Stream& stream) { return !stream.refused(); });
    const NetAddress* connection = nullptr;
    if (!streams.empty()) {
        connection = first == streams.end() ? &streams.front().address : &first->address;
        lines.line("c=", *connection);
    }
    lines.line("t=0 0");
    for (const auto& attribute : attributes)
        write_attribute(lines, attribute);
    for (const auto& stream : streams)
        write_stream(lines, stream, connection);
    return text;
}

}  // namespace almon::sdp
