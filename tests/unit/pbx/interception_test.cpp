// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/call_pickup.hpp"
#include "model/group.hpp"
#include "support/call_office.hpp"

namespace almon::pbx {
namespace {

using namespace std::chrono_literals;
using test::CallOffice;
using testing::ElementsAre;
using testing::HasSubstr;

class Interception : public testing::Test {
protected:
    void let_carol_take_calls_of_bob() {
        office.configure([](model::SnapshotBuilder& builder) {
            model::CallPickup pickup;
            pickup.id = model::CallPickupId{1};
            pickup.interceptor_users = {model::UserId{3}};
            pickup.target_users = {model::UserId{2}};
            builder.put(pickup);
        });
    }
    /// Nothing is taken: the caller hears so, unanswered, and is refused.
    void expect_nothing(ChannelId taker) {
        EXPECT_THAT(office.hear_all(), ElementsAre("pickup-none"));
        EXPECT_TRUE(office.phones.ended.contains(taker));
        EXPECT_EQ(office.core->bridge_count(), 0U);
    }

    CallOffice office;
};

TEST_F(Interception, TakesTheCallThatRingsForANumber) {  // ADA-144
    const auto alice = office.call("alice", "1002");
    const auto bob = office.invited(0);
    office.ringing(bob);
    const auto carol = office.call("carol", "*81002");
    EXPECT_EQ(office.phones.ended.at(bob), Cause::AnsweredElsewhere);
    EXPECT_EQ(office.core->bridge_count(), 1U);
    EXPECT_TRUE(office.recorder.joined(office.port_of(alice), office.port_of(carol)));
    EXPECT_EQ(office.phones.connected.at(alice).number, "1003");
    EXPECT_THAT(office.events.chain(), testing::Contains(HasSubstr("PICKUP")));
}

TEST_F(Interception, TakesTheCallOfAGroupByItsNumber) {  // ADA-144
    office.configure([](model::SnapshotBuilder& builder) {
        model::Group group;
        group.id = model::GroupId{1};
        group.name = "sales";
        group.users = {model::UserId{2}};
        builder.put(group);
        model::Extension extension{model::ExtensionId{80}, "2500", "default"};
        extension.leads_to = {&model::declaration_of<model::Group>(), 1};
        builder.put(extension);
    });
    office.call("alice", "2500");
    const auto carol = office.call("carol", "*82500");
    EXPECT_EQ(office.core->bridge_count(), 1U);
    office.hang_up(carol);
    // A call for the member himself is none of the group.
    office.call("alice", "1002");
    expect_nothing(office.call("carol", "*82500"));
}

TEST_F(Interception, WhereNothingRingsThatIsSaid) {
    expect_nothing(office.call("carol", "*81002"));
    expect_nothing(office.call("carol", "*87777"));
    expect_nothing(office.call("carol", "*8"));
    const auto alice = office.call("alice", "1002");
    office.answer(office.invited(0));
    const auto carol = office.call("carol", "*81002");
    EXPECT_EQ(office.played(), "/sounds/en_US/pickup-none.wav") << "whoever talks is not interrupted";
    office.finish_sound();
    EXPECT_TRUE(office.phones.ended.contains(carol));
    EXPECT_FALSE(office.phones.ended.contains(alice));
}

TEST_F(Interception, InterceptorsTakeTheCallsOfTheirTargets) {  // ADA-166, ADA-167
    let_carol_take_calls_of_bob();
    const auto alice = office.call("alice", "1002");
    office.ringing(office.invited(0));
    const auto carol = office.call("carol", "*8");
    EXPECT_TRUE(office.recorder.joined(office.port_of(alice), office.port_of(carol)));
}

TEST_F(Interception, NobodyElseDoes) {  // ADA-167
    let_carol_take_calls_of_bob();
    office.call("carol", "1001");
    expect_nothing(office.call("bob", "*8"));
}

TEST_F(Interception, MembersOfGroupsAsBothSides) {  // ADA-166
    office.configure([](model::SnapshotBuilder& builder) {
        model::Group takers;
        takers.id = model::GroupId{1};
        takers.users = {model::UserId{3}};
        builder.put(takers);
        model::Group targets;
        targets.id = model::GroupId{2};
        targets.users = {model::UserId{2}};
        builder.put(targets);
        model::CallPickup pickup;
        pickup.id = model::CallPickupId{1};
        pickup.interceptor_groups = {takers.id};
        pickup.target_groups = {targets.id};
        builder.put(pickup);
    });
    office.call("alice", "1002");
    office.call("carol", "*8");
    EXPECT_EQ(office.core->bridge_count(), 1U);
}

}  // namespace
}  // namespace almon::pbx
