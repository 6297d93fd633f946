// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/call_office.hpp"

namespace almon::pbx {
namespace {

using namespace std::chrono_literals;
using test::CallOffice;
using testing::ElementsAre;

/// Alice talks to Bob, whom she has called; a program transfers Bob from Alice to Carol.
class Steering : public testing::Test {
protected:
    Steering() {
        alice = office.call("alice", "1002");
        bob = office.invited(0);
        office.answer(bob);
        const auto rows = office.events.call_events();
        alices = rows[0].unique_id;
        bobs = rows[2].unique_id;
    }
    Result<SteeredTransfer> steer(TransferOrder order) {
        auto begun = office.order([&](CallCore& core) { return core.transfer(order); });
        if (begun) name = begun->name;
        return begun;
    }
    Result<SteeredTransfer> consult() { return steer({alices, bobs, "1003"}); }
    Result<SteeredTransfer> send_blindly() {
        TransferOrder order{alices, {}, "1003"};
        order.flow = SteeredTransfer::Flow::Blind;
        return steer(order);
    }
    Result<void> complete() {
        return office.order([&](CallCore& core) { return core.complete_transfer(name); });
    }
    Result<void> cancel() {
        return office.order([&](CallCore& core) { return core.cancel_transfer(name); });
    }
    [[nodiscard]] std::vector<std::string> told() const {
        static constexpr std::array<const char*, 7> kNames{"created",   "updated",   "answered", "cancelled",
                                                           "completed", "abandoned", "ended"};
        std::vector<std::string> names;
        for (const auto& event : office.events.events) {
            if (const auto* transfer = std::get_if<bus::TransferChanged>(&event))
                names.emplace_back(kNames.at(static_cast<std::size_t>(transfer->change)));
        }
        return names;
    }
    [[nodiscard]] bool joined(ChannelId one, ChannelId other) const {
        const auto first = office.recorder.leg_at(office.port_of(one));
        const auto second = office.recorder.leg_at(office.port_of(other));
        bool together = false;
        const auto both = [&](media::LegId a, media::LegId b) {
            return (a == first && b == second) || (a == second && b == first);
        };
        for (const auto& command : office.recorder.commands) {
            if (const auto* join = std::get_if<media::JoinLegs>(&command);
                join && both(join->first, join->second))
                together = true;
            const auto* part = std::get_if<media::SeparateLegs>(&command);
            if (part != nullptr && both(part->first, part->second)) together = false;
        }
        return together;
    }
    void expect_nothing_left() {
        office.settle_media();
        EXPECT_TRUE(office.core->idle());
    }
    [[nodiscard]] SteeredTransfer now() const { return office.core->find_transfer(name).value(); }

