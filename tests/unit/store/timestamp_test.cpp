// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/timestamp.hpp"

#include <gtest/gtest.h>

namespace almon::store {
namespace {

const UtcTime kNoon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + 12h};

TEST(Timestamp, IsWrittenWithMicroseconds) {
    EXPECT_EQ(timestamp_text(kNoon), "2026-11-24 12:00:00.000000+00");
    EXPECT_EQ(timestamp_text(kNoon - 1us), "2026-11-24 11:59:59.999999+00");
}

TEST(Timestamp, ReadsBackAsItWas) {
    for (const auto time : {kNoon, kNoon + 1us, kNoon + 500ms, kNoon - 24h * 365 * 60})
        EXPECT_EQ(*parse_timestamp(timestamp_text(time)), time);
}

TEST(Timestamp, IsReadAsPostgresqlShortensIt) {
    EXPECT_EQ(*parse_timestamp("2026-11-24 12:00:00+00"), kNoon);
    EXPECT_EQ(*parse_timestamp("2026-11-24 12:00:00.5+00"), kNoon + 500ms);
}

TEST(Timestamp, AnythingElseIsRefused) {
    for (const char* text :
         {"", "2026-11-24", "2026-13-24 12:00:00+00", "2026-11-31 12:00:00+00", "2026-11-24 24:00:00+00",
          "2026-11-24 12:00:00", "2026-11-24 12:00:00+01", "2026-11-24 12:00:00.+00",
          "2026-11-24T12:00:00+00", "x026-11-24 12:00:00+00", "2026-11-24 12:00:00+00 "})
        EXPECT_FALSE(parse_timestamp(text)) << text;
}

}  // namespace
}  // namespace almon::store
