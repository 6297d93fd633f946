// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/group.hpp"
#include "support/call_office.hpp"
#include "support/destinations.hpp"

namespace almon::pbx {
namespace {

using namespace std::chrono_literals;
using model::UserId;
using test::CallOffice;
using testing::ElementsAre;
using testing::HasSubstr;

/// 1500 is a group of Bob, Carol and Erin, in this order.
class GroupCall : public testing::Test {
protected:
    GroupCall() {
        office.configure([](model::SnapshotBuilder& builder) {
            model::User erin;
            erin.id = UserId{5};
            erin.firstname = "Erin";
            builder.put(erin);
            model::EndpointSip endpoint;
            endpoint.id = model::EndpointSipId{5};
            endpoint.username = "erin";
            builder.put(endpoint);
            model::Line line;
            line.id = model::LineId{5};
            line.context = "default";
            line.endpoint_sip = endpoint.id;
            builder.put(line);
            builder.put(model::UserLine{erin.id, line.id});
        });
        office.phones.contacts["erin"] = {"erin-desk"};
        group.id = model::GroupId{7};
        group.name = "sales";
        group.users = {UserId{2}, UserId{3}, UserId{5}};
        save();
    }
    void save() {
        office.configure([&](model::SnapshotBuilder& builder) {
            builder.put(group);
            model::Extension number{model::ExtensionId{50}, "1500", "default"};
            number.leads_to = {&model::declaration_of<model::Group>(), group.id.value};
            builder.put(number);
        });
    }
    void strategy(std::string name) {
        group.ring_strategy = std::move(name);
        save();
    }
    /// A whole call that the first who rings takes.
    std::string take_a_call() {
        const auto caller = office.call("alice", "1500");
        const auto taker = office.invited(office.seen);
        const auto who = office.newly_rung().front();
        office.answer(taker);
        office.pass(1s);
        office.hang_up(caller);
        office.newly_rung();
        return who;
    }

