// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace almon::sdp {

/// What a static payload type means without an rtpmap (RFC 3551 section 6).
struct StaticPayload {
    std::uint8_t payload_type = 0;
    std::string_view encoding;  ///< Upper case.
    std::uint32_t clock_rate = 8000;
    std::uint8_t channels = 1;
};

[[nodiscard]] std::optional<StaticPayload> static_payload(std::uint8_t payload_type) noexcept;
/// The static number of a codec that has one: "PCMA" at 8000 Hz is 8.
[[nodiscard]] std::optional<StaticPayload> static_payload(std::string_view encoding) noexcept;

/// Encoding names are case-insensitive (RFC 8866 6.6), but some phones compare them literally: "OPUS" is
/// written "opus", as in the RFC that registered it.
[[nodiscard]] std::string registered_spelling(std::string_view upper_case_encoding);

[[nodiscard]] std::string upper_case(std::string_view text);
[[nodiscard]] bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept;

}  // namespace almon::sdp
