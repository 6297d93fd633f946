// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/endpoint_custom.hpp"
#include "model/outcall.hpp"
#include "model/trunk.hpp"
#include "support/call_office.hpp"

namespace almon::pbx {
namespace {

using namespace std::chrono_literals;
using test::CallOffice;
using testing::ElementsAre;
using testing::HasSubstr;

/// `**99.` leads out by trunk 1 (first), then by trunk 2 (second), without the first four digits.
class CallingOut : public testing::Test {
protected:
    CallingOut() {
        outcall.id = model::OutcallId{1};
        outcall.name = "world";
        outcall.trunks = {model::TrunkId{1}, model::TrunkId{2}};
        rule.outcall = outcall.id;
        rule.extension = model::ExtensionId{90};
        rule.strip_digits = 4;
        number = model::Extension{model::ExtensionId{90}, "**99.", "to-extern"};
        office.configure([&](model::SnapshotBuilder& builder) {
            model::Context outside;
            outside.id = model::ContextId{9};
            outside.name = "to-extern";
            outside.type = "outcall";
            builder.put(outside);
            auto inside = *builder.so_far().context("default");
            inside.includes = {"to-extern"};
            builder.put(inside);
            for (const std::uint64_t id : {1, 2}) {
                model::EndpointSip endpoint;
                endpoint.id = model::EndpointSipId{100 + id};
                endpoint.username = id == 1 ? "first" : "second";
                builder.put(endpoint);
                model::Trunk trunk;
                trunk.id = model::TrunkId{id};
                trunk.context = "from-extern";
                trunk.endpoint_sip = endpoint.id;
                builder.put(trunk);
            }
        });
        office.phones.contacts["first"] = {"first-switch", "first-backup"};
        office.phones.contacts["second"] = {"second-switch"};
        save();
    }
    void save() {
        office.configure([&](model::SnapshotBuilder& builder) {
            builder.put(outcall);
            builder.put(number);
            builder.put(rule);
        });
    }
    template <class Change>
    void change_alice(Change&& change) {
        office.configure([&](model::SnapshotBuilder& builder) {
            auto alice = office.user(1);
            change(alice);
            builder.put(alice);
        });
    }
    const OutgoingCall& sent(std::size_t index = 0) const { return office.phones.invited.at(index).second; }
    CallerId shown() {
        office.call("alice", "**99101");
        return office.phones.invited.back().second.caller;
    }