    CallOffice office;
    model::Group group;
};

TEST_F(GroupCall, AllRingAndTheFirstWhoAnswersHasTheCall) {  // ADA-165, API-105, API-106
    const auto alice = office.call("alice", "1500");
    EXPECT_THAT(office.newly_rung(), ElementsAre("bob", "carol", "erin"));
    office.ringing(office.invited(1));
    EXPECT_EQ(office.phones.count("ring"), 1U);
    office.answer(office.invited(1));
    EXPECT_EQ(office.end_of(office.invited(0)), Cause::AnsweredElsewhere);
    EXPECT_EQ(office.end_of(office.invited(2)), Cause::AnsweredElsewhere);
    EXPECT_EQ(office.end_of(alice), Cause::Unknown);
    office.hang_up(alice);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
    EXPECT_THAT(office.why("SIP/alice-00000001"), HasSubstr("extension 50 of group 7"));
}

TEST_F(GroupCall, OneAfterTheOtherEachForTheMembersTime) {  // API-108
    group.user_timeout = 10;
    strategy("linear");
    office.call("alice", "1500");
    EXPECT_THAT(office.newly_rung(), ElementsAre("bob"));
    office.pass(10s);
    EXPECT_EQ(office.end_of(office.invited(0)), Cause::NoAnswer);
    EXPECT_THAT(office.newly_rung(), ElementsAre("carol"));
    office.refuse(office.invited(1), Cause::UserBusy);
    EXPECT_THAT(office.newly_rung(), ElementsAre("erin"));
    office.pass(10s);
    EXPECT_TRUE(office.newly_rung().empty()) << "everybody was asked: there is a pause";
    office.pass(5s);
    EXPECT_THAT(office.newly_rung(), ElementsAre("bob"));
}

TEST_F(GroupCall, TheCallGoesElsewhereAfterTheGroupsTime) {  // API-107
    group.timeout = 20;
    group.noanswer_destination = test::to_extension("2001", "annex");
    office.phones.contacts["dave"] = {"dave-desk"};
    save();
    const auto alice = office.call("alice", "1500");
    EXPECT_EQ(office.newly_rung().size(), 3U);
    office.pass(15s);  // The members' time is over, and they rest.
    EXPECT_TRUE(office.newly_rung().empty());
    office.pass(5s);
    EXPECT_THAT(office.newly_rung(), ElementsAre("dave"));
    EXPECT_EQ(office.end_of(alice), Cause::Unknown);
    office.answer(office.invited(3));
    office.hang_up(alice);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(GroupCall, WithoutADestinationNobodyAnswers) {
    group.timeout = 5;
    save();
    const auto alice = office.call("alice", "1500");
    office.pass(6s);
    EXPECT_EQ(office.end_of(alice), Cause::NoAnswer);
    EXPECT_TRUE(office.core->idle());
}

TEST_F(GroupCall, WhereNoMemberIsThereNobodyWaits) {
    office.phones.contacts = {{"alice", {"alice-desk"}}};
    const auto alice = office.call("alice", "1500");
    EXPECT_EQ(office.end_of(alice), Cause::NoAnswer);
}

TEST_F(GroupCall, WhoTalksIsLeftInPeaceWhereTheGroupSaysSo) {
    group.ring_in_use = false;
    save();
    office.call("alice", "1002");
    office.answer(office.invited(0));
    office.newly_rung();
    const auto carol = office.call("carol", "1500");
    EXPECT_THAT(office.newly_rung(), ElementsAre("erin")) << "Bob talks, and Carol is the caller";
    office.hang_up(carol);
    group.ring_in_use = true;
    save();
    office.call("carol", "1500");
    EXPECT_THAT(office.newly_rung(), ElementsAre("bob", "erin"));
}

TEST_F(GroupCall, OfAGroupThatIsAllOnThePhoneTheCallerWaitsForOne) {
    group.ring_in_use = false;
    group.users = {UserId{2}};
    save();
    const auto carol = office.call("carol", "1002");
    office.answer(office.invited(0));
    office.newly_rung();
    const auto alice = office.call("alice", "1500");
    EXPECT_TRUE(office.newly_rung().empty());
    EXPECT_EQ(office.phones.count("ring"), 1U) << "the caller hears that it rings";
    office.hang_up(carol);
    office.pass(5s);
    EXPECT_THAT(office.newly_rung(), ElementsAre("bob"));
    office.hang_up(alice);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(GroupCall, WhoDeclinesOrWantsPeaceIsOutAndTheOthersRingOn) {
    auto erin = office.user(5);
    erin.do_not_disturb = true;
    office.configure([&](model::SnapshotBuilder& builder) { builder.put(erin); });
    const auto alice = office.call("alice", "1500");
    EXPECT_THAT(office.newly_rung(), ElementsAre("bob", "carol"));
    office.refuse(office.invited(0), Cause::CallRejected, Refusal::OfPerson);
    EXPECT_EQ(office.end_of(office.invited(1)), Cause::Unknown);
    office.answer(office.invited(1));
    EXPECT_EQ(office.end_of(alice), Cause::Unknown);
}

TEST_F(GroupCall, AMemberWhoCallsTheGroupIsNotRung) {
    office.call("bob", "1500");
    EXPECT_THAT(office.newly_rung(), ElementsAre("carol", "erin"));
}

TEST_F(GroupCall, TheNextAfterWhoAnsweredLast) {  // API-105
    strategy("memorized_round_robin");
    EXPECT_EQ(take_a_call(), "bob");
    EXPECT_EQ(take_a_call(), "carol");
    EXPECT_EQ(take_a_call(), "erin");
    EXPECT_EQ(take_a_call(), "bob");
}

TEST_F(GroupCall, WhoHungUpLongestAgo) {  // API-105
    strategy("least_recent");
    EXPECT_EQ(take_a_call(), "bob");
    EXPECT_EQ(take_a_call(), "carol");
    EXPECT_EQ(take_a_call(), "erin");
    EXPECT_EQ(take_a_call(), "bob");
}

TEST_F(GroupCall, WhoHasTakenTheFewestCalls) {  // API-105
    strategy("linear");
    EXPECT_EQ(take_a_call(), "bob");
    EXPECT_EQ(take_a_call(), "bob");
    strategy("fewest_calls");
    EXPECT_EQ(take_a_call(), "carol");
    EXPECT_EQ(take_a_call(), "erin");
    EXPECT_EQ(take_a_call(), "carol") << "of those with as few, in the group's order";
}

TEST_F(GroupCall, AnybodyByChance) {  // API-105
    for (const auto* by_chance : {"random", "weight_random"}) {
        strategy(by_chance);
        std::map<std::string, int> taken;
        for (int i = 0; i < 60; ++i)
            ++taken[take_a_call()];
        EXPECT_EQ(taken.size(), 3U);
        for (const auto& [who, count] : taken)
            EXPECT_GT(count, 5) << who;
    }
}

TEST_F(GroupCall, TheCallersNameSaysForWhichGroupItIs) {  // API-105
    group.caller_id_mode = "prepend";
    group.caller_id_name = "Sales";
    save();
    office.call("alice", "1500");
    EXPECT_EQ(office.phones.invited.at(0).second.caller.name, "Sales - Alice Martin");
    EXPECT_EQ(office.phones.invited.at(0).second.caller.number, "1001");
}

TEST_F(GroupCall, AnotherMayPickUpWhatRingsForIt) {
    const auto alice = office.call("alice", "1500");
    office.ringing(office.invited(0));
    const auto taker = office.take("bob", office.invited(0));
    EXPECT_EQ(office.end_of(taker), Cause::Unknown);
    EXPECT_EQ(office.end_of(office.invited(1)), Cause::AnsweredElsewhere);
    office.hang_up(alice);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(GroupCall, ACallCanBeTransferredToIt) {
    const auto alice = office.call("alice", "1002");
    office.answer(office.invited(0));
    office.newly_rung();
    office.transfer(office.invited(0), "1500");
    EXPECT_THAT(office.newly_rung(), ElementsAre("bob", "carol", "erin"))
        << "Bob's phone is free for two calls";
    office.ringing(office.invited(2));
    office.answer(office.invited(2));
    EXPECT_EQ(office.end_of(alice), Cause::Unknown);
    EXPECT_EQ(office.end_of(office.invited(0)), Cause::NormalClearing);
}

TEST_F(GroupCall, AGroupThatIsSwitchedOffOrErasedTakesNoCalls) {
    const auto waiting = office.call("alice", "1500");
    office.refuse(office.invited(0), Cause::UserBusy);
    office.refuse(office.invited(1), Cause::UserBusy);
    office.refuse(office.invited(2), Cause::UserBusy);
    group.enabled = false;
    save();
    office.pass(5s);
    EXPECT_NE(office.end_of(waiting), Cause::Unknown);
    office.newly_rung();
    office.call("alice", "1500");
    EXPECT_TRUE(office.newly_rung().empty());
}

}  // namespace
}  // namespace almon::pbx
