// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace almon::store {

/// "2026-11-24 12:00:00.000001+00", as PostgreSQL writes a time in UTC; on SQLite it sorts as text.
[[nodiscard]] std::string timestamp_text(UtcTime time);
/// Reads what timestamp_text() wrote, or what PostgreSQL gives for it (it leaves final zeros out).
[[nodiscard]] Result<UtcTime> parse_timestamp(std::string_view text);

}  // namespace almon::store
