// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace almon::services {

/// What a moment means that names no time zone.
enum class WithoutZone : std::uint8_t { Utc, MachineTime };

/// A moment in the format of ISO 8601 that RFC 3339 section 5.6 has: "2016-07-22T13:44:05.123+02:00".
/// Fraction and zone may be left out. Nothing where it is none, as on 30 February.
[[nodiscard]] std::optional<UtcTime> parse_moment(std::string_view text,
                                                  WithoutZone without_zone = WithoutZone::Utc) noexcept;

}  // namespace almon::services
