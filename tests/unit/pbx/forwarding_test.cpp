// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/call_office.hpp"
#include "support/destinations.hpp"

namespace almon::pbx {
namespace {

using namespace std::chrono_literals;
using test::CallOffice;
using testing::HasSubstr;

/// Alice calls Bob (1002), whose calls may go to Carol (1003).
class Forwarding : public testing::Test {
protected:
    void forward_bob(model::Forward model::User::*forward, std::string destination = "1003") {
        office.change_user(2, [&](model::User& bob) { bob.*forward = {true, std::move(destination)}; });
    }

    CallOffice office;
};

TEST_F(Forwarding, AllCallsGoElsewhereAndTheUsersOwnPhoneStaysSilent) {  // API-078
    forward_bob(&model::User::forward_unconditional);
    const auto alice = office.call("alice", "1002");
    EXPECT_EQ(office.rung(), std::vector<std::string>{"carol"});
    office.answer(office.invited(0));
    EXPECT_EQ(office.end_of(alice), Cause::Unknown);
    EXPECT_THAT(office.why("SIP/alice-00000001"), HasSubstr("forwards all calls to 1003"));
}

TEST_F(Forwarding, AForwardThatIsSwitchedOffDoesNothing) {  // API-078
    office.change_user(2, [](model::User& bob) { bob.forward_unconditional = {false, "1003"}; });
    office.call("alice", "1002");
    EXPECT_EQ(office.rung(), std::vector<std::string>{"bob"});
}

TEST_F(Forwarding, WhoIsBusyOrDeclinesForwards) {  // API-078
    forward_bob(&model::User::forward_busy);
    office.call("alice", "1002");
    office.refuse(office.invited(0), Cause::UserBusy);
    EXPECT_EQ(office.rung(), (std::vector<std::string>{"bob", "carol"}));

    office.call("alice", "1002");
    office.refuse(office.invited(2), Cause::CallRejected, Refusal::OfPerson);
    EXPECT_EQ(office.rung(), (std::vector<std::string>{"bob", "carol", "bob", "carol"}));
}

TEST_F(Forwarding, WhoHasAsManyCallsAsAllowedForwardsWithoutRinging) {  // API-078
    forward_bob(&model::User::forward_busy);
    office.change_user(2, [](model::User& bob) { bob.simultaneous_calls = 1; });
    office.call("carol", "1002");
    office.answer(office.invited(0));
    office.call("alice", "1002");
    EXPECT_EQ(office.rung(), (std::vector<std::string>{"bob", "carol"}));
}

TEST_F(Forwarding, AfterTheRingTimeTheCallGoesOn) {  // API-078
    forward_bob(&model::User::forward_noanswer);
    const auto alice = office.call("alice", "1002");
    office.ringing(office.invited(0));
    office.pass(31s);
    EXPECT_EQ(office.rung(), (std::vector<std::string>{"bob", "carol"}));
    EXPECT_EQ(office.end_of(office.invited(0)), Cause::NoAnswer);
    office.answer(office.invited(1));
    EXPECT_EQ(office.end_of(alice), Cause::Unknown);
}

TEST_F(Forwarding, APhoneThatIsNotThereDoesNotAnswer) {
    forward_bob(&model::User::forward_noanswer);
    office.phones.contacts["bob"] = {};
    office.call("alice", "1002");
    EXPECT_EQ(office.rung(), std::vector<std::string>{"carol"});
}

TEST_F(Forwarding, ABusyForwardIsNotForThoseWhoDoNotAnswer) {
    forward_bob(&model::User::forward_busy);
    const auto alice = office.call("alice", "1002");
    office.pass(31s);
    EXPECT_EQ(office.end_of(alice), Cause::NoAnswer);
    EXPECT_EQ(office.rung(), std::vector<std::string>{"bob"});
}

TEST_F(Forwarding, WhoDoesNotWantToBeDisturbedIsBusy) {  // API-077
    office.change_user(2, [](model::User& bob) { bob.do_not_disturb = true; });
    const auto alice = office.call("alice", "1002");
    EXPECT_TRUE(office.rung().empty());
    EXPECT_EQ(office.end_of(alice), Cause::UserBusy);

    forward_bob(&model::User::forward_busy);
    office.call("alice", "1002");
    EXPECT_EQ(office.rung(), std::vector<std::string>{"carol"});
}

TEST_F(Forwarding, ForwardsThatGoInACircleEnd) {
    forward_bob(&model::User::forward_unconditional, "1003");
    office.change_user(3, [](model::User& carol) { carol.forward_unconditional = {true, "1002"}; });
    const auto alice = office.call("alice", "1002");
    EXPECT_EQ(office.end_of(alice), Cause::ExchangeRoutingError);
    EXPECT_TRUE(office.rung().empty());
}

TEST_F(Forwarding, AForwardToAnUnknownNumberSaysSo) {
    forward_bob(&model::User::forward_unconditional, "1999");
    const auto alice = office.call("alice", "1002");
    office.pass(11s);
    EXPECT_EQ(office.end_of(alice), Cause::UnallocatedNumber);
}

TEST_F(Forwarding, AUserWhoIsSwitchedOffForwardsNothing) {
    forward_bob(&model::User::forward_unconditional);
    office.change_user(2, [](model::User& bob) { bob.enabled = false; });
    const auto alice = office.call("alice", "1002");
    EXPECT_EQ(office.end_of(alice), Cause::CallRejected);
    EXPECT_TRUE(office.rung().empty());
}

TEST_F(Forwarding, ATransferFollowsTheForward) {
    forward_bob(&model::User::forward_busy, "1001");
    office.change_user(2, [](model::User& bob) { bob.do_not_disturb = true; });
    const auto alice = office.call("alice", "1003");
    office.answer(office.invited(0));
    office.transfer(alice, "1002");
    EXPECT_EQ(office.rung(), (std::vector<std::string>{"carol", "alice"}));
}

TEST_F(Forwarding, ATransferIsRefusedWhereNoForwardHelps) {
    office.change_user(2, [](model::User& bob) { bob.do_not_disturb = true; });
    const auto alice = office.call("alice", "1003");
    office.answer(office.invited(0));
    office.transfer(alice, "1002");
    EXPECT_EQ(office.rung(), std::vector<std::string>{"carol"});
    EXPECT_EQ(office.end_of(office.invited(0)), Cause::Unknown) << "the two go on talking";
}

TEST_F(Forwarding, EachWayOfNotBeingReachedHasAFallback) {  // API-079
    office.change_user(2, [](model::User& bob) {
        bob.fallback_busy = test::to("user", model::UserId{3});
        bob.fallback_noanswer = test::to_hang_up("congestion");
        bob.fallback_fail = test::to_extension("1003", "default");
    });
    office.call("alice", "1002");
    office.refuse(office.invited(0), Cause::UserBusy);
    EXPECT_EQ(office.rung(), (std::vector<std::string>{"bob", "carol"}));

    const auto alice = office.call("alice", "1002");
    office.pass(31s);
    EXPECT_EQ(office.end_of(alice), Cause::SwitchingCongestion);

    office.phones.contacts["bob"] = {};
    office.call("alice", "1002");
    EXPECT_EQ(office.rung().back(), "carol");
    EXPECT_EQ(office.rung().size(), 4U);
}

TEST_F(Forwarding, CongestionHasAFallback) {  // API-079
    office.change_user(
        2, [](model::User& bob) { bob.fallback_congestion = test::to("user", model::UserId{3}); });
    office.call("alice", "1002");
    office.refuse(office.invited(0), Cause::SwitchingCongestion);
    EXPECT_EQ(office.rung(), (std::vector<std::string>{"bob", "carol"}));
}

TEST_F(Forwarding, AForwardComesBeforeAFallback) {
    forward_bob(&model::User::forward_busy);
    office.change_user(2, [](model::User& bob) { bob.fallback_busy = test::to_hang_up("congestion"); });
    office.call("alice", "1002");
    office.refuse(office.invited(0), Cause::UserBusy);
    EXPECT_EQ(office.rung(), (std::vector<std::string>{"bob", "carol"}));
}

TEST_F(Forwarding, FallbacksThatGoInACircleEnd) {
    office.change_user(2, [](model::User& bob) {
        bob.do_not_disturb = true;
        bob.fallback_busy = test::to("user", model::UserId{3});
    });
    office.change_user(3, [](model::User& carol) {
        carol.do_not_disturb = true;
        carol.fallback_busy = test::to("user", model::UserId{2});
    });
    const auto alice = office.call("alice", "1002");
    EXPECT_EQ(office.end_of(alice), Cause::ExchangeRoutingError);
}

TEST_F(Forwarding, ATransferTakesTheFallbackToo) {
    office.change_user(2, [](model::User& bob) {
        bob.do_not_disturb = true;
        bob.fallback_busy = test::to_extension("1001", "default");
    });
    const auto alice = office.call("alice", "1003");
    office.answer(office.invited(0));
    office.transfer(alice, "1002");
    EXPECT_EQ(office.rung(), (std::vector<std::string>{"carol", "alice"}));
}

}  // namespace
}  // namespace almon::pbx
