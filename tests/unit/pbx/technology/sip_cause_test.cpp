// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/technology/sip_cause.hpp"

#include <gtest/gtest.h>

namespace almon::pbx {
namespace {

TEST(SipCause, SaysToTheCallerWhatHappenedAtTheCallee) {
    EXPECT_EQ(sip_status_of(Cause::UserBusy), 486);
    EXPECT_EQ(sip_status_of(Cause::SubscriberAbsent), 480);
    EXPECT_EQ(sip_status_of(Cause::NoAnswer), 480);
    EXPECT_EQ(sip_status_of(Cause::UnallocatedNumber), 404);
    EXPECT_EQ(sip_status_of(Cause::CallRejected), 603);
    EXPECT_EQ(sip_status_of(Cause::BearerCapabilityNotAvailable), 488);
}

TEST(SipCause, EveryStatusOfAFailureMeansSomething) {
    for (int status = 300; status < 700; ++status) {
        const Cause cause = cause_of_sip_status(status);
        EXPECT_NE(cause, Cause::Unknown) << status;
        EXPECT_GE(sip_status_of(cause), 400) << status;
    }
    EXPECT_EQ(cause_of_sip_status(486), Cause::UserBusy);
    EXPECT_EQ(cause_of_sip_status(600), Cause::UserBusy);
    EXPECT_EQ(cause_of_sip_status(603), Cause::CallRejected);
}

TEST(SipCause, AnAnswerElsewhereIsSaidAsPhonesUnderstandIt) {
    // RFC 3326 section 2: the phone does not count it as a missed call.
    EXPECT_EQ(reason_header_of(Cause::AnsweredElsewhere), "SIP;cause=200;text=\"Call completed elsewhere\"");
    EXPECT_EQ(reason_header_of(Cause::UserBusy),
              "Q.850;cause=17;text=\"" + std::string(text_of(Cause::UserBusy)) + "\"");
}

TEST(SipCause, ReadsReasonHeaders) {
    EXPECT_EQ(cause_of_reason_header("Q.850;cause=17;text=\"busy\""), Cause::UserBusy);
    EXPECT_EQ(cause_of_reason_header("SIP;cause=200;text=\"Call completed elsewhere\""),
              Cause::AnsweredElsewhere);
    EXPECT_EQ(cause_of_reason_header("SIP;cause=603"), Cause::CallRejected);
    EXPECT_EQ(cause_of_reason_header("Q.850;cause=999"), std::nullopt);
    EXPECT_EQ(cause_of_reason_header("Q.850;cause=x"), std::nullopt);
    EXPECT_EQ(cause_of_reason_header("preemption;cause=1"), std::nullopt);
    EXPECT_EQ(cause_of_reason_header(""), std::nullopt);
}

}  // namespace
}  // namespace almon::pbx
