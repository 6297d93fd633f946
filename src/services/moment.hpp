// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "http/query.hpp"

namespace almon::services {

/// What a moment means that names no time zone.
enum class WithoutZone : std::uint8_t { Utc, MachineTime };

/// A moment in the format of ISO 8601 that RFC 3339 section 5.6 has: "2016-07-22T13:44:05.123+02:00".
/// Fraction and zone may be left out. Nothing where it is none, as on 30 February.
[[nodiscard]] std::optional<UtcTime> parse_moment(std::string_view text,
                                                  WithoutZone without_zone = WithoutZone::Utc) noexcept;

/// A bound of a list as a client names it, by the machine's clock where it has no zone. Refused with the
/// parameter's name.
[[nodiscard]] Result<UtcTime> moment_of(std::string_view parameter, std::string_view text);
/// The same of a query; nothing where it is not asked for.
[[nodiscard]] Result<std::optional<UtcTime>> moment_in(const http::Query& query, std::string_view parameter);

}  // namespace almon::services
