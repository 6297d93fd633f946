// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/call_permission.hpp"
#include "pbx/conversation.hpp"
#include "support/call_office.hpp"

namespace almon::pbx {
namespace {

using namespace std::chrono_literals;
using test::CallOffice;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

/// A program calls for Alice.
class Originating : public testing::Test {
protected:
    Result<std::string> originate(CallOrder order) {
        return office.order([&](CallCore& core) { return core.originate(order); });
    }
    Result<std::string> originate(const std::string& exten) {
        return originate({model::UserId{1}, {}, exten});
    }
    [[nodiscard]] std::string refused_field(const CallOrder& order) {
        const auto made = originate(order);
        return made ? "made" : made.error().field;
    }
    /// The user hears that it came to nothing, and is let go.
    void expect_tone_and_end(Cause cause) {
        EXPECT_EQ(office.played(), "a tone");
        office.pass(kAnnouncementLimit);
        EXPECT_EQ(office.end_of(office.invited(0)), cause);
    }
    void expect_nothing_left() {
        office.settle_media();
        EXPECT_TRUE(office.core->idle());
    }

    CallOffice office;
};

TEST_F(Originating, ThePhoneOfTheUserRingsFirst_AndDialsWhenItIsAnswered) {  // API-135
    const auto id = originate("1002");
    ASSERT_TRUE(id) << id.error().reason;
    ASSERT_EQ(office.phones.invited.size(), 1u);
    const auto alice = office.invited(0);
    const auto& call = office.phones.invited[0].second;
    EXPECT_EQ(call.endpoint, "alice");
    EXPECT_EQ(call.caller.number, "1002") << "it shows whom it will call";
    EXPECT_EQ(call.caller.name, "Bob Durand");
    EXPECT_EQ(call.dialled, "1001");
    EXPECT_EQ(office.events.call_events().front().unique_id, *id);
    office.ringing(alice);
    office.answer(alice);

    ASSERT_EQ(office.phones.invited.size(), 2u) << office.why(*id);
    const auto bob = office.invited(1);
    EXPECT_EQ(office.phones.invited[1].second.endpoint, "bob");
    EXPECT_EQ(office.phones.invited[1].second.caller.number, "1001") << "Bob sees Alice";
    office.ringing(bob);
    EXPECT_FALSE(office.recorder.all<media::Play>().empty()) << "Alice hears ringing";
    office.answer(bob);
    EXPECT_TRUE(office.recorder.joined(office.port_of(alice), office.port_of(bob)));
    EXPECT_THAT(
        office.events.chain(),
        ElementsAre("CHAN_START SIP/alice-00000001", "ANSWER SIP/alice-00000001",
                    "APP_START SIP/alice-00000001", "CHAN_START SIP/bob-00000002", "ANSWER SIP/bob-00000002",
                    "BRIDGE_ENTER SIP/alice-00000001", "BRIDGE_ENTER SIP/bob-00000002"));
    office.hang_up(alice);
    EXPECT_EQ(office.end_of(bob), Cause::NormalClearing);
    expect_nothing_left();
}

TEST_F(Originating, EachPhoneOfTheLineRings_AndOneOfThemDials) {
    office.phones.contacts["alice"] = {"alice-desk", "alice-soft"};
    ASSERT_TRUE(originate("1002"));
    ASSERT_EQ(office.phones.invited.size(), 2u);
    office.answer(office.invited(1));
    EXPECT_EQ(office.end_of(office.invited(0)), Cause::AnsweredElsewhere);
    ASSERT_EQ(office.phones.invited.size(), 3u);
    office.answer(office.invited(2));
    office.hang_up(office.invited(2));
    EXPECT_EQ(office.end_of(office.invited(1)), Cause::NormalClearing);
    expect_nothing_left();
}

TEST_F(Originating, ALineIsChosen) {
    office.configure([](model::SnapshotBuilder& builder) {
        model::EndpointSip endpoint;
        endpoint.id = model::EndpointSipId{9};
        endpoint.username = "alice-home";
        builder.put(endpoint);
        model::Line line;
        line.id = model::LineId{9};
        line.context = "annex";
        line.endpoint_sip = endpoint.id;
        builder.put(line);
        model::UserLine of_alice{model::UserId{1}, line.id};
        of_alice.main_line = false;
        builder.put(of_alice);
    });
    office.phones.contacts["alice-home"] = {"home"};
    EXPECT_EQ(refused_field({model::UserId{1}, model::LineId{9}, "1002"}), "extension")
        << "not in its context";
    office.phones.contacts["dave"] = {"dave-desk"};
    ASSERT_TRUE(originate({model::UserId{1}, model::LineId{9}, "2001"}));
    EXPECT_EQ(office.phones.invited[0].second.endpoint, "alice-home");
    office.answer(office.invited(0));
    EXPECT_EQ(office.phones.invited[1].second.endpoint, "dave");
}

TEST_F(Originating, WhatCannotBeIsRefusedBeforeAnythingRings) {
    const model::UserId alice{1};
    EXPECT_EQ(refused_field({model::UserId{99}, {}, "1002"}), "user");
    EXPECT_EQ(refused_field({alice, model::LineId{2}, "1002"}), "line_id");
    EXPECT_EQ(refused_field({alice, {}, "1999"}), "extension");
    EXPECT_EQ(refused_field({alice, {}, "1002", "nowhere"}), "context");
    EXPECT_EQ(refused_field({alice, {}, "2001"}), "extension");
    EXPECT_EQ(refused_field({alice, {}, "2001", "annex"}), "made");
    office.phones.contacts.erase("bob");
    EXPECT_EQ(refused_field({model::UserId{2}, {}, "1001"}), "line_id") << "nobody could answer";
    office.configure([&](model::SnapshotBuilder& builder) {
        auto user = office.user(3);
        user.enabled = false;
        builder.put(user);
    });
    EXPECT_EQ(refused_field({model::UserId{3}, {}, "1001"}), "user");
    EXPECT_EQ(office.phones.invited.size(), 1u);
}

TEST_F(Originating, WhoDoesNotAnswerIsLeftAlone) {
    ASSERT_TRUE(originate("1002"));
    office.ringing(office.invited(0));
    office.pass(31s);
    EXPECT_EQ(office.end_of(office.invited(0)), Cause::NoAnswer);
    expect_nothing_left();
    ASSERT_TRUE(originate("1002"));
    office.refuse(office.invited(1), Cause::UserBusy);
    expect_nothing_left();
    ASSERT_TRUE(originate("1002"));
    office.redirect(office.invited(2), "1003");
    expect_nothing_left();
    EXPECT_EQ(office.phones.invited.size(), 3u) << "nobody was called";
}

TEST_F(Originating, ItEndsWhereTheNumberIsNotReached) {
    ASSERT_TRUE(originate("1002"));
    office.answer(office.invited(0));
    office.refuse(office.invited(1), Cause::UserBusy);
    expect_tone_and_end(Cause::UserBusy);
    expect_nothing_left();
}

TEST_F(Originating, TheRightsOfTheUserHold) {
    office.configure([&](model::SnapshotBuilder& builder) {
        model::CallPermission permission;
        permission.id = model::CallPermissionId{1};
        permission.name = "inside";
        permission.extensions = {"1002"};
        builder.put(permission);
        auto user = office.user(1);
        user.call_permissions = {permission.id};
        builder.put(user);
    });
    ASSERT_TRUE(originate("1002"));
    office.answer(office.invited(0));
    expect_tone_and_end(Cause::CallRejected);
    EXPECT_EQ(office.phones.invited.size(), 1u);
    expect_nothing_left();
}

TEST_F(Originating, VariablesStandInTheTraceAndInTheFirstEvent) {
    CallOrder order{model::UserId{1}, {}, "1002"};
    order.variables = {{"CUSTOMER", "4711 \"x\""}};
    const auto id = originate(order);
    ASSERT_TRUE(id);
    EXPECT_THAT(office.why(*id), HasSubstr("CUSTOMER = 4711"));
    EXPECT_EQ(office.events.call_events().front().extra, R"({"CUSTOMER":"4711 \"x\""})");
}

TEST_F(Originating, ARingingPhoneIsHungUpByItsCall) {
    const auto id = originate("1002");
    ASSERT_TRUE(office.order([&](CallCore& core) { return core.hang_up(*id); }));
    EXPECT_EQ(office.end_of(office.invited(0)), Cause::NormalClearing);
    expect_nothing_left();
    const auto again = office.order([&](CallCore& core) { return core.hang_up(*id); });
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, ErrorCode::NotFound);
}

