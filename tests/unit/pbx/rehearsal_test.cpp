// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/rehearsal.hpp"

#include <gtest/gtest.h>

#include "support/call_office.hpp"

namespace almon::pbx {
namespace {

using test::CallOffice;

/// Alice 1001, Bob 1002, Carol 1003 in default; Dave 2001 in annex.
struct CallRehearsal : testing::Test {
    [[nodiscard]] Rehearsal from_alice(std::string exten) const {
        RehearsedCall call;
        call.line = model::LineId{1};
        call.exten = std::move(exten);
        call.when = UtcTime{std::chrono::seconds{1'448'037'433}};
        return rehearse(office.snapshot, CallOffice::default_settings(), call);
    }
    static bool says(const Rehearsal& rehearsal, std::string_view text) {
        for (const auto& step : rehearsal.steps) {
            if (step.text.find(text) != std::string::npos) return true;
        }
        return false;
    }
    CallOffice office;
};

TEST_F(CallRehearsal, RingsAndWaitsAsLongAsTheRealCall) {
    const auto told = from_alice("1002");
    ASSERT_EQ(told.rings.size(), 1U);
    EXPECT_EQ(told.rings[0].technology, "SIP");
    EXPECT_EQ(told.rings[0].endpoint, "bob");
    EXPECT_EQ(told.rings[0].caller.number, "1001");
    EXPECT_EQ(told.rings[0].after.count(), 0);
    EXPECT_TRUE(told.ended);
    EXPECT_FALSE(told.answered);
    EXPECT_EQ(told.cause, Cause::NoAnswer);
    EXPECT_TRUE(says(told, "user 2 (Bob Durand)"));
    ASSERT_FALSE(told.steps.empty());
    EXPECT_EQ(told.steps.front().after.count(), 0);
    EXPECT_EQ(told.steps.back().after, std::chrono::seconds(30)) << "his ring time";
}

TEST_F(CallRehearsal, FollowsForwardsToWhoRingsInTheEnd) {
    office.configure([&](auto& builder) {
        auto bob = office.user(2);
        bob.forward_noanswer = {true, "1003"};
        bob.ring_time = std::chrono::seconds(10);
        builder.put(bob);
    });
    const auto told = from_alice("1002");
    ASSERT_EQ(told.rings.size(), 2U);
    EXPECT_EQ(told.rings[1].endpoint, "carol");
    EXPECT_EQ(told.rings[1].after, std::chrono::seconds(10));
    EXPECT_TRUE(says(told, "user 2 forwards such calls to 1003"));
    EXPECT_EQ(told.steps.back().after, std::chrono::seconds(40));
}

TEST_F(CallRehearsal, SaysWhyNobodyRings) {
    const auto unknown = from_alice("2001");
    EXPECT_TRUE(unknown.rings.empty());
    EXPECT_EQ(unknown.cause, Cause::UnallocatedNumber);
    EXPECT_TRUE(says(unknown, "2001 is unknown in context default"));
    office.configure([&](auto& builder) {
        auto bob = office.user(2);
        bob.do_not_disturb = true;
        builder.put(bob);
        auto carol = office.user(3);
        carol.forward_unconditional = {true, "1003"};
        builder.put(carol);
    });
    EXPECT_EQ(from_alice("1002").cause, Cause::UserBusy);
    const auto loop = from_alice("1003");
    EXPECT_TRUE(loop.ended) << "forwards in a circle come to an end";
    EXPECT_EQ(loop.cause, Cause::ExchangeRoutingError);
}

TEST_F(CallRehearsal, ComesFromOutsideWhereThereIsNoLine) {
    RehearsedCall call;
    call.context = "annex";
    call.exten = "2001";
    call.caller = {"Zoe", "0123456789", false};
    const auto told = rehearse(office.snapshot, CallOffice::default_settings(), call);
    ASSERT_EQ(told.rings.size(), 1U);
    EXPECT_EQ(told.rings[0].endpoint, "dave");
    EXPECT_EQ(told.rings[0].caller.number, "0123456789");
}

TEST_F(CallRehearsal, GoesOnWhereNobodyEverEndsIt) {
    office.configure([&](auto& builder) {
        auto bob = office.user(2);
        bob.ring_time = std::chrono::seconds(0);
        builder.put(bob);
    });
    const auto told = from_alice("1002");
    EXPECT_FALSE(told.ended);
    EXPECT_EQ(told.rings.size(), 1U);
}

TEST_F(CallRehearsal, IsTheSameEachTimeAndTouchesNothing) {
    const auto saved = office.saved();
    const auto first = from_alice("1002");
    const auto second = from_alice("1002");
    ASSERT_EQ(first.steps.size(), second.steps.size());
    for (std::size_t index = 0; index < first.steps.size(); ++index)
        EXPECT_EQ(first.steps[index].text, second.steps[index].text);
    EXPECT_EQ(office.saved(), saved);
    EXPECT_TRUE(office.phones.invited.empty());
}

}  // namespace
}  // namespace almon::pbx
