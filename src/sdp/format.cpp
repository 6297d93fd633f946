// SPDX-License-Identifier: GPL-3.0-or-later
// Which formats are one codec (RFC 3264 6.1): the encoding name, and for some codecs a parameter that selects
// a mode.
#include <string>
#include <string_view>

#include "sdp/payload_types.hpp"
#include "sdp/session_description.hpp"

namespace almon::sdp {
namespace {

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

/// The value of `name` in "a=1;b=2", or `missing`.
std::string_view parameter(std::string_view parameters, std::string_view name,
                           std::string_view missing) noexcept {
    while (!parameters.empty()) {
        const auto end = parameters.find(';');
        const auto part = parameters.substr(0, end);
        parameters = end == std::string_view::npos ? std::string_view{} : parameters.substr(end + 1);
        const auto equals = part.find('=');
        if (equals == std::string_view::npos) continue;
        if (equals_ignoring_case(trimmed(part.substr(0, equals)), name))
            return trimmed(part.substr(equals + 1));
    }
    return missing;
}

bool same_parameter(const Format& left, const Format& right, std::string_view name,
                    std::string_view missing) noexcept {
    return equals_ignoring_case(parameter(left.parameters, name, missing),
                                parameter(right.parameters, name, missing));
}

/// RFC 6184 8.2.2: profile and constraints must be the same; the level may differ.
bool same_h264_profile(const Format& left, const Format& right) noexcept {
    const auto profile = [](const Format& format) {
        return parameter(format.parameters, "profile-level-id", "42000A").substr(0, 4);
    };
    const auto a = profile(left);
    const auto b = profile(right);
    if (equals_ignoring_case(a, b)) return true;
    // Baseline (42 00) and constrained baseline (42 C0, 42 E0) differ in slice ordering and redundant slices,
    // which encoders for conversation do not use; browsers and phones name either.
    return a.starts_with("42") && b.starts_with("42");
}

}  // namespace

bool Format::same_codec(const Format& other) const noexcept {
    if (encoding.empty() || encoding != other.encoding || clock_rate != other.clock_rate ||
        channels != other.channels)
        return false;
    if (encoding == "H264") {
        return same_parameter(*this, other, "packetization-mode", "0") && same_h264_profile(*this, other);
    }
    // RFC 4867 8.3.1: the two payload structures cannot be told apart on the wire.
    if (encoding == "AMR" || encoding == "AMR-WB") return same_parameter(*this, other, "octet-align", "0");
    if (encoding == "G7221") return same_parameter(*this, other, "bitrate", "");
    if (encoding == "VP9") return same_parameter(*this, other, "profile-id", "0");
    if (encoding == "AV1") return same_parameter(*this, other, "profile", "0");
    if (encoding == "RTX") return same_parameter(*this, other, "apt", "");
    // RFC 7587 7.1, RFC 4733 2.4.1: the parameters of Opus and telephone-event only say what each side
    // prefers.
    return true;
}

}  // namespace almon::sdp
