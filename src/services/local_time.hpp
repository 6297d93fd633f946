// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "base/time.hpp"

namespace almon::services {

/// "2015-06-05T15:16:58.557553", without a zone: in UTC, or as the machine's clock on the wall shows it
/// (SYS-075).
[[nodiscard]] std::string utc_iso_text(UtcTime time);
[[nodiscard]] std::string local_iso_text(UtcTime time);
/// What a clock on the wall shows, given as if it were UTC, in true UTC. A time that the clock skips, or
/// shows twice, is taken as the C library takes it.
[[nodiscard]] UtcTime from_local(UtcTime shown) noexcept;
/// "2016-02-10T11:57:02.592-0500", in the machine's time zone (API-008).
[[nodiscard]] std::string zoned_iso_text(UtcTime time);

}  // namespace almon::services
