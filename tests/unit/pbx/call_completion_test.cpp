// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/call_completion.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/call_filter.hpp"
#include "model/feature_code.hpp"
#include "model/group.hpp"
#include "support/call_office.hpp"
#include "support/destinations.hpp"

namespace almon::pbx {
namespace {

using namespace std::chrono_literals;
using model::UserId;
using test::CallOffice;
using testing::ElementsAre;

/// Alice wants to reach Bob, who may be on the phone with Carol.
class Completion : public testing::Test {
protected:
    /// Carol is his secretary, and has switched the filter on.
    void filter_calls_for_bob(std::string strategy) {
        office.configure([&](model::SnapshotBuilder& builder) {
            model::CallFilter filter;
            filter.id = model::CallFilterId{1};
            filter.source = "all";
            filter.strategy = std::move(strategy);
            builder.put(filter);
            for (const bool is_boss : {true, false}) {
                model::CallFilterMember member;
                member.id = model::CallFilterMemberId(is_boss ? 1 : 2);
                member.filter = filter.id;
                member.user = UserId(is_boss ? 2 : 3);
                member.is_recipient = is_boss;
                member.is_active = !is_boss;
                builder.put(member);
            }
        });
    }
    /// What is said to who dials *40.
    std::vector<std::string> ask(std::string_view who = "alice") {
        office.call(who, "*40");
        return office.hear_all();
    }
    ChannelId last_invited() { return office.invited(office.phones.invited.size() - 1); }
    /// A call from Alice that Bob's phone says to be busy for.
    void fail_at_bob() {
        office.call("alice", "1002");
        office.refuse(last_invited(), Cause::UserBusy);
        office.newly_rung();
    }
    /// Bob calls Carol, they talk and hang up.
    void talk_with_carol() {
        const auto bob = office.call("bob", "1003");
        office.answer(last_invited());
        office.hang_up(bob);
        office.newly_rung();
    }

