// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/opening_hours.hpp"

#include <gtest/gtest.h>

namespace almon::pbx {
namespace {

using namespace std::chrono_literals;

/// 2015-11-23 is a Monday.
WallClock on(std::chrono::year_month_day day, int hour, int minute) {
    return wall_clock(UtcTime{std::chrono::sys_days(day)},
                      std::chrono::hours(hour) + std::chrono::minutes(minute));
}
constexpr auto kMonday = std::chrono::year{2015} / 11 / 23;

class OpeningHours : public testing::Test {
protected:
    OpeningHours() {
        schedule.closed_destination.type = "none";
        schedule.open_periods = {{"09:00", "12:00", {1, 2, 3, 4, 5}, {}, {}},
                                 {"13:30", "18:00", {1, 2, 3, 4, 5}, {}, {}}};
    }
    const model::Destination* at(const WallClock& now) {
        auto yesterday = now;
        yesterday.week_day = now.week_day == 1 ? 7 : now.week_day - 1;
        yesterday.month_day = now.month_day - 1;
        return closed_destination(schedule, now, yesterday);
    }
    model::Schedule schedule;
};

TEST(WallClock, ShowsTheCalendarOfItsZone) {
    const auto wall = wall_clock(UtcTime{std::chrono::sys_days(kMonday)} + 23h + 30min, 1h);
    EXPECT_EQ(wall.text(), "Tuesday 00:30");
    EXPECT_EQ(wall.month, 11);
    EXPECT_EQ(wall.month_day, 24);
}

TEST_F(OpeningHours, PeriodsAreOpenFromTheirFirstToTheirLastMinute) {  // ADB-154, ADB-155
    EXPECT_EQ(at(on(kMonday, 8, 59)), &schedule.closed_destination);
    EXPECT_EQ(at(on(kMonday, 9, 0)), nullptr);
    EXPECT_EQ(at(on(kMonday, 12, 0)), nullptr);
    EXPECT_EQ(at(on(kMonday, 12, 1)), &schedule.closed_destination);
    EXPECT_EQ(at(on(kMonday, 17, 0)), nullptr);
    EXPECT_EQ(at(on(std::chrono::year{2015} / 11 / 22, 10, 0)), &schedule.closed_destination) << "a Sunday";
}

TEST_F(OpeningHours, MonthsAndDaysOfMonthsNarrowAPeriod) {  // ADB-155
    schedule.open_periods = {{"00:00", "23:59", {}, {23, 24}, {11, 12}}};
    EXPECT_EQ(at(on(kMonday, 10, 0)), nullptr);
    EXPECT_NE(at(on(std::chrono::year{2015} / 11 / 25, 10, 0)), nullptr);
    EXPECT_NE(at(on(std::chrono::year{2015} / 10 / 23, 10, 0)), nullptr);
}

TEST_F(OpeningHours, APeriodThatEndsBeforeItBeginsGoesOnUntilTheNextDay) {
    schedule.open_periods = {{"22:00", "06:00", {1}, {}, {}}};
    EXPECT_EQ(at(on(kMonday, 23, 0)), nullptr);
    EXPECT_NE(at(on(kMonday, 5, 0)), nullptr) << "that night began on Sunday";
    EXPECT_EQ(at(on(std::chrono::year{2015} / 11 / 24, 5, 0)), nullptr);
}

TEST_F(OpeningHours, AnExceptionHasADestinationOfItsOwn) {  // ADB-156
    model::ExceptionalPeriod lunch;
    lunch.hours_start = "11:00";
    lunch.hours_end = "11:30";
    lunch.destination.type = "hangup";
    schedule.exceptional_periods = {lunch};
    EXPECT_EQ(at(on(kMonday, 11, 15)), &schedule.exceptional_periods[0].destination);
    schedule.exceptional_periods[0].destination = {};
    EXPECT_EQ(at(on(kMonday, 11, 15)), &schedule.closed_destination);
}

TEST_F(OpeningHours, WithoutPeriodsOrSwitchedOffItIsAlwaysOpen) {
    schedule.enabled = false;
    EXPECT_EQ(at(on(kMonday, 3, 0)), nullptr);
    schedule.enabled = true;
    schedule.open_periods.clear();
    EXPECT_EQ(at(on(kMonday, 3, 0)), nullptr);
}

}  // namespace
}  // namespace almon::pbx
