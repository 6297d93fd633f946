// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/technology/sip_digit.hpp"

#include <gtest/gtest.h>

namespace almon::pbx {
namespace {

TEST(SipDigit, ReadsDtmfRelayWithItsDuration) {
    const auto digit = digit_in("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n");
    ASSERT_TRUE(digit);
    EXPECT_EQ(digit->digit, '5');
    EXPECT_EQ(digit->duration, std::chrono::milliseconds(160));
}

TEST(SipDigit, ReadsWhatPhonesReallySend) {
    EXPECT_EQ(digit_in("Application/DTMF-Relay; charset=utf-8", "Signal= # \nDuration = 9999999")->digit,
              '#');
    EXPECT_EQ(digit_in("application/dtmf-relay", "Duration=100\r\nSignal=10")->digit, '*');
    EXPECT_EQ(digit_in("application/dtmf-relay", "Signal=hf")->digit, '!');
    EXPECT_EQ(digit_in("application/dtmf", "d")->digit, 'D');
    EXPECT_EQ(digit_in("application/dtmf", "11")->digit, '#');
}

TEST(SipDigit, RefusesWhatIsNoDigit) {
    EXPECT_FALSE(digit_in("application/dtmf", ""));
    EXPECT_FALSE(digit_in("application/dtmf", "55"));
    EXPECT_FALSE(digit_in("application/dtmf-relay", "Duration=100"));
    EXPECT_FALSE(digit_in("application/dtmf-relay", "Signal=\r\n"));
    EXPECT_FALSE(digit_in("application/sdp", "Signal=5"));
}

TEST(SipDigit, LimitsDurationsToWhatAPhoneCanMean) {
    EXPECT_EQ(digit_in("application/dtmf-relay", "Signal=1\r\nDuration=-5")->duration,
              std::chrono::milliseconds(40));
    EXPECT_EQ(digit_in("application/dtmf-relay", "Signal=1\r\nDuration=99999999")->duration,
              std::chrono::milliseconds(10'000));
}

TEST(SipDigit, WhatItWritesItReads) {
    for (const char digit : std::string_view("0123456789*#ABCD!")) {
        const auto body = dtmf_relay(digit, std::chrono::milliseconds(120));
        const auto read = digit_in(body.content_type, body.bytes);
        ASSERT_TRUE(read) << digit;
        EXPECT_EQ(read->digit, digit);
        EXPECT_EQ(read->duration, std::chrono::milliseconds(120));
    }
}

}  // namespace
}  // namespace almon::pbx