/// Alice talks to Bob, whom she has called.
class Hanging : public Originating {
protected:
    Hanging() {
        alice = office.call("alice", "1002");
        bob = office.invited(0);
    }
    Result<void> hang_up(std::size_t started) {
        std::vector<std::string> ids;
        for (const auto& row : office.events.call_events()) {
            if (row.type == bus::CallEventType::ChannelStart) ids.push_back(row.unique_id);
        }
        return office.order([&](CallCore& core) { return core.hang_up(ids.at(started)); });
    }
    ChannelId alice;
    ChannelId bob;
};

TEST_F(Hanging, EitherSideOfACallEndsBoth) {
    office.answer(bob);
    ASSERT_TRUE(hang_up(1));
    EXPECT_EQ(office.end_of(alice), Cause::NormalClearing);
    EXPECT_EQ(office.end_of(bob), Cause::NormalClearing);
    expect_nothing_left();
}

TEST_F(Hanging, ACallerWhoStillDials) {
    ASSERT_TRUE(hang_up(0));
    EXPECT_EQ(office.end_of(alice), Cause::NormalClearing);
    EXPECT_EQ(office.end_of(bob), Cause::NormalClearing);
    expect_nothing_left();
}

TEST_F(Hanging, APhoneThatRingsLeavesTheOthersRinging) {
    office.hang_up(alice);
    office.settle_media();
    office.phones.contacts["bob"] = {"bob-desk", "bob-soft"};
    alice = office.call("alice", "1002");
    ASSERT_TRUE(hang_up(3));
    EXPECT_EQ(office.end_of(office.invited(1)), Cause::CallRejected);
    EXPECT_EQ(office.end_of(office.invited(2)), Cause::Unknown);
    office.answer(office.invited(2));
    office.hang_up(alice);
    expect_nothing_left();
}

