// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/call_permission.hpp"
#include "model/group.hpp"
#include "model/outcall.hpp"
#include "model/trunk.hpp"
#include "support/call_office.hpp"

namespace almon::pbx {
namespace {

using test::CallOffice;
using testing::HasSubstr;

/// `X.` leads out by trunk 1.
class CallRights : public testing::Test {
protected:
    CallRights() {
        outcall.id = model::OutcallId{1};
        outcall.name = "world";
        outcall.trunks = {model::TrunkId{1}};
        office.configure([&](model::SnapshotBuilder& builder) {
            model::EndpointSip endpoint;
            endpoint.id = model::EndpointSipId{101};
            endpoint.username = "provider";
            builder.put(endpoint);
            model::Trunk trunk;
            trunk.id = model::TrunkId{1};
            trunk.endpoint_sip = endpoint.id;
            builder.put(trunk);
            builder.put(outcall);
            builder.put(model::Extension{model::ExtensionId{90}, "X.", "default"});
            model::OutcallExtension rule;
            rule.outcall = outcall.id;
            rule.extension = model::ExtensionId{90};
            builder.put(rule);
        });
        office.phones.contacts["provider"] = {"switch"};
    }
    model::CallPermissionId permission(std::uint64_t id, std::string mode,
                                       std::vector<std::string> extensions, std::string password = {}) {
        model::CallPermission made;
        made.id = model::CallPermissionId{id};
        made.name = "permission" + std::to_string(id);
        made.mode = std::move(mode);
        made.extensions = std::move(extensions);
        made.password = std::move(password);
        office.configure([&](model::SnapshotBuilder& builder) { builder.put(made); });
        return made.id;
    }
    void give_alice(std::vector<model::CallPermissionId> permissions) {
        auto alice = office.user(1);
        alice.call_permissions = std::move(permissions);
        office.configure([&](model::SnapshotBuilder& builder) { builder.put(alice); });
    }
    void type(ChannelId channel, std::string_view keys) {
        for (const char key : keys)
            office.press(channel, key);
    }
    bool may(std::string_view who, std::string number) {
        const auto before = office.phones.invited.size();
        last = office.call(who, std::move(number));
        const bool rings = office.phones.invited.size() > before;
        if (rings)
            office.hang_up(last);
        else
            EXPECT_EQ(office.phones.ended.at(last), Cause::CallRejected);
        return rings;
    }

