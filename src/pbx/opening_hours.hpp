// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>

#include "base/time.hpp"
#include "model/schedule.hpp"

namespace almon::pbx {

/// What the clock and the calendar on a wall show.
struct WallClock {
    int month = 1;
    int month_day = 1;
    int week_day = 1;  ///< 1 is Monday.
    int minute = 0;    ///< Since midnight.

    /// "Monday 08:30"
    [[nodiscard]] std::string text() const;
};
/// @param offset of the wall's time zone at that time, to be added to UTC.
[[nodiscard]] WallClock wall_clock(UtcTime time, std::chrono::seconds offset);

/// Where calls go at a time; null: the schedule is open (ADB-154 to ADB-157). The last minute of a period
/// belongs to it; one that ends before it begins goes on until the next day.
/// @param yesterday the same minute of the day before.
[[nodiscard]] const model::Destination* closed_destination(const model::Schedule& schedule,
                                                           const WallClock& now, const WallClock& yesterday);

}  // namespace almon::pbx