    CallOffice office;
};

TEST_F(Completion, WhoFindsSomebodyBusyIsCalledBackWhenHeHasHungUp) {  // ADA-062, ADA-063
    const auto bob = office.call("bob", "1003");
    office.answer(last_invited());
    fail_at_bob();
    EXPECT_THAT(ask(), ElementsAre("completion-on"));
    office.hang_up(bob);
    EXPECT_TRUE(office.newly_rung().empty());
    office.pass(kCompletionPause);
    EXPECT_THAT(office.newly_rung(), ElementsAre("alice"));
    EXPECT_EQ(office.phones.invited.back().second.caller.number, "1002");
    office.answer(last_invited());
    EXPECT_THAT(office.newly_rung(), ElementsAre("bob"));
    const auto alice = office.invited(office.seen - 2);
    EXPECT_EQ(office.phones.invited.back().second.caller.number, "1001");
    office.answer(last_invited());
    office.hang_up(alice);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(Completion, WhoIsNotAnsweredIsCalledBackAfterTheOthersNextCall) {  // ADA-063, ADA-064
    for (const bool alice_hangs_up : {true, false}) {
        const auto alice = office.call("alice", "1002");
        office.ringing(last_invited());
        if (alice_hangs_up)
            office.hang_up(alice);
        else
            office.pass(30s);
        office.newly_rung();
        EXPECT_THAT(ask(), ElementsAre("completion-on"));
        office.pass(60s);
        EXPECT_TRUE(office.newly_rung().empty()) << "nobody knows whether Bob is back";
        talk_with_carol();
        office.pass(kCompletionPause);
        EXPECT_THAT(office.newly_rung(), ElementsAre("alice"));
        office.answer(last_invited());
        EXPECT_THAT(office.newly_rung(), ElementsAre("bob"));
        office.hang_up(office.invited(office.seen - 2));
        office.settle_media();
        EXPECT_TRUE(office.core->idle());
    }
}

TEST_F(Completion, WhoIsFreeAlreadyMustHaveOneMoreCall) {  // ADA-064
    const auto bob = office.call("bob", "1003");
    office.answer(last_invited());
    fail_at_bob();
    office.hang_up(bob);
    EXPECT_THAT(ask(), ElementsAre("completion-on"));
    office.pass(60s);
    EXPECT_TRUE(office.newly_rung().empty());
    talk_with_carol();
    office.pass(kCompletionPause);
    EXPECT_THAT(office.newly_rung(), ElementsAre("alice"));
}

TEST_F(Completion, RingingAloneIsNoCall) {  // ADA-064
    fail_at_bob();
    ask();
    const auto carol = office.call("carol", "1002");
    office.ringing(last_invited());
    office.hang_up(carol);
    office.newly_rung();
    office.pass(60s);
    EXPECT_TRUE(office.newly_rung().empty());
}

TEST_F(Completion, TheCallerMustBeFreeToo) {  // ADA-065
    const auto bob = office.call("bob", "1003");
    office.answer(last_invited());
    fail_at_bob();
    ask();
    office.hang_up(bob);
    const auto alice = office.call("alice", "1003");
    office.answer(last_invited());
    office.newly_rung();
    office.pass(60s);
    EXPECT_TRUE(office.newly_rung().empty()) << "Alice talks";
    const auto second = office.call("bob", "2001");
    office.hang_up(alice);
    office.pass(60s);
    office.newly_rung();
    const bool bob_talks = office.phones.ended.count(second) == 0;
    if (bob_talks) office.hang_up(second);
    office.pass(kCompletionPause);
    office.settle_media();
    EXPECT_EQ(office.phones.invited.back().second.endpoint, "alice");
}

TEST_F(Completion, TheSameCodeOnceMoreCancels) {  // ADA-066
    fail_at_bob();
    EXPECT_THAT(ask(), ElementsAre("completion-on"));
    EXPECT_THAT(ask(), ElementsAre("completion-off"));
    talk_with_carol();
    office.pass(60s);
    EXPECT_TRUE(office.newly_rung().empty());
    EXPECT_THAT(ask(), ElementsAre("completion-refused")) << "the offer was used";
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(Completion, ItCanBeAskedForHalfAMinute) {  // ADA-067
    fail_at_bob();
    office.pass(kCompletionOffer + 1s);
    EXPECT_THAT(ask(), ElementsAre("completion-refused"));
    fail_at_bob();
    office.pass(kCompletionOffer - 1s);
    EXPECT_THAT(ask(), ElementsAre("completion-on"));
}

TEST_F(Completion, AfterAQuarterOfAnHourItIsGivenUp) {  // ADA-067
    fail_at_bob();
    ask();
    office.pass(kCompletionWait);
    talk_with_carol();
    office.pass(60s);
    EXPECT_TRUE(office.newly_rung().empty());
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(Completion, TheCallersPhoneRingsForHalfAMinute) {  // ADA-067
    fail_at_bob();
    ask();
    talk_with_carol();
    office.pass(kCompletionPause);
    EXPECT_THAT(office.newly_rung(), ElementsAre("alice"));
    const auto recalled = last_invited();
    office.pass(kCompletionRecall - 1s);
    EXPECT_FALSE(office.phones.ended.contains(recalled));
    office.pass(1s);
    EXPECT_TRUE(office.phones.ended.contains(recalled));
    talk_with_carol();
    office.pass(60s);
    EXPECT_TRUE(office.newly_rung().empty()) << "given up";
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(Completion, CancelledWhileThePhoneRings) {  // ADA-066
    fail_at_bob();
    ask();
    talk_with_carol();
    office.pass(kCompletionPause);
    const auto recalled = last_invited();
    EXPECT_THAT(ask(), ElementsAre("completion-off"));
    EXPECT_TRUE(office.phones.ended.contains(recalled));
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(Completion, NotForWhoHasAsManyCallsAsHeMay) {  // ADA-068
    office.change_user(2, [](model::User& bob) { bob.simultaneous_calls = 1; });
    office.call("bob", "1003");
    office.answer(last_invited());
    office.call("alice", "1002");
    EXPECT_THAT(ask(), ElementsAre("completion-refused"));
}

TEST_F(Completion, NotForWhoForwardsAllCalls) {  // ADA-068
    office.change_user(2, [](model::User& bob) { bob.forward_unconditional = {true, "1003"}; });
    office.call("alice", "1002");
    office.refuse(last_invited(), Cause::UserBusy);
    EXPECT_THAT(ask(), ElementsAre("completion-refused"));
}

TEST_F(Completion, BusyAndNoAnswerForwardsLeaveWhoWasDialled) {  // ADA-069
    for (const auto cause : {Cause::UserBusy, Cause::NoAnswer}) {
        office.change_user(2, [&](model::User& bob) {
            bob.forward_busy = {cause == Cause::UserBusy, "1003"};
            bob.forward_noanswer = {cause == Cause::NoAnswer, "1003"};
        });
        const auto alice = office.call("alice", "1002");
        office.newly_rung();
        office.refuse(last_invited(), cause);
        EXPECT_THAT(office.newly_rung(), ElementsAre("carol"));
        office.answer(last_invited());
        office.hang_up(alice);
        EXPECT_THAT(ask(), ElementsAre("completion-on"));
        talk_with_carol();
        office.pass(kCompletionPause);
        EXPECT_THAT(office.newly_rung(), ElementsAre("alice"));
        office.answer(last_invited());
        EXPECT_THAT(office.newly_rung(), ElementsAre("bob"));
        office.hang_up(office.invited(office.seen - 2));
        office.settle_media();
    }
}

TEST_F(Completion, AFiltersSecretaryIsWhoIsWaitedFor) {  // ADA-070
    filter_calls_for_bob("all-recipients-then-linear-surrogates");
    office.call("alice", "1002");
    office.refuse(last_invited(), Cause::UserBusy);
    office.refuse(last_invited(), Cause::UserBusy);
    EXPECT_THAT(office.newly_rung(), ElementsAre("bob", "carol"));
    EXPECT_THAT(ask(), ElementsAre("completion-on"));
    talk_with_carol();
    office.pass(kCompletionPause);
    EXPECT_THAT(office.newly_rung(), ElementsAre("alice"));
    office.answer(last_invited());
    EXPECT_THAT(office.newly_rung(), ElementsAre("carol"));
}

TEST_F(Completion, WhoIsNotReachedByTheRecallIsStillWaitedFor) {  // ADA-071
    fail_at_bob();
    ask();
    office.change_user(2, [](model::User& bob) { bob.forward_unconditional = {true, "1003"}; });
    talk_with_carol();
    office.pass(kCompletionPause);
    EXPECT_THAT(office.newly_rung(), ElementsAre("alice"));
    const auto alice = last_invited();
    office.answer(alice);
    EXPECT_THAT(office.newly_rung(), ElementsAre("carol")) << "not Bob";
    office.hang_up(alice);
    EXPECT_THAT(ask(), ElementsAre("completion-off"));
}

TEST_F(Completion, WhoDoesNotWantToBeDisturbedIsWaitedForButNotReached) {  // ADA-071
    office.change_user(2, [](model::User& bob) { bob.do_not_disturb = true; });
    office.call("alice", "1002");
    EXPECT_THAT(ask(), ElementsAre("completion-on"));
    talk_with_carol();
    office.pass(kCompletionPause);
    EXPECT_THAT(office.newly_rung(), ElementsAre("alice"));
    office.answer(last_invited());
    EXPECT_TRUE(office.newly_rung().empty());
    EXPECT_THAT(ask(), ElementsAre("completion-off"));
}

TEST_F(Completion, NotForGroupsNorForWhomSomebodyElseHasCalledSince) {  // ADA-072
    office.configure([](model::SnapshotBuilder& builder) {
        model::Group group;
        group.id = model::GroupId{7};
        group.name = "sales";
        group.users = {UserId{2}};
        builder.put(group);
        model::Extension number{model::ExtensionId{50}, "1500", "default"};
        number.leads_to = {&model::declaration_of<model::Group>(), group.id.value};
        builder.put(number);
    });
    fail_at_bob();
    const auto alice = office.call("alice", "1500");
    office.hang_up(alice);
    EXPECT_THAT(ask(), ElementsAre("completion-refused"));
    fail_at_bob();
    EXPECT_THAT(ask("carol"), ElementsAre("completion-refused"));
    EXPECT_THAT(ask(), ElementsAre("completion-on"));
}

TEST_F(Completion, NobodyIsCalledBackWhoseCodeIsSwitchedOff) {  // ADA-073
    office.configure([&](model::SnapshotBuilder& builder) {
        auto code = *office.snapshot->find(model::FeatureCodeId{7});
        code.enabled = false;
        builder.put(code);
    });
    fail_at_bob();
    EXPECT_THAT(ask(), testing::Not(ElementsAre("completion-on")));
}

TEST_F(Completion, WhoDeclinesAnotherCallLastIsFreeToo) {  // ADA-062
    const auto bob = office.call("bob", "1003");
    office.answer(last_invited());
    fail_at_bob();
    ask();
    const auto dave = office.call("carol", "1002");
    const auto second = last_invited();
    office.ringing(second);
    office.hang_up(bob);
    office.pass(60s);
    office.newly_rung();
    office.refuse(second, Cause::UserBusy);
    EXPECT_TRUE(office.phones.ended.contains(dave));
    office.pass(kCompletionPause);
    EXPECT_THAT(office.newly_rung(), ElementsAre("alice"));
}

TEST_F(Completion, WhoHasTheBosssSecretaryIsNotCalledBackOnceMore) {  // ADA-070
    fail_at_bob();
    ask();
    filter_calls_for_bob("all-surrogates-then-all-recipients");
    talk_with_carol();
    office.pass(kCompletionPause);
    EXPECT_THAT(office.newly_rung(), ElementsAre("alice"));
    const auto alice = last_invited();
    office.answer(alice);
    EXPECT_THAT(office.newly_rung(), ElementsAre("carol"));
    office.hang_up(alice);
    EXPECT_THAT(ask(), ElementsAre("completion-on")) << "nothing was left that could be cancelled";
}

}  // namespace
}  // namespace almon::pbx