TEST_F(Hanging, AnAnsweredPartyIsConnectedToAnother_AndComesBackWhereThatFails) {
    office.answer(bob);
    const auto id = office.events.call_events()[0].unique_id;
    const auto connect = [&](std::uint64_t user) {
        return office.order([&](CallCore& core) { return core.connect(id, model::UserId{user}); });
    };
    const auto rings = connect(3);
    ASSERT_TRUE(rings) << rings.error().reason;
    const auto carol = office.invited(1);
    EXPECT_EQ(office.phones.invited[1].second.endpoint, "carol");
    EXPECT_EQ(office.phones.invited[1].second.caller.number, "1001");
    office.refuse(carol, Cause::UserBusy);
    EXPECT_EQ(office.core->bridge_count(), 1u);
    ASSERT_TRUE(connect(3));
    office.answer(office.invited(2));
    EXPECT_EQ(office.end_of(bob), Cause::NormalClearing);
    EXPECT_TRUE(office.recorder.joined(office.port_of(alice), office.port_of(office.invited(2))));
    EXPECT_EQ(connect(4).error().field, "user_uuid") << "Dave has no phone";
    EXPECT_EQ(connect(9).error().code, ErrorCode::NotFound);
    office.hang_up(alice);
    EXPECT_EQ(connect(3).error().code, ErrorCode::NotFound);
    expect_nothing_left();
}

}  // namespace
}  // namespace almon::pbx
