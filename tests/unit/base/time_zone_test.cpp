// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/time_zone.hpp"

#include <gtest/gtest.h>

namespace almon {
namespace {

using namespace std::chrono_literals;

TEST(TimeZones, KnowSummerAndWinter) {  // ADB-155
    TimeZones zones;
    ASSERT_TRUE(zones.load("Europe/Paris"));
    ASSERT_TRUE(zones.load("America/New_York"));
    const UtcTime winter{std::chrono::sys_days(std::chrono::year{2015} / 1 / 15)};
    const UtcTime summer{std::chrono::sys_days(std::chrono::year{2015} / 7 / 15)};
    EXPECT_EQ(zones.find("Europe/Paris")->offset_at(winter), 1h);
    EXPECT_EQ(zones.find("Europe/Paris")->offset_at(summer), 2h);
    EXPECT_EQ(zones.find("America/New_York")->offset_at(winter), -5h);
    // 2015-03-29 01:00 UTC.
    const UtcTime change{std::chrono::sys_days(std::chrono::year{2015} / 3 / 29) + 1h};
    EXPECT_EQ(zones.find("Europe/Paris")->offset_at(change - 1s), 1h);
    EXPECT_EQ(zones.find("Europe/Paris")->offset_at(change), 2h);
}

TEST(TimeZones, WhatIsNoneIsUtcAndRefused) {
    TimeZones zones;
    for (const auto* name : {"Mars/Olympus", "../../etc/passwd"}) {
        const auto loaded = zones.load(name);
        ASSERT_FALSE(loaded);
        EXPECT_EQ(loaded.error().code, ErrorCode::NotFound);
        ASSERT_NE(zones.find(name), nullptr);
        EXPECT_EQ(zones.find(name)->offset_at(UtcTime{}), 0s);
    }
    EXPECT_EQ(zones.find("Europe/Berlin"), nullptr);
}

TEST(TimeZone, RefusesWhatIsCutOffOrLies) {
    EXPECT_FALSE(TimeZone::parse(""));
    EXPECT_FALSE(TimeZone::parse("TZif2"));
    std::string huge("TZif2");
    huge.resize(20);
    huge += std::string(24, '\xff');
    EXPECT_FALSE(TimeZone::parse(huge));
}

}  // namespace
}  // namespace almon
