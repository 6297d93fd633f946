// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/session_timer.hpp"

#include <gtest/gtest.h>

namespace almon::sip {
namespace {

using std::chrono::seconds;

constexpr SessionTimers kOurs{seconds(600), seconds(120)};

// RFC 4028 9, table 2: who refreshes.
TEST(SessionTimer, RefresherIsWhomTheCallerNamed) {
    for (const auto named : {Refresher::Uac, Refresher::Uas}) {
        const auto answer = answer_session_timer(kOurs, {true, SessionExpires{seconds(600), named}});
        EXPECT_EQ(answer.expires->refresher, named);
        EXPECT_EQ(answer.timer.we_refresh, named == Refresher::Uas);
        EXPECT_EQ(answer.require, named == Refresher::Uac);
    }
}

TEST(SessionTimer, CallerRefreshesWhereItNamedNobody) {
    const auto answer = answer_session_timer(kOurs, {true, SessionExpires{seconds(600), {}}});
    EXPECT_EQ(answer.expires->text(), "600;refresher=uac");
}

TEST(SessionTimer, WeRefreshForACallerWithoutSupport) {
    const auto answer = answer_session_timer(kOurs, {false, SessionExpires{seconds(600), Refresher::Uac}});
    EXPECT_EQ(answer.expires->text(), "600;refresher=uas");
    EXPECT_FALSE(answer.require);
    EXPECT_TRUE(answer.timer.we_refresh);
}

TEST(SessionTimer, NothingIsSaidToACallerWithoutSupportWhoAsksForNothing) {
    EXPECT_FALSE(answer_session_timer(kOurs, {}).expires);
}

TEST(SessionTimer, IntervalIsShortenedButNotBelowTheCallersMinimum) {
    EXPECT_EQ(answer_session_timer(kOurs, {true, SessionExpires{seconds(1800), {}}}).expires->interval,
              seconds(600));
    EXPECT_EQ(answer_session_timer(kOurs, {true, SessionExpires{seconds(1800), {}}, seconds(900)})
                  .expires->interval,
              seconds(900));
}

// RFC 4028 9: MUST NOT be larger than what was asked for.
TEST(SessionTimer, IntervalIsNeverLengthened) {
    EXPECT_EQ(answer_session_timer(kOurs, {true, SessionExpires{seconds(150), {}}}).expires->interval,
              seconds(150));
}

TEST(SessionTimer, IntervalBelowOurMinimumIsTooSmall) {
    EXPECT_TRUE(answer_session_timer(kOurs, {true, SessionExpires{seconds(119), {}}}).too_small);
    EXPECT_FALSE(answer_session_timer(kOurs, {true, SessionExpires{seconds(120), {}}}).too_small);
}

TEST(SessionTimer, RefreshIsDueAtHalfAndExpiryBeforeTheEnd) {
    EXPECT_EQ((SessionTimer{seconds(90), true}.refresh_after()), seconds(45));
    EXPECT_EQ((SessionTimer{seconds(90), false}.expires_after()), seconds(60));
    EXPECT_EQ((SessionTimer{seconds(1800), false}.expires_after()), seconds(1768));
}

TEST(SessionTimer, NoSessionExpiresInTheAnswerMeansNoTimer) {
    EXPECT_FALSE(accepted_session_timer(kOurs, {}).runs());
    EXPECT_TRUE(accepted_session_timer(kOurs, SessionExpires{seconds(90), Refresher::Uac}).we_refresh);
    EXPECT_FALSE(accepted_session_timer(kOurs, SessionExpires{seconds(90), Refresher::Uas}).we_refresh);
}

}  // namespace
}  // namespace almon::sip
