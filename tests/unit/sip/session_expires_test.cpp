// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/session_expires.hpp"

#include <gtest/gtest.h>

namespace almon::sip {
namespace {

using namespace std::chrono_literals;

TEST(SessionExpires, ReadsIntervalAndRefresher) {
    const auto parsed = SessionExpires::parse("1800 ;refresher=UAS;x=y");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->interval, 1800s);
    EXPECT_EQ(parsed->refresher, SessionExpires::Refresher::Uas);
    EXPECT_EQ(parsed->text(), "1800;refresher=uas");
    EXPECT_EQ(SessionExpires::parse("90")->refresher, std::nullopt);
    EXPECT_EQ(SessionExpires::parse("90;refresher=uac")->text(), "90;refresher=uac");
}

TEST(SessionExpires, RefusesBrokenValues) {
    for (const std::string_view text : {"", "x", "-1", "99999999999", "90;refresher=me", "90;;"})
        EXPECT_FALSE(SessionExpires::parse(text)) << text;
}

TEST(MinSe, IsANumberOfSeconds) {
    EXPECT_EQ(*parse_min_se("90;x=y"), 90s);
    EXPECT_FALSE(parse_min_se("soon"));
}

}  // namespace
}  // namespace almon::sip