    CallOffice office;
    model::Outcall outcall;
    ChannelId last;
};

TEST_F(CallRights, AUserMayNotDialWhatIsForbidden) {  // ADA-074, ADA-075
    give_alice({permission(1, "deny", {"00.", "1002"})});
    EXPECT_FALSE(may("alice", "0044123"));
    EXPECT_FALSE(may("alice", "1002"));
    EXPECT_TRUE(may("alice", "0140506070"));
    EXPECT_TRUE(may("alice", "1003"));
    EXPECT_TRUE(may("bob", "0044123"));
    EXPECT_THAT(office.why("SIP/alice-00000001"), HasSubstr("permission1 forbids 0044123"));
}

TEST_F(CallRights, WhatIsAllowedIsStrongerThanWhatIsForbidden) {  // ADA-079
    give_alice({permission(1, "deny", {"X."}), permission(2, "allow", {"0140X."})});
    EXPECT_FALSE(may("alice", "0240506070"));
    EXPECT_TRUE(may("alice", "0140506070"));
}

TEST_F(CallRights, WhatIsForbiddenForAGroupIsForItsMembers) {  // ADA-075
    model::Group group;
    group.id = model::GroupId{1};
    group.name = "interns";
    group.users = {model::UserId{2}};
    group.call_permissions = {permission(1, "deny", {"00."})};
    office.configure([&](model::SnapshotBuilder& builder) { builder.put(group); });
    EXPECT_FALSE(may("bob", "0044123"));
    EXPECT_TRUE(may("alice", "0044123"));
}

TEST_F(CallRights, AWayOutForbidsForEverybody) {  // ADA-077
    outcall.call_permissions = {permission(1, "deny", {"00."})};
    office.configure([&](model::SnapshotBuilder& builder) { builder.put(outcall); });
    EXPECT_FALSE(may("alice", "0044123"));
    EXPECT_FALSE(may("bob", "0044123"));
    EXPECT_TRUE(may("bob", "0140506070"));
}

TEST_F(CallRights, GroupsAreNoUsersAndNoWaysOut) {  // ADA-076
    model::Group group;
    group.id = model::GroupId{1};
    group.name = "sales";
    group.users = {model::UserId{2}};
    office.configure([&](model::SnapshotBuilder& builder) {
        builder.put(group);
        model::Extension number{model::ExtensionId{50}, "1500", "default"};
        number.leads_to = {&model::declaration_of<model::Group>(), 1};
        builder.put(number);
    });
    give_alice({permission(1, "deny", {"1500"})});
    EXPECT_TRUE(may("alice", "1500"));
}

TEST_F(CallRights, WhoKnowsThePasswordMayCall) {  // ADA-080
    give_alice({permission(1, "deny", {"00."}, "4321")});
    const auto alice = office.call("alice", "0044123");
    EXPECT_EQ(office.phones.verbs, (std::vector<std::string>{"answer 1"}));
    EXPECT_THAT(office.hear_all(), testing::ElementsAre("password"));
    type(alice, "4321#");
    ASSERT_EQ(office.phones.invited.size(), 1U);
    EXPECT_EQ(office.phones.invited[0].second.number, "0044123");
    office.answer(office.invited(0));
    EXPECT_EQ(office.core->bridge_count(), 1U);
    EXPECT_THAT(office.why("SIP/alice-00000001"), HasSubstr("knows the password"));
    EXPECT_THAT(office.why("SIP/alice-00000001"), testing::Not(HasSubstr("4321")));
}

TEST_F(CallRights, WhoDoesNotKnowItHasThreeTries) {  // ADA-080
    give_alice({permission(1, "deny", {"1002"}, "4321")});
    const auto alice = office.call("alice", "1002");
    type(alice, "432#");
    EXPECT_THAT(office.hear_all(), testing::ElementsAre("password-wrong", "password"));
    office.pass(std::chrono::seconds(5));
    EXPECT_THAT(office.hear_all(), testing::ElementsAre("password-wrong", "password")) << "silence is a try";
    type(alice, "43211#");
    EXPECT_THAT(office.hear_all(), testing::ElementsAre("password-wrong"));
    EXPECT_EQ(office.phones.ended.at(alice), Cause::CallRejected);
    EXPECT_TRUE(office.phones.invited.empty());
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(CallRights, TheUsersOwnCodeTakesThePlaceOfAllPasswords) {  // ADA-080
    give_alice({permission(1, "deny", {"X."}, "4321"), permission(2, "deny", {"00."}, "9")});
    auto user = office.user(1);
    user.call_permission_password = "77";
    office.configure([&](model::SnapshotBuilder& builder) { builder.put(user); });
    const auto alice = office.call("alice", "0044123");
    type(alice, "4321#");
    EXPECT_THAT(office.hear_all(), testing::ElementsAre("password-wrong", "password"));
    type(alice, "77#");
    EXPECT_THAT(office.hear_all(), testing::ElementsAre("password")) << "of the other permission";
    type(alice, "77#");
    EXPECT_EQ(office.phones.invited.size(), 1U);
}

TEST_F(CallRights, APasswordOpensOnlyWhatHasOne) {
    give_alice({permission(1, "deny", {"1002"}, "4321"), permission(2, "deny", {"1002"})});
    EXPECT_FALSE(may("alice", "1002"));
}

TEST_F(CallRights, WhoWasTransferredIsNotAsked) {
    give_alice({permission(1, "deny", {"00."}, "4321")});
    const auto alice = office.call("alice", "1002");
    office.answer(office.invited(0));
    office.transfer(alice, "0044123");
    EXPECT_EQ(office.phones.invited.size(), 1U);
    EXPECT_EQ(office.core->bridge_count(), 1U) << "they talk on";
}

TEST_F(CallRights, WhoTransfersAnswersForIt) {
    give_alice({permission(1, "deny", {"00."})});
    const auto alice = office.call("alice", "1002");
    office.answer(office.invited(0));
    office.transfer(alice, "0044123");
    EXPECT_EQ(office.phones.invited.size(), 1U);
    EXPECT_FALSE(office.phones.ended.contains(alice)) << "they talk on";
    office.transfer(office.invited(0), "0044123");
    EXPECT_EQ(office.phones.invited.size(), 2U) << "Bob may";
}

}  // namespace
}  // namespace almon::pbx