    CallOffice office;
    ChannelId alice;
    ChannelId bob;
    std::string alices;
    std::string bobs;
    std::string name;
};

TEST_F(Steering, AfterConsultationTheTransferredPartyTakesThePlaceOfTheInitiator) {  // API-137
    const auto begun = consult();
    ASSERT_TRUE(begun) << begun.error().reason;
    EXPECT_EQ(begun->stage, SteeredTransfer::Stage::Starting);
    EXPECT_EQ(begun->initiator_call, alices);
    EXPECT_EQ(begun->transferred_call, bobs);
    EXPECT_EQ(begun->user, model::UserId{1});
    EXPECT_FALSE(joined(alice, bob)) << "Bob waits";
    ASSERT_EQ(office.phones.invited.size(), 2u);
    const auto carol = office.invited(1);
    EXPECT_EQ(office.phones.invited[1].second.caller.number, "1001") << "Alice asks herself first";
    EXPECT_EQ(office.core->transfers_of(model::UserId{1}).size(), 1u);
    EXPECT_TRUE(office.core->transfers_of(model::UserId{2}).empty());
    office.ringing(carol);
    EXPECT_EQ(now().stage, SteeredTransfer::Stage::Ringback);
    EXPECT_FALSE(now().recipient_call.empty());
    office.answer(carol);
    EXPECT_EQ(now().stage, SteeredTransfer::Stage::Answered);
    EXPECT_TRUE(joined(alice, carol));
    ASSERT_TRUE(complete());
    EXPECT_EQ(office.end_of(alice), Cause::NormalClearing);
    EXPECT_TRUE(joined(bob, carol));
    EXPECT_EQ(office.phones.connected[bob].number, "1003");
    EXPECT_EQ(office.phones.connected[carol].number, "1002");
    EXPECT_THAT(told(), ElementsAre("created", "updated", "answered", "completed", "ended"));
    EXPECT_EQ(complete().error().code, ErrorCode::NotFound);
    office.hang_up(carol);
    EXPECT_EQ(office.end_of(bob), Cause::NormalClearing);
    expect_nothing_left();
}

TEST_F(Steering, TheCalledPartyTransfersTheCallerToo) {
    ASSERT_TRUE(steer({bobs, alices, "1003"}));
    office.answer(office.invited(1));
    ASSERT_TRUE(complete());
    EXPECT_EQ(office.end_of(bob), Cause::NormalClearing);
    EXPECT_TRUE(joined(alice, office.invited(1)));
    office.hang_up(alice);
    expect_nothing_left();
}

TEST_F(Steering, CompletedBeforeTheAnswerTheTransferredPartyWaitsForIt) {
    ASSERT_TRUE(consult());
    office.ringing(office.invited(1));
    ASSERT_TRUE(complete());
    EXPECT_EQ(office.end_of(alice), Cause::NormalClearing);
    EXPECT_THAT(told(), ElementsAre("created", "updated", "completed", "ended"));
    office.answer(office.invited(1));
    EXPECT_TRUE(joined(bob, office.invited(1)));
    office.hang_up(bob);
    expect_nothing_left();
}

TEST_F(Steering, CancelledTheTwoTalkAgain) {
    ASSERT_TRUE(consult());
    office.ringing(office.invited(1));
    ASSERT_TRUE(cancel());
    EXPECT_EQ(office.end_of(office.invited(1)), Cause::NormalClearing);
    EXPECT_TRUE(joined(alice, bob));
    ASSERT_TRUE(consult());
    office.answer(office.invited(2));
    ASSERT_TRUE(cancel());
    EXPECT_EQ(office.end_of(office.invited(2)), Cause::NormalClearing);
    EXPECT_TRUE(joined(alice, bob));
    EXPECT_EQ(office.phones.connected[alice].number, "1002");
    EXPECT_THAT(told(), ElementsAre("created", "updated", "cancelled", "ended", "created", "answered",
                                    "cancelled", "ended"));
    office.hang_up(alice);
    EXPECT_EQ(office.end_of(bob), Cause::NormalClearing);
    expect_nothing_left();
}

TEST_F(Steering, ARecipientWhoIsBusyDoesNotAnswerOrHangsUpGivesTheCallBack) {
    ASSERT_TRUE(consult());
    office.refuse(office.invited(1), Cause::UserBusy);
    EXPECT_TRUE(joined(alice, bob));
    ASSERT_TRUE(consult());
    office.pass(31s);
    EXPECT_EQ(office.end_of(office.invited(2)), Cause::NoAnswer);
    EXPECT_TRUE(joined(alice, bob));
    ASSERT_TRUE(consult());
    office.answer(office.invited(3));
    office.hang_up(office.invited(3));
    EXPECT_TRUE(joined(alice, bob));
    EXPECT_EQ(office.end_of(alice), Cause::Unknown);
    office.hang_up(bob);
    expect_nothing_left();
}

TEST_F(Steering, TheTimeOfRingingCanBeShorter) {
    TransferOrder order{alices, bobs, "1003"};
    order.timeout = 5s;
    ASSERT_TRUE(steer(order));
    office.ringing(office.invited(1));
    office.pass(6s);
    EXPECT_EQ(office.end_of(office.invited(1)), Cause::NormalClearing);
    EXPECT_TRUE(joined(alice, bob));
    ASSERT_TRUE(steer(order));
    office.answer(office.invited(2));
    office.pass(6s);
    EXPECT_TRUE(joined(alice, office.invited(2))) << "it counts until the answer";
    office.hang_up(bob);
    office.hang_up(alice);
    expect_nothing_left();
}

TEST_F(Steering, AnInitiatorWhoHangsUpHasCompletedIt) {
    ASSERT_TRUE(consult());
    office.answer(office.invited(1));
    office.hang_up(alice);
    EXPECT_TRUE(joined(bob, office.invited(1)));
    EXPECT_THAT(told(), ElementsAre("created", "answered", "completed", "ended"));
    office.hang_up(bob);
    expect_nothing_left();
}

TEST_F(Steering, AnInitiatorWhoHangsUpWhileItRingsLeavesTheOtherToWait) {
    ASSERT_TRUE(consult());
    office.ringing(office.invited(1));
    office.hang_up(alice);
    office.answer(office.invited(1));
    EXPECT_TRUE(joined(bob, office.invited(1)));
    office.hang_up(bob);
    expect_nothing_left();
}

TEST_F(Steering, HungUpByAProgramItIsCompletedAsWell) {
    ASSERT_TRUE(consult());
    office.answer(office.invited(1));
    ASSERT_TRUE(office.order([&](CallCore& core) { return core.hang_up(alices); }));
    EXPECT_EQ(office.end_of(alice), Cause::NormalClearing);
    EXPECT_TRUE(joined(bob, office.invited(1)));
    office.hang_up(bob);
    expect_nothing_left();
}

TEST_F(Steering, ATransferredPartyWhoHangsUpLeavesTheTwoToThemselves) {
    ASSERT_TRUE(consult());
    office.answer(office.invited(1));
    office.hang_up(bob);
    EXPECT_THAT(told(), ElementsAre("created", "answered", "abandoned", "ended"));
    EXPECT_TRUE(joined(alice, office.invited(1)));
    office.hang_up(office.invited(1));
    EXPECT_EQ(office.end_of(alice), Cause::NormalClearing);
    expect_nothing_left();
}

TEST_F(Steering, BlindlyTheInitiatorIsFreeWhenItRings) {
    ASSERT_TRUE(send_blindly());
    EXPECT_EQ(office.phones.invited[1].second.caller.number, "1002");
    EXPECT_EQ(office.end_of(alice), Cause::Unknown);
    office.ringing(office.invited(1));
    EXPECT_EQ(office.end_of(alice), Cause::NormalClearing);
    EXPECT_EQ(now().stage, SteeredTransfer::Stage::Ringback);
    office.answer(office.invited(1));
    EXPECT_TRUE(joined(bob, office.invited(1)));
    EXPECT_THAT(told(), ElementsAre("created", "updated", "completed", "ended"));
    office.hang_up(bob);
    expect_nothing_left();
}

TEST_F(Steering, BlindlyToABusyRecipientTheCallComesBack) {
    ASSERT_TRUE(send_blindly());
    office.refuse(office.invited(1), Cause::UserBusy);
    EXPECT_TRUE(joined(alice, bob));
    EXPECT_THAT(told(), ElementsAre("created", "cancelled", "ended"));
    ASSERT_TRUE(send_blindly());
    ASSERT_TRUE(cancel());
    EXPECT_TRUE(joined(alice, bob));
    ASSERT_TRUE(send_blindly());
    office.hang_up(bob);
    EXPECT_EQ(office.end_of(alice), Cause::NormalClearing);
    expect_nothing_left();
}

TEST_F(Steering, ATransferByTheRecipientIsAnotherMatter) {
    ASSERT_TRUE(consult());
    office.answer(office.invited(1));
    const auto carol = office.invited(1);
    office.transfer(carol, "1002");
    office.transfer(carol, "1999");
    EXPECT_EQ(now().stage, SteeredTransfer::Stage::Answered) << "Bob still waits";
    ASSERT_TRUE(cancel());
    EXPECT_TRUE(joined(alice, bob));
    office.hang_up(alice);
    expect_nothing_left();
}

TEST_F(Steering, WhatCannotBeIsRefused) {
    EXPECT_EQ(steer({"1.99", {}, "1003"}).error().field, "initiator_call");
    EXPECT_EQ(steer({alices, "1.99", "1003"}).error().field, "transferred_call");
    EXPECT_EQ(steer({alices, alices, "1003"}).error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(steer({alices, {}, "1999"}).error().field, "exten");
    EXPECT_EQ(steer({alices, {}, "1003", "nowhere"}).error().field, "context");
    const auto calling = office.call("carol", "1001");
    const auto carols = office.events.call_events().at(office.events.call_events().size() - 3).unique_id;
    static_cast<void>(calling);
    EXPECT_EQ(steer({carols, {}, "1003"}).error().code, ErrorCode::Conflict) << "she talks to nobody";
    EXPECT_TRUE(joined(alice, bob));
    EXPECT_TRUE(told().empty());
}

TEST_F(Steering, OneAtATime) {
    ASSERT_TRUE(consult());
    EXPECT_EQ(steer({alices, {}, "1003"}).error().code, ErrorCode::Conflict);
    EXPECT_EQ(steer({bobs, {}, "1003"}).error().code, ErrorCode::Conflict);
    EXPECT_EQ(office.order([&](CallCore& core) { return core.connect(bobs, model::UserId{3}); }).error().code,
              ErrorCode::Conflict);
}

TEST_F(Steering, VariablesAreHungOnTheCallOfTheRecipient) {
    TransferOrder order{alices, bobs, "1003"};
    order.variables = {{"CASE", "12"}};
    ASSERT_TRUE(steer(order));
    office.ringing(office.invited(1));
    EXPECT_THAT(office.why(alices), testing::HasSubstr("SIP/carol-00000003 has the variable CASE = 12"));
}

}  // namespace
}  // namespace almon::pbx
