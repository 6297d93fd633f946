// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/opening_hours.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include <fmt/format.h>

namespace almon::pbx {
namespace {

/// Of "08:30".
int minute_of(std::string_view text) noexcept {
    int hours = 0;
    int minutes = 0;
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return 0;
    std::from_chars(text.data(), text.data() + colon, hours);
    std::from_chars(text.data() + colon + 1, text.data() + text.size(), minutes);
    return hours * 60 + minutes;
}

bool holds(const std::vector<int>& listed, int value) {
    return listed.empty() || std::ranges::find(listed, value) != listed.end();
}

bool is_day_of(const model::Period& period, const WallClock& day) {
    return holds(period.week_days, day.week_day) && holds(period.month_days, day.month_day) &&
           holds(period.months, day.month);
}

bool lies_in(const model::Period& period, const WallClock& now, const WallClock& yesterday) {
    const int start = minute_of(period.hours_start);
    const int end = minute_of(period.hours_end);
    if (start <= end) return is_day_of(period, now) && now.minute >= start && now.minute <= end;
    return (is_day_of(period, now) && now.minute >= start) ||
           (is_day_of(period, yesterday) && now.minute <= end);
}

}  // namespace

std::string WallClock::text() const {
    static constexpr std::array<std::string_view, 7> kDays{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                           "Friday", "Saturday", "Sunday"};
    return fmt::format("{} {:02}:{:02}", kDays.at(static_cast<std::size_t>(week_day - 1)), minute / 60,
                       minute % 60);
}

WallClock wall_clock(UtcTime time, std::chrono::seconds offset) {
    const auto local = time + offset;
    const auto midnight = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::year_month_day date(midnight);
    WallClock wall;
    wall.month = static_cast<int>(static_cast<unsigned>(date.month()));
    wall.month_day = static_cast<int>(static_cast<unsigned>(date.day()));
    wall.week_day = static_cast<int>(std::chrono::weekday(midnight).iso_encoding());
    wall.minute = static_cast<int>(std::chrono::floor<std::chrono::minutes>(local - midnight).count());
    return wall;
}

const model::Destination* closed_destination(const model::Schedule& schedule, const WallClock& now,
                                             const WallClock& yesterday) {
    if (!schedule.enabled) return nullptr;
    for (const auto& period : schedule.exceptional_periods) {
        if (!lies_in(period, now, yesterday)) continue;
        return period.destination.type.empty() ? &schedule.closed_destination : &period.destination;
    }
    const bool open = schedule.open_periods.empty() ||
                      std::ranges::any_of(schedule.open_periods, [&](const model::Period& period) {
                          return lies_in(period, now, yesterday);
                      });
    return open ? nullptr : &schedule.closed_destination;
}

}  // namespace almon::pbx
