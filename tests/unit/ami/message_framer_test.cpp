// SPDX-License-Identifier: GPL-3.0-or-later
#include "ami/message_framer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace almon::ami {
namespace {

using testing::ElementsAre;

TEST(AmiMessageFramer, CutsMessagesWhereTheEmptyLineIs) {
    MessageFramer framer;
    framer.add("Action: Ping\r\nActionID: 7\r\n\r\nAction: Log");
    const auto ping = framer.next();
    ASSERT_TRUE(ping && *ping);
    EXPECT_EQ((*ping)->find("action"), "Ping");
    EXPECT_EQ((*ping)->find("ACTIONID"), "7");
    EXPECT_FALSE(framer.next());
    framer.add("off\r\n\r");
    EXPECT_FALSE(framer.next());
    framer.add("\n");
    const auto logoff = framer.next();
    ASSERT_TRUE(logoff && *logoff);
    EXPECT_EQ((*logoff)->find("Action"), "Logoff");
    EXPECT_FALSE(framer.next());
}

TEST(AmiMessageFramer, TakesALineFeedAloneAndEmptyLinesBetween) {
    MessageFramer framer;
    framer.add("\n\r\nAction:Ping\n\n\n\nAction:   Ping  \n\n");
    for (int times = 0; times < 2; ++times) {
        const auto message = framer.next();
        ASSERT_TRUE(message && *message);
        EXPECT_EQ((*message)->find("Action"), "Ping");
    }
    EXPECT_FALSE(framer.next());
}

TEST(AmiMessageFramer, KeepsHeadersThatComeSeveralTimes) {
    MessageFramer framer;
    framer.add("Action: Originate\r\nVariable: A=1\r\nvariable: B=x: y\r\n\r\n");
    const auto message = framer.next();
    ASSERT_TRUE(message && *message);
    EXPECT_THAT((*message)->all("Variable"), ElementsAre("A=1", "B=x: y"));
}

TEST(AmiMessageFramer, RefusesALineWithoutColonAndReadsOn) {
    MessageFramer framer;
    framer.add("Action: Ping\r\nwhat is this\r\n\r\nAction: Ping\r\n\r\n");
    const auto wrong = framer.next();
    ASSERT_TRUE(wrong && !*wrong);
    EXPECT_EQ(wrong->error().code, ErrorCode::Malformed);
    EXPECT_THAT(wrong->error().reason, testing::HasSubstr("what is this"));
    const auto right = framer.next();
    ASSERT_TRUE(right && *right);
    EXPECT_EQ((*right)->find("Action"), "Ping");
}

TEST(AmiMessageFramer, RefusesWhatClientsMayTakeForTheEndOfALine) {
    MessageFramer framer;
    framer.add("Action: Ping\rEvent: Fake\r\n\r\n");
    const auto wrong = framer.next();
    ASSERT_TRUE(wrong && !*wrong);
    EXPECT_EQ(wrong->error().code, ErrorCode::Malformed);
}

TEST(AmiMessageFramer, GivesUpOnALineWithoutEnd) {
    MessageFramer framer;
    const std::string piece(4096, 'x');
    std::optional<Result<Message>> told;
    for (int pieces = 0; pieces < 5 && !told; ++pieces) {
        framer.add(piece);
        told = framer.next();
    }
    ASSERT_TRUE(told && !*told);
    EXPECT_EQ(told->error().code, ErrorCode::Exhausted);
    framer.add("\r\nAction: Ping\r\n\r\n");
    EXPECT_FALSE(framer.next()) << "nothing of it can be trusted any more";
}

TEST(AmiMessageFramer, GivesUpOnAMessageWithoutEnd) {
    MessageFramer framer;
    for (std::size_t lines = 0; lines <= kMostHeaders; ++lines)
        framer.add("A: b\n");
    const auto told = framer.next();
    ASSERT_TRUE(told && !*told);
    EXPECT_EQ(told->error().code, ErrorCode::Exhausted);
}

TEST(AmiMessage, LeavesOutWhatWouldEndALineEarly) {
    Message message;
    message.add("Value", "a\r\nEvent: Fake\r\n\r\nb");
    EXPECT_EQ(message.text(), "Value: aEvent: Fakeb\r\n\r\n");
}

}  // namespace
}  // namespace almon::ami
