// SPDX-License-Identifier: GPL-3.0-or-later
// SessionDescription::parse: strict in what later code relies on, tolerant of what phones are known to send.
#include <algorithm>
#include <charconv>
#include <limits>
#include <span>
#include <system_error>

#include "sdp/payload_types.hpp"
#include "sdp/session_description.hpp"

namespace almon::sdp {
namespace {

constexpr std::size_t kMaximumStreams = 32;
constexpr std::size_t kMaximumFormats = 64;
constexpr std::size_t kMaximumAttributes = 1024;

tl::unexpected<Error> malformed(std::string_view line, std::string reason) {
    return refuse(ErrorCode::Malformed, std::string(line), std::move(reason));
}

template <class Number>
std::optional<Number> number(std::string_view digits) noexcept {
    Number value{};
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

bool is_space(char c) noexcept {
    return c == ' ' || c == '\t';
}

/// Takes the next word; any run of spaces separates words, since some phones write two.
std::string_view next_word(std::string_view& rest) noexcept {
    const auto begin = std::ranges::find_if_not(rest, is_space);
    const auto end = std::find_if(begin, rest.end(), is_space);
    const std::string_view word(begin, end);
    rest = std::string_view(end, rest.end());
    return word;
}

/// What is left after words were taken, without the space in front.
std::string_view remainder(std::string_view rest) noexcept {
    return {std::ranges::find_if_not(rest, is_space), rest.end()};
}

/// "IN IP4 192.0.2.1[/ttl]".
Result<NetAddress> connection_address(std::string_view text) {
    const auto network = next_word(text);
    const auto family = next_word(text);
    auto host = next_word(text);
    if (!equals_ignoring_case(network, "IN")) return malformed("c=", "the network type is not IN");
    const bool ipv6 = equals_ignoring_case(family, "IP6");
    if (!ipv6 && !equals_ignoring_case(family, "IP4"))
        return malformed("c=", "the address type is neither IP4 nor IP6");
    host = host.substr(0, host.find('/'));
    auto address = NetAddress::parse(host, 0);
    if (!address || address->ipv6 != ipv6) return malformed("c=", "not an IP address of its type");
    return address;
}

/// RFC 8866 5.2: identifier and version are digits of any length; the low ones tell versions apart.
std::optional<std::uint64_t> origin_number(std::string_view digits) noexcept {
    constexpr std::size_t kDigitsThatFit = std::numeric_limits<std::uint64_t>::digits10;
    if (digits.empty() || !std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    if (digits.size() > kDigitsThatFit) digits.remove_prefix(digits.size() - kDigitsThatFit);
    return number<std::uint64_t>(digits);
}

MediaKind kind_of(std::string_view media) noexcept {
    struct Name {
        std::string_view token;
        MediaKind kind;
    };
    static constexpr Name kNames[] = {{"audio", MediaKind::Audio},
                                      {"video", MediaKind::Video},
                                      {"application", MediaKind::Application},
                                      {"image", MediaKind::Image},
                                      {"text", MediaKind::Text}};
    for (const auto& name : kNames) {
        if (equals_ignoring_case(name.token, media)) return name.kind;
    }
    return MediaKind::Other;
}

std::optional<Direction> direction_of(std::string_view attribute) noexcept {
    if (attribute == "sendrecv") return Direction::SendReceive;
    if (attribute == "sendonly") return Direction::SendOnly;
    if (attribute == "recvonly") return Direction::ReceiveOnly;
    if (attribute == "inactive") return Direction::Inactive;
    return std::nullopt;
}

Direction without_receiving(Direction direction) noexcept {
    switch (direction) {
        case Direction::SendReceive:
        case Direction::SendOnly:
            return Direction::SendOnly;
        case Direction::ReceiveOnly:
        case Direction::Inactive:
            break;
    }
    return Direction::Inactive;
}

bool uses_ice(const std::vector<Attribute>& attributes) noexcept {
    return std::ranges::any_of(
        attributes, [](const Attribute& attribute) { return attribute.name.starts_with("ice-ufrag"); });
}

class Parser {
public:
    Result<SessionDescription> parse(std::string_view text);

private:
    Result<void> take(char type, std::string_view value);
    Result<void> take_origin(std::string_view value);
    Result<void> take_media(std::string_view value);
    Result<void> take_attribute(std::string_view text);
    Result<void> take_stream_attribute(std::string_view name, std::string_view value);
    Result<void> take_rtpmap(std::string_view value);
    void take_feedback(std::string_view value);
    void take_rtcp(std::string_view value);
    Result<void> finish();

    Stream& stream() noexcept { return description_.streams.back(); }
    /// The format an attribute speaks of; null where the m= line does not list it.
    Format* format(std::string_view payload_type);

    SessionDescription description_;
    std::optional<NetAddress> session_connection_;
    Direction session_direction_ = Direction::SendReceive;
    /// One per stream.
    std::vector<std::optional<NetAddress>> connections_;
    bool has_origin_ = false;
    std::size_t attribute_count_ = 0;
};

Result<SessionDescription> Parser::parse(std::string_view text) {
    bool has_version = false;
    while (!text.empty()) {
        const auto end = text.find('\n');
        auto line = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty()) continue;
        if (std::ranges::any_of(line, [](char c) { return c == '\0' || c == '\r'; }))
            return malformed("", "a line with NUL or CR inside");
        if (line.size() < 2 || line[1] != '=') return malformed("", "a line that is not of the form x=value");
        if (!has_version) {
            if (line != "v=0") return malformed("v=", "the description does not start with v=0");
            has_version = true;
            continue;
        }
        if (const auto taken = take(line[0], line.substr(2)); !taken) return refuse(taken);
    }
    if (!has_version) return malformed("v=", "the description is empty");
    if (const auto finished = finish(); !finished) return refuse(finished);
    return std::move(description_);
}

Result<void> Parser::take(char type, std::string_view value) {
    switch (type) {
        case 'v':
            return malformed("v=", "a second version");
        case 'o':
            return take_origin(value);
        case 'm':
            return take_media(value);
        case 'a':
            return take_attribute(value);
        case 'c': {
            const auto address = connection_address(value);
            if (!address) return refuse(address);
            if (description_.streams.empty()) {
                session_connection_ = *address;
            } else if (!connections_.back()) {
                // Several c= lines of one stream are layered multicast; the first is as good as any.
                connections_.back() = *address;
            }
            return {};
        }
        default:
            // s, i, u, e, p, b, t, r, z, k, and letters yet unknown (RFC 8866 5: to be ignored) say nothing
            // to us.
            return {};
    }
}

Result<void> Parser::take_origin(std::string_view value) {
    if (has_origin_ || !description_.streams.empty())
        return malformed("o=", "a second origin, or one below a stream");
    // Counted from the end: some phones put the display name with its spaces into the user name.
    std::vector<std::string_view> words;
    for (auto word = next_word(value); !word.empty(); word = next_word(value))
        words.push_back(word);
    if (words.size() < 5) return malformed("o=", "fewer than six fields");
    const auto last = std::span(words).last(5);
    const auto session_id = origin_number(last[0]);
    const auto version = origin_number(last[1]);
    if (!session_id || !version) return malformed("o=", "the session identifier or version is not a number");
    description_.session_id = *session_id;
    description_.version = *version;
    // Names a person may read, and phones put host names here; an unspecified address stands for them.
    if (const auto address = NetAddress::parse(last[4], 0)) description_.origin = *address;
    has_origin_ = true;
    return {};
}

Result<void> Parser::take_media(std::string_view value) {
    if (description_.streams.size() == kMaximumStreams)
        return refuse(ErrorCode::Exhausted, "m=", "more than 32 streams");
    Stream media;
    media.media = std::string(next_word(value));
    media.kind = kind_of(media.media);
    auto ports = next_word(value);
    ports = ports.substr(0, ports.find('/'));
    const auto port = number<std::uint16_t>(ports);
    media.protocol = std::string(next_word(value));
    if (media.media.empty() || !port || media.protocol.empty())
        return malformed("m=", "not 'media port protocol formats'");
    media.address.port = *port;
    const bool rtp = media.protocol.find("RTP/") != std::string::npos;
    std::size_t count = 0;
    for (auto word = next_word(value); !word.empty(); word = next_word(value)) {
        if (++count > kMaximumFormats) return refuse(ErrorCode::Exhausted, "m=", "more than 64 formats");
        if (!rtp) {
            media.other_formats.emplace_back(word);
            continue;
        }
        const auto payload_type = number<std::uint8_t>(word);
        if (!payload_type || *payload_type > 127)
            return malformed("m=", "a payload type that is not 0 to 127");
        if (std::ranges::find(media.formats, *payload_type, &Format::payload_type) != media.formats.end())
            continue;
        Format added;
        added.payload_type = *payload_type;
        if (const auto known = static_payload(*payload_type)) {
            added.encoding = known->encoding;
            added.clock_rate = known->clock_rate;
            added.channels = known->channels;
        }
        media.formats.push_back(std::move(added));
    }
    if (count == 0) return malformed("m=", "no format");
    media.direction = session_direction_;
    description_.streams.push_back(std::move(media));
    connections_.emplace_back();
    return {};
}

Result<void> Parser::take_attribute(std::string_view text) {
    if (++attribute_count_ > kMaximumAttributes)
        return refuse(ErrorCode::Exhausted, "a=", "more than 1024 attributes");
    const auto colon = text.find(':');
    const auto name = text.substr(0, colon);
    const auto value = colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
    if (name.empty()) return malformed("a=", "an attribute without a name");
    if (!description_.streams.empty()) return take_stream_attribute(name, value);
    if (const auto direction = direction_of(name)) {
        session_direction_ = *direction;
    } else {
        description_.attributes.push_back({std::string(name), std::string(value)});
    }
    return {};
}

Result<void> Parser::take_stream_attribute(std::string_view name, std::string_view value) {
    if (const auto direction = direction_of(name)) {
        stream().direction = *direction;
        return {};
    }
    if (name == "ptime" || name == "maxptime") {
        // RFC 8866 6.4 allows a fraction; every codec we relay has whole milliseconds.
        const auto length = number<std::uint32_t>(value.substr(0, value.find_first_of(". ")));
        if (length && *length > 0) (name == "ptime" ? stream().ptime_ms : stream().maxptime_ms) = *length;
        return {};
    }
    if (!stream().formats.empty()) {
        if (name == "rtpmap") return take_rtpmap(value);
        if (name == "fmtp") {
            auto rest = value;
            if (auto* const described = format(next_word(rest))) {
                const auto parameters = remainder(rest);
                if (!described->parameters.empty() && !parameters.empty()) described->parameters += ';';
                described->parameters += parameters;
            }
            return {};
        }
        if (name == "rtcp-fb") {
            take_feedback(value);
            return {};
        }
        if (name == "rtcp") {
            take_rtcp(value);
            return {};
        }
    }
    stream().attributes.push_back({std::string(name), std::string(value)});
    return {};
}

Result<void> Parser::take_rtpmap(std::string_view value) {
    const auto payload_type = next_word(value);
    if (!number<std::uint8_t>(payload_type)) return malformed("a=rtpmap", "the payload type is not a number");
    auto* const described = format(payload_type);
    if (!described) return {};
    auto mapping = next_word(value);
    const auto take_part = [&mapping] {
        const auto part = mapping.substr(0, mapping.find('/'));
        mapping.remove_prefix(std::min(part.size() + 1, mapping.size()));
        return part;
    };
    const auto encoding = take_part();
    if (encoding.empty()) return malformed("a=rtpmap", "no encoding name");
    described->encoding = upper_case(encoding);
    // A few gateways leave the clock rate out; what they mean is telephony's.
    described->clock_rate = number<std::uint32_t>(take_part()).value_or(8000);
    if (described->clock_rate == 0) return malformed("a=rtpmap", "a clock rate of zero");
    described->channels = std::max<std::uint8_t>(1, number<std::uint8_t>(take_part()).value_or(1));
    return {};
}

void Parser::take_feedback(std::string_view value) {
    const auto target = next_word(value);
    const std::string feedback(remainder(value));
    if (feedback.empty()) return;
    const auto add = [&feedback](Format& described) {
        if (std::ranges::find(described.feedback, feedback) == described.feedback.end())
            described.feedback.push_back(feedback);
    };
    if (target == "*") {
        std::ranges::for_each(stream().formats, add);
    } else if (auto* const described = format(target)) {
        add(*described);
    }
}

void Parser::take_rtcp(std::string_view value) {
    const auto port = number<std::uint16_t>(next_word(value));
    if (!port || *port == 0) return;
    NetAddress address;
    if (const auto rest = remainder(value); !rest.empty()) {
        const auto given = connection_address(rest);
        if (!given) return;
        address = *given;
    }
    address.port = *port;
    stream().rtcp = address;
}

Format* Parser::format(std::string_view payload_type) {
    const auto wanted = number<std::uint8_t>(payload_type);
    if (!wanted) return nullptr;
    const auto found = std::ranges::find(stream().formats, *wanted, &Format::payload_type);
    return found == stream().formats.end() ? nullptr : &*found;
}

Result<void> Parser::finish() {
    if (!has_origin_) return malformed("o=", "no origin");
    const bool session_ice = uses_ice(description_.attributes);
    for (std::size_t i = 0; i < description_.streams.size(); ++i) {
        auto& media = description_.streams[i];
        const auto& connection = connections_[i] ? connections_[i] : session_connection_;
        if (!connection && !media.refused()) return malformed("c=", "a stream without a connection address");
        if (connection) {
            media.address.bytes = connection->bytes;
            media.address.ipv6 = connection->ipv6;
        }
        // RFC 3264 8.4: an address of all zeros is how RFC 2543 put a call on hold. ICE uses it for "not
        // known yet".
        if (!media.refused() && media.address.is_unspecified() && !session_ice && !uses_ice(media.attributes))
            media.direction = without_receiving(media.direction);
        if (media.rtcp) {
            if (media.rtcp->is_unspecified()) {
                media.rtcp->bytes = media.address.bytes;
                media.rtcp->ipv6 = media.address.ipv6;
            }
            if (media.rtcp->same_host(media.address) && media.rtcp->port == media.address.port + 1)
                media.rtcp.reset();
        }
    }
    return {};
}

}  // namespace

Result<SessionDescription> SessionDescription::parse(std::string_view text) {
    return Parser{}.parse(text);
}

}  // namespace almon::sdp
