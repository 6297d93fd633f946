// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/cause.hpp"

#include <gtest/gtest.h>

namespace almon::pbx {
namespace {

TEST(CauseText, ReadsLikeTheRecommendation) {
    EXPECT_EQ(text_of(Cause::NormalClearing), "Normal clearing");
    EXPECT_EQ(text_of(Cause::UserBusy), "User busy");
    EXPECT_EQ(text_of(static_cast<Cause>(99)), "Unknown");
}

TEST(DialStatus, NamesHowADialEnded) {
    EXPECT_EQ(dial_status_of(Cause::UserBusy), "BUSY");
    EXPECT_EQ(dial_status_of(Cause::CallRejected), "BUSY");
    EXPECT_EQ(dial_status_of(Cause::NoAnswer), "NOANSWER");
    EXPECT_EQ(dial_status_of(Cause::NormalClearing), "CANCEL");
    EXPECT_EQ(dial_status_of(Cause::SubscriberAbsent), "CHANUNAVAIL");
    EXPECT_EQ(dial_status_of(Cause::NoCircuitAvailable), "CONGESTION");
}

}  // namespace
}  // namespace almon::pbx
