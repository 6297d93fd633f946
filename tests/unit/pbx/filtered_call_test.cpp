// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/call_filter.hpp"
#include "model/incall.hpp"
#include "model/trunk.hpp"
#include "support/call_office.hpp"
#include "support/destinations.hpp"

namespace almon::pbx {
namespace {

using namespace std::chrono_literals;
using model::UserId;
using test::CallOffice;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// Bob is the boss of Carol and Dave, who stand in this order and have both switched the filter on.
class FilteredCall : public testing::Test {
protected:
    FilteredCall() {
        filter.id = model::CallFilterId{1};
        filter.name = "direction";
        filter.source = "all";
        filter.strategy = "all-recipients-then-all-surrogates";
        filter.surrogates_timeout = 15;
        members = {member(1, 2, true, 0), member(2, 3, false, 0), member(3, 4, false, 1)};
        office.phones.contacts["dave"] = {"dave-desk"};
        save();
    }
    static model::CallFilterMember member(std::uint64_t id, std::uint64_t user, bool is_boss, int position) {
        model::CallFilterMember made;
        made.id = model::CallFilterMemberId{id};
        made.filter = model::CallFilterId{1};
        made.user = UserId{user};
        made.is_recipient = is_boss;
        made.position = position;
        made.is_active = !is_boss;
        if (is_boss) made.timeout = 10;
        return made;
    }
    void save() {
        office.configure([&](model::SnapshotBuilder& builder) {
            builder.put(filter);
            for (const auto& each : members)
                builder.put(each);
        });
    }
    std::string shown(std::size_t invitation) {
        return office.phones.invited.at(invitation).second.caller.name;
    }