    CallOffice office;
    model::Outcall outcall;
    model::OutcallExtension rule;
    model::Extension number;
};

TEST_F(CallingOut, TheNumberIsSentWithoutWhatLeadsOut) {  // ADB-029, ADB-030, ADB-031, ADB-038
    const auto alice = office.call("alice", "**99101");
    EXPECT_THAT(office.rung(), ElementsAre("first")) << "one of the trunk's addresses, not both";
    EXPECT_EQ(sent().number, "101");
    EXPECT_EQ(sent().dialled, "101");
    office.answer(office.invited(0));
    office.hang_up(alice);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
    EXPECT_THAT(office.why("SIP/alice-00000001"), HasSubstr("calls 101 by trunk 1 (first)"));
}

TEST_F(CallingOut, APrefixIsDialledAndAnotherIsSent) {  // API-101
    number.exten = "X.";
    rule.prefix = "0";
    rule.external_prefix = "+33";
    rule.strip_digits = 2;
    save();
    office.call("alice", "0140506070");
    EXPECT_EQ(sent().number, "+3340506070");
    office.call("alice", "140506070");
    EXPECT_EQ(office.phones.invited.size(), 1U) << "without the prefix it does not lead out";
}

TEST_F(CallingOut, TheNextTrunkIsTriedWhereOneIsAtFault) {  // ADB-027
    const auto alice = office.call("alice", "**99101");
    office.refuse(office.invited(0), Cause::SwitchingCongestion);
    EXPECT_THAT(office.rung(), ElementsAre("first", "second"));
    office.ringing(office.invited(1));
    office.answer(office.invited(1));
    EXPECT_EQ(office.end_of(alice), Cause::Unknown);
}

TEST_F(CallingOut, ATrunkThatIsNotThereIsPassedOver) {
    office.phones.contacts["first"] = {};
    office.call("alice", "**99101");
    EXPECT_THAT(office.rung(), ElementsAre("second"));
}

TEST_F(CallingOut, WhoIsBusyDoesNotAnswerOrIsNotThereIsSoByAnyTrunk) {
    for (const auto cause :
         {Cause::UserBusy, Cause::NoAnswer, Cause::UnallocatedNumber, Cause::InvalidNumberFormat}) {
        const auto before = office.phones.invited.size();
        const auto alice = office.call("alice", "**99101");
        office.refuse(office.invited(before), cause);
        EXPECT_EQ(office.phones.invited.size(), before + 1) << text_of(cause);
        EXPECT_EQ(office.end_of(alice), cause);
    }
    const auto before = office.phones.invited.size();
    const auto alice = office.call("alice", "**99101");
    office.refuse(office.invited(before), Cause::CallRejected, Refusal::OfPerson);
    EXPECT_EQ(office.phones.invited.size(), before + 1) << "the person has declined";
    EXPECT_EQ(office.end_of(alice), Cause::CallRejected);
}

TEST_F(CallingOut, WhereAllTrunksFailTheCallerLearnsWhy) {
    const auto alice = office.call("alice", "**99101");
    office.refuse(office.invited(0), Cause::SwitchingCongestion);
    office.refuse(office.invited(1), Cause::SwitchingCongestion);
    EXPECT_EQ(office.end_of(alice), Cause::SwitchingCongestion);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
    outcall.trunks.clear();
    save();
    const auto again = office.call("alice", "**99101");
    EXPECT_EQ(office.end_of(again), Cause::DestinationOutOfOrder);
}

TEST_F(CallingOut, ItRingsAsLongAsTheWayOutSays) {  // ADB-027
    outcall.ring_time = 20;
    save();
    const auto alice = office.call("alice", "**99101");
    office.ringing(office.invited(0));
    office.pass(20s);
    EXPECT_EQ(office.end_of(alice), Cause::NoAnswer);
    EXPECT_THAT(office.rung(), ElementsAre("first"));
    outcall.ring_time.reset();
    save();
    const auto patient = office.call("alice", "**99101");
    office.pass(600s);
    EXPECT_EQ(office.end_of(patient), Cause::Unknown);
}

TEST_F(CallingOut, TheOrderOfCallerIds) {  // ADB-032, ADB-033, ADB-034, ADB-035, ADB-036
    EXPECT_EQ(shown(), (CallerId{"Alice Martin", "1001"})) << "the default: as inside";
    rule.caller_id = R"("Office" <0140000000>)";
    save();
    EXPECT_EQ(shown(), (CallerId{"Office", "0140000000"}));
    change_alice([](model::User& alice) { alice.outgoing_caller_id = R"("Alice" <0140001001>)"; });
    EXPECT_EQ(shown(), (CallerId{"Alice", "0140001001"}));
    change_alice([](model::User& alice) { alice.outgoing_caller_id = "Only a name"; });
    EXPECT_EQ(shown(), (CallerId{"Only a name", "1001"}));
    change_alice([](model::User& alice) { alice.outgoing_caller_id = "anonymous"; });
    EXPECT_TRUE(shown().withheld);
    outcall.internal_caller_id = true;
    save();
    EXPECT_EQ(shown(), (CallerId{"Alice Martin", "1001"}));
}

TEST_F(CallingOut, TheCallerIdOfATrunkIsTheDefault) {  // ADB-012, ADB-036
    office.configure([&](model::SnapshotBuilder& builder) {
        auto endpoint = *builder.so_far().endpoint_sip_by_username("first");
        endpoint.options = {{"callerid", R"("Main" <0149999999>)"}};
        builder.put(endpoint);
    });
    EXPECT_EQ(shown(), (CallerId{"Main", "0149999999"}));
}

TEST_F(CallingOut, ATrunkTakesAsManyCallsAsItsAccountSays) {  // ADB-012
    office.configure([&](model::SnapshotBuilder& builder) {
        auto endpoint = *builder.so_far().endpoint_sip_by_username("first");
        endpoint.options = {{"call-limit", "2"}};
        builder.put(endpoint);
    });
    const auto alice = office.call("alice", "**99101");
    office.call("bob", "**99101");
    office.call("carol", "**99101");
    EXPECT_THAT(office.rung(), ElementsAre("first", "first", "second"));
    const auto outside = office.call_by(1, "1002", {"Zoe", "0612345678"});
    EXPECT_EQ(office.end_of(outside), Cause::NoCircuitAvailable) << "both ways count";
    office.hang_up(alice);
    const auto again = office.call_by(1, "1002", {"Zoe", "0612345678"});
    EXPECT_NE(office.end_of(again), Cause::NoCircuitAvailable);
}

TEST_F(CallingOut, AWayOutThatIsSwitchedOffIsNone) {
    outcall.enabled = false;
    save();
    const auto alice = office.call("alice", "**99101");
    EXPECT_EQ(office.end_of(alice), Cause::SwitchingCongestion);
}

TEST_F(CallingOut, WhatNobodyHereSpeaksIsPassedOver) {  // ADB-024, ADB-026
    office.configure([&](model::SnapshotBuilder& builder) {
        model::EndpointCustom custom;
        custom.id = model::EndpointCustomId{1};
        custom.interface = "dahdi/g1";
        builder.put(custom);
        model::Trunk trunk;
        trunk.id = model::TrunkId{1};
        trunk.endpoint_custom = custom.id;
        builder.put(trunk);
    });
    office.call("alice", "**99101");
    EXPECT_THAT(office.rung(), ElementsAre("second"));
    EXPECT_THAT(office.why("SIP/alice-00000001"), HasSubstr("dahdi/g1"));
}

TEST_F(CallingOut, AProviderCannotSendUsElsewhere) {
    office.call("alice", "**99101");
    office.redirect(office.invited(0), "1002");
    EXPECT_THAT(office.rung(), ElementsAre("first", "second"));
}

TEST_F(CallingOut, AProviderTransfersWithinItsOwnNumbersAlone) {
    const auto alice = office.call("alice", "**99101");
    office.answer(office.invited(0));
    office.transfer(office.invited(0), "1002");
    EXPECT_THAT(office.rung(), ElementsAre("first")) << "Bob is in no context of the trunk's";
    EXPECT_EQ(office.end_of(alice), Cause::Unknown);
}

TEST_F(CallingOut, EarlyMediaOfTheOutsideIsHeard) {
    const auto alice = office.call("alice", "**99101");
    const auto invited = office.phones.invited.at(0).second.offer->streams.at(0).address.port;
    office.progress(office.invited(0));
    EXPECT_TRUE(office.recorder.joined(office.port_of(alice), invited));
}

TEST_F(CallingOut, ACallCanBeForwardedAndTransferredOutside) {
    change_alice([](model::User& alice) { alice.forward_unconditional = {true, "**99202"}; });
    const auto bob = office.call("bob", "1001");
    ASSERT_THAT(office.rung(), ElementsAre("first"));
    EXPECT_EQ(sent().number, "202");
    EXPECT_EQ(sent().caller.number, "1002");
    office.hang_up(bob);

    const auto carol = office.call("carol", "1002");
    office.answer(office.invited(1));
    office.transfer(office.invited(1), "**99303");
    EXPECT_EQ(sent(2).number, "303");
    office.ringing(office.invited(2));
    office.answer(office.invited(2));
    EXPECT_EQ(office.end_of(office.invited(1)), Cause::NormalClearing);
    EXPECT_EQ(office.end_of(carol), Cause::Unknown);
}

}  // namespace
}  // namespace almon::pbx
