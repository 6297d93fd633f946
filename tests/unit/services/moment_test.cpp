// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/moment.hpp"

#include <gtest/gtest.h>

namespace almon::services {
namespace {

using namespace std::chrono;

const UtcTime kNoon{sys_days(2016y / July / 22) + 12h};

TEST(Moment, HasAZoneOrIsUtc) {
    EXPECT_EQ(parse_moment("2016-07-22T12:00:00"), kNoon);
    EXPECT_EQ(parse_moment("2016-07-22 12:00:00Z"), kNoon);
    EXPECT_EQ(parse_moment("2016-07-22T14:00:00+02:00"), kNoon);
    EXPECT_EQ(parse_moment("2016-07-22T08:30:00-0330"), kNoon);
    EXPECT_EQ(parse_moment("2016-07-22T13:00:00+01"), kNoon);
    EXPECT_EQ(parse_moment("2016-07-22T12:00:00.25Z"), kNoon + 250ms);
    EXPECT_EQ(parse_moment("2016-07-22T12:00:00.1234567890"), kNoon + 123456us);
}

TEST(Moment, IsNothingElse) {
    for (const auto* text :
         {"", "2016", "2016-07-22", "2016-07-22T12:00", "2016-13-22T12:00:00", "2016-02-30T12:00:00",
          "2016-07-22T24:00:00", "2016-07-22T12:60:00", "2016-07-22T12:00:61", "2016-07-22T12:00:00.",
          "2016-07-22T12:00:00+", "2016-07-22T12:00:00+2", "2016-07-22T12:00:00+02:", "2016-07-22T12:00:00ZZ",
          "2016-07-22T12:00:00+25:00", "2016-07-22X12:00:00", "tomorrow", "-016-07-22T12:00:00"})
        EXPECT_FALSE(parse_moment(text)) << text;
}

}  // namespace
}  // namespace almon::services