    CallOffice office;
    model::CallFilter filter;
    std::vector<model::CallFilterMember> members;
};

TEST_F(FilteredCall, TheBossFirstAndThenAllSecretaries) {  // ADA-055, ADA-056
    const auto alice = office.call("alice", "1002");
    EXPECT_THAT(office.newly_rung(), ElementsAre("bob"));
    office.ringing(office.invited(0));
    office.pass(9s);
    EXPECT_THAT(office.newly_rung(), IsEmpty());
    office.pass(1s);
    EXPECT_EQ(office.end_of(office.invited(0)), Cause::NoAnswer);
    EXPECT_THAT(office.newly_rung(), UnorderedElementsAre("carol", "dave"));
    office.answer(office.invited(2));
    EXPECT_EQ(office.end_of(office.invited(1)), Cause::AnsweredElsewhere);
    EXPECT_EQ(office.end_of(alice), Cause::Unknown);
    office.hang_up(alice);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
    EXPECT_THAT(office.why("SIP/alice-00000001"), HasSubstr("filter 1 (direction) takes calls for user 2"));
}

TEST_F(FilteredCall, TheBossFirstAndThenSecretariesFromTheEndOfTheList) {  // ADA-056, ADA-057
    filter.strategy = "all-recipients-then-linear-surrogates";
    save();
    office.call("alice", "1002");
    EXPECT_THAT(office.newly_rung(), ElementsAre("bob"));
    office.refuse(office.invited(0), Cause::UserBusy);
    EXPECT_THAT(office.newly_rung(), ElementsAre("dave"));
    office.pass(15s);
    EXPECT_EQ(office.end_of(office.invited(1)), Cause::NoAnswer);
    EXPECT_THAT(office.newly_rung(), ElementsAre("carol"));
}

TEST_F(FilteredCall, SecretariesOneByOneAndThenTheBoss) {  // ADA-056, ADA-057
    filter.strategy = "linear-surrogates-then-all-recipients";
    save();
    const auto alice = office.call("alice", "1002");
    EXPECT_THAT(office.newly_rung(), ElementsAre("dave"));
    office.refuse(office.invited(0), Cause::CallRejected, Refusal::OfPerson);
    EXPECT_THAT(office.newly_rung(), ElementsAre("carol"))
        << "what one secretary decides holds for her alone";
    office.pass(15s);
    EXPECT_THAT(office.newly_rung(), ElementsAre("bob"));
    office.pass(10s);
    EXPECT_NE(office.end_of(alice), Cause::Unknown);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(FilteredCall, AllSecretariesAndThenTheBoss) {  // ADA-056
    filter.strategy = "all-surrogates-then-all-recipients";
    filter.surrogates_timeout.reset();
    save();
    office.change_user(3, [](model::User& carol) { carol.ring_time = 7s; });
    office.change_user(4, [](model::User& dave) { dave.ring_time = 12s; });
    office.call("alice", "1002");
    EXPECT_THAT(office.newly_rung(), UnorderedElementsAre("carol", "dave"));
    office.pass(11s);
    EXPECT_THAT(office.newly_rung(), IsEmpty()) << "as long as the longest of their own ring times";
    office.pass(1s);
    EXPECT_THAT(office.newly_rung(), ElementsAre("bob"));
    office.answer(office.invited(2));
    EXPECT_EQ(office.end_of(office.invited(2)), Cause::Unknown);
}

TEST_F(FilteredCall, BossAndSecretariesTogether) {  // ADA-056
    filter.strategy = "all";
    save();
    office.call("alice", "1002");
    EXPECT_THAT(office.newly_rung(), UnorderedElementsAre("bob", "carol", "dave"));
}

TEST_F(FilteredCall, SecretariesWhoHaveNotSwitchedItOnDoNotRing) {  // ADA-059
    members[1].is_active = false;
    filter.strategy = "all-surrogates-then-all-recipients";
    save();
    office.call("alice", "1002");
    EXPECT_THAT(office.newly_rung(), ElementsAre("dave"));
    members[2].is_active = false;
    save();
    office.call("alice", "1002");
    EXPECT_THAT(office.newly_rung(), ElementsAre("bob"))
        << "nobody filters: the boss's phone rings as always";
    office.pass(10s);
    EXPECT_EQ(office.end_of(office.invited(1)), Cause::Unknown) << "for the boss's own ring time";
}

TEST_F(FilteredCall, SecretariesGetThroughToTheBoss) {
    filter.strategy = "all-surrogates-then-all-recipients";
    members[1].is_active = false;
    save();
    office.call("carol", "1002");
    EXPECT_THAT(office.newly_rung(), ElementsAre("bob"));
}

TEST_F(FilteredCall, TheSecretarySeesForWhomTheCallIs) {  // ADA-058
    filter.strategy = "all";
    filter.caller_id_mode = "prepend";
    save();
    office.call("alice", "1002");
    for (const auto& [channel, call] : office.phones.invited)
        EXPECT_EQ(call.caller.name, call.endpoint == "bob" ? "Alice Martin" : "Bob Durand - Alice Martin");
    office.newly_rung();
    filter.caller_id_name = "Boss";
    filter.caller_id_mode = "overwrite";
    filter.strategy = "all-surrogates-then-all-recipients";
    save();
    office.call("alice", "1002");
    EXPECT_EQ(shown(office.seen), "Boss");
    EXPECT_EQ(office.phones.invited.at(office.seen).second.caller.number, "1001");
}

TEST_F(FilteredCall, OnlyCallsOfTheChosenSourceAreFiltered) {  // ADA-055
    filter.source = "external";
    filter.strategy = "all-surrogates-then-all-recipients";
    save();
    office.call("alice", "1002");
    EXPECT_THAT(office.newly_rung(), ElementsAre("bob"));
    filter.source = "internal";
    save();
    office.call("alice", "1002");
    EXPECT_THAT(office.newly_rung(), UnorderedElementsAre("carol", "dave"));
}

TEST_F(FilteredCall, WhatNobodyTakesGoesToTheFiltersDestinationElseTheBosss) {
    office.change_user(2, [](model::User& bob) {
        bob.do_not_disturb = true;
        bob.forward_busy = {true, "1001"};
        bob.forward_noanswer = {true, "2001"};
    });
    const auto caller = office.call("carol", "1001");
    office.newly_rung();
    office.hang_up(caller);
    office.call("alice", "1002");
    EXPECT_THAT(office.newly_rung(), UnorderedElementsAre("carol", "dave"))
        << "the boss does not want to be disturbed";
    office.refuse(office.invited(office.seen - 1), Cause::UserBusy);
    office.refuse(office.invited(office.seen - 2), Cause::UserBusy);
    EXPECT_EQ(office.end_of(office.invited(office.seen - 1)), Cause::Unknown);
    EXPECT_THAT(office.why("SIP/alice-00000003"), HasSubstr("user 2 forwards such calls to 1001"));
    filter.noanswer_destination = test::to("user", UserId{2}, 5.0);
    filter.strategy = "all-surrogates-then-all-recipients";
    save();
    office.change_user(2, [](model::User& bob) { bob.do_not_disturb = false; });
    const auto last = office.call("alice", "1002");
    EXPECT_THAT(office.newly_rung(), UnorderedElementsAre("carol", "dave"));
    office.pass(15s);
    EXPECT_THAT(office.newly_rung(), ElementsAre("bob")) << "the filter's last turn";
    office.pass(10s);
    EXPECT_THAT(office.newly_rung(), ElementsAre("bob")) << "its destination, which is not filtered again";
    office.hang_up(last);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(FilteredCall, AFilterThatIsErasedMeanwhileLetsTheCallGoOn) {
    filter.strategy = "linear-surrogates-then-all-recipients";
    filter.enabled = true;
    save();
    const auto alice = office.call("alice", "1002");
    EXPECT_THAT(office.newly_rung(), ElementsAre("dave"));
    office.configure([&](model::SnapshotBuilder& builder) {
        for (const auto& each : members)
            builder.erase(each.id);
        builder.erase(filter.id);
    });
    office.pass(15s);
    EXPECT_NE(office.end_of(alice), Cause::Unknown) << "there is nobody else to ring, and no forward";
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(FilteredCall, SoDoesWhoASecretarySendsThere) {
    filter.strategy = "all-surrogates-then-all-recipients";
    save();
    const auto alice = office.call("alice", "1003");
    office.answer(office.invited(0));
    office.newly_rung();
    office.transfer(office.invited(0), "1002");
    EXPECT_THAT(office.newly_rung(), ElementsAre("bob")) << "not Carol, who sends her, once more";
    office.hang_up(alice);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(FilteredCall, WhoConsultsHandsOnThatTheCallWasFiltered) {
    filter.strategy = "all-surrogates-then-all-recipients";
    filter.noanswer_destination = test::to("user", UserId{2}, 5.0);
    members = {member(1, 2, true, 0), member(2, 4, false, 0)};
    office.configure([&](model::SnapshotBuilder& builder) { builder.erase(model::CallFilterMemberId{3}); });
    save();
    const auto alice = office.call("alice", "1003");
    office.answer(office.invited(0));
    office.newly_rung();
    const auto consulting = office.call("carol", "1002");
    EXPECT_THAT(office.newly_rung(), ElementsAre("dave"));
    office.transfer(office.invited(0), consulting);
    office.pass(15s);
    EXPECT_THAT(office.newly_rung(), ElementsAre("bob")) << "the boss's turn";
    office.pass(10s);
    EXPECT_THAT(office.newly_rung(), ElementsAre("bob")) << "the destination, which is not filtered again";
    office.hang_up(alice);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

}  // namespace
}  // namespace almon::pbx
