// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/events/call_figures.hpp"

#include <gtest/gtest.h>

namespace almon::services {
namespace {

using enum bus::CallEventType;

struct CallFiguresTest : testing::Test {
    void take(bus::CallEventType type, const std::string& id, const std::string& linked,
              const std::string& extra = {}) {
        bus::CallEvent event;
        event.type = type;
        event.unique_id = id;
        event.linked_id = linked;
        event.extra = extra;
        figures.take(event);
    }
    /// 1.1 calls 1.2, and it ends unanswered.
    void fail(const std::string& extra) {
        take(ChannelStart, "1.1", "1.1");
        take(ChannelStart, "1.2", "1.1");
        take(HangUp, "1.1", "1.1", extra);
        take(HangUp, "1.2", "1.1", R"({"hangupcause":16,"hangupsource":"","dialstatus":""})");
        take(LinkedIdEnd, "1.2", "1.1");
    }

    CallFigures figures;
};

TEST_F(CallFiguresTest, ACallIsCountedOnceHoweverManyPhonesRing) {
    take(ChannelStart, "1.1", "1.1");
    take(ChannelStart, "1.2", "1.1");
    take(ChannelStart, "1.3", "1.1");
    EXPECT_EQ(figures.begun(), 1u);
    EXPECT_EQ(figures.now(), 1u);
    take(Answer, "1.3", "1.1");
    take(HangUp, "1.2", "1.1", R"({"hangupcause":26,"hangupsource":"","dialstatus":""})");
    take(HangUp, "1.1", "1.1", R"({"hangupcause":16,"hangupsource":"","dialstatus":"ANSWER"})");
    EXPECT_EQ(figures.now(), 1u);
    take(LinkedIdEnd, "1.3", "1.1");
    EXPECT_EQ(figures.now(), 0u);
    EXPECT_EQ(figures.ended(CallOutcome::Answered), 1u);
}

TEST_F(CallFiguresTest, WhatTheCallersDialHasLeftSaysWhyNobodyAnswered) {
    const std::pair<const char*, CallOutcome> cases[] = {{"BUSY", CallOutcome::Busy},
                                                         {"NOANSWER", CallOutcome::NoAnswer},
                                                         {"CANCEL", CallOutcome::Cancelled},
                                                         {"CHANUNAVAIL", CallOutcome::Unreachable},
                                                         {"CONGESTION", CallOutcome::Failed}};
    for (const auto& [status, outcome] : cases) {
        const auto before = figures.ended(outcome);
        fail(std::string(R"({"hangupcause":1,"hangupsource":"","dialstatus":")") + status + "\"}");
        EXPECT_EQ(figures.ended(outcome), before + 1) << status;
    }
    EXPECT_EQ(figures.begun(), std::size(cases));
    EXPECT_EQ(figures.now(), 0u);
}

TEST_F(CallFiguresTest, WhoDialledNobodyIsJudgedByTheCause) {
    fail(R"({"hangupcause":19,"hangupsource":"","dialstatus":""})");
    EXPECT_EQ(figures.ended(CallOutcome::NoAnswer), 1u);
    fail("");
    fail("[]");
    EXPECT_EQ(figures.ended(CallOutcome::Failed), 2u);
}

TEST_F(CallFiguresTest, ACallThatBecomesPartOfAnotherBeforeItsAnswerWasTransferred) {
    take(ChannelStart, "1.1", "1.1");
    take(Answer, "1.1", "1.1");
    take(ChannelStart, "1.5", "1.5");
    EXPECT_EQ(figures.now(), 2u);
    take(LinkedIdEnd, "1.5", "1.5");
    EXPECT_EQ(figures.ended(CallOutcome::Transferred), 1u);
    // What comes of it later belongs to the other.
    take(HangUp, "1.5", "1.1");
    take(LinkedIdEnd, "1.1", "1.1");
    EXPECT_EQ(figures.ended(CallOutcome::Answered), 1u);
    EXPECT_EQ(figures.begun(), 2u);
}

TEST_F(CallFiguresTest, EachOutcomeHasAName) {
    EXPECT_EQ(name_of(CallOutcome::Answered), "answered");
    EXPECT_EQ(name_of(CallOutcome::Transferred), "transferred");
}

}  // namespace
}  // namespace almon::services
