// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/events/call_list.hpp"

#include <gtest/gtest.h>

namespace almon::services {
namespace {

using enum bus::CallEventType;

class CallListTest : public testing::Test {
protected:
    static bus::CallEvent event(bus::CallEventType type, const std::string& id, std::uint64_t bridge = 0) {
        bus::CallEvent event;
        event.type = type;
        event.unique_id = id;
        event.line = id == "1.1" ? 11 : 12;
        event.user = id == "1.1" ? 21 : 22;
        event.outgoing = id != "1.1";
        event.bridge = bridge;
        return event;
    }
    std::optional<CallChange> take(bus::CallEventType type, const std::string& id, std::uint64_t bridge = 0) {
        const auto change = calls.take(event(type, id, bridge));
        return change ? std::optional(change->what) : std::nullopt;
    }
    LineStatus status_of(std::uint64_t line, bool reachable = true) const {
        return line_status(calls.of_line(model::LineId{line}), reachable);
    }
    void talk() {
        take(ChannelStart, "1.1");
        take(ChannelStart, "1.2");
        take(Answer, "1.2");
        take(Answer, "1.1");
        take(BridgeEnter, "1.1", 7);
        take(BridgeEnter, "1.2", 7);
    }

    CallList calls;
};

TEST_F(CallListTest, TheCallerRings_TheCalleeIsRung) {
    EXPECT_EQ(take(ChannelStart, "1.1"), CallChange::Created);
    EXPECT_EQ(take(ChannelStart, "1.2"), CallChange::Created);
    EXPECT_EQ(calls.find("1.1")->status, ListedCall::Status::Ring);
    EXPECT_EQ(calls.find("1.2")->status, ListedCall::Status::Ringing);
    EXPECT_EQ(calls.find("1.2")->user, model::UserId{22});
    EXPECT_TRUE(calls.talking_to(*calls.find("1.1")).empty());
}

TEST_F(CallListTest, WhoIsInABridgeTalksToTheOthersThere) {
    talk();
    const auto& caller = *calls.find("1.1");
    EXPECT_EQ(caller.status, ListedCall::Status::Up);
    ASSERT_EQ(calls.talking_to(caller).size(), 1u);
    EXPECT_EQ(calls.talking_to(caller).front()->id, "1.2");
    take(BridgeExit, "1.2", 7);
    EXPECT_TRUE(calls.talking_to(caller).empty());
}

TEST_F(CallListTest, AnEndedCallIsToldOnceAndForgotten) {
    talk();
    EXPECT_EQ(take(BridgeExit, "1.1", 7), std::nullopt);
    EXPECT_EQ(take(HangUp, "1.1"), std::nullopt);
    EXPECT_EQ(take(ChannelEnd, "1.1"), CallChange::Ended);
    EXPECT_EQ(take(ChannelEnd, "1.1"), std::nullopt);
    EXPECT_EQ(take(LinkedIdEnd, "1.1"), std::nullopt);
    EXPECT_EQ(calls.find("1.1"), nullptr);
    EXPECT_EQ(calls.size(), 1u);
    EXPECT_TRUE(calls.of_line(model::LineId{11}).empty());
}

TEST_F(CallListTest, HoldIsToldWhenItChanges) {
    talk();
    EXPECT_EQ(calls.take(bus::HoldChanged{"1.1", true})->what, CallChange::Held);
    EXPECT_FALSE(calls.take(bus::HoldChanged{"1.1", true}));
    EXPECT_EQ(calls.take(bus::HoldChanged{"1.1", false})->what, CallChange::Resumed);
    EXPECT_FALSE(calls.take(bus::HoldChanged{"9.9", true}));
}

TEST_F(CallListTest, TheStateOfALineIsThatOfItsCalls) {  // API-012
    EXPECT_EQ(status_of(12), LineStatus::Free);
    EXPECT_EQ(status_of(12, false), LineStatus::Unavailable);
    take(ChannelStart, "1.1");
    EXPECT_EQ(status_of(11), LineStatus::InUse);
    take(ChannelStart, "1.2");
    EXPECT_EQ(status_of(12), LineStatus::Ringing);
    take(Answer, "1.2");
    EXPECT_EQ(status_of(12, false), LineStatus::InUse);
    take(ChannelStart, "1.3");
    EXPECT_EQ(status_of(12), LineStatus::InUseAndRinging);
    take(ChannelEnd, "1.3");
    calls.take(bus::HoldChanged{"1.2", true});
    EXPECT_EQ(status_of(12), LineStatus::OnHold);
}

}  // namespace
}  // namespace almon::services
