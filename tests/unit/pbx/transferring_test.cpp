// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/call_office.hpp"

namespace almon::pbx {
namespace {

using namespace std::chrono_literals;
using test::CallOffice;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

/// Alice talks to Bob, whom she has called.
class Transferring : public testing::Test {
protected:
    Transferring() {
        alice = office.call("alice", "1002");
        bob = office.invited(0);
        office.answer(bob);
    }
    void expect_nothing_left() {
        office.settle_media();
        EXPECT_TRUE(office.core->idle());
    }
    [[nodiscard]] bool joined(ChannelId one, ChannelId other) const {
        // The last word about the two legs counts.
        const auto first = office.recorder.leg_at(office.port_of(one));
        const auto second = office.recorder.leg_at(office.port_of(other));
        bool together = false;
        for (const auto& command : office.recorder.commands) {
            const auto about_both = [&](media::LegId a, media::LegId b) {
                return (a == first && b == second) || (a == second && b == first);
            };
            if (const auto* join = std::get_if<media::JoinLegs>(&command);
                join && about_both(join->first, join->second))
                together = true;
            const auto* separate = std::get_if<media::SeparateLegs>(&command);
            if (separate != nullptr && about_both(separate->first, separate->second)) together = false;
        }
        return together;
    }
    [[nodiscard]] std::string verb(std::string_view text, ChannelId channel, std::string_view rest) const {
        return std::string(text) + " " + std::to_string(channel.value) + " " + std::string(rest);
    }
    [[nodiscard]] bool hears_ringing(ChannelId channel) const {
        const auto leg = office.recorder.leg_at(office.port_of(channel));
        bool plays = false;
        for (const auto& command : office.recorder.commands) {
            if (const auto* play = std::get_if<media::Play>(&command); play && play->leg == leg)
                plays = play->repeat;
            if (const auto* stop = std::get_if<media::StopPlaying>(&command); stop && stop->leg == leg)
                plays = false;
        }
        return plays;
    }

    CallOffice office;
    ChannelId alice;
    ChannelId bob;
};

TEST_F(Transferring, BlindTheTransferredPartyRingsTheTargetHearsItAndTalks) {
    office.transfer(alice, "1003");
    ASSERT_EQ(office.phones.invited.size(), 2U);
    const auto carol = office.invited(1);
    const auto& call = office.phones.invited[1].second;
    EXPECT_EQ(call.endpoint, "carol");
    EXPECT_EQ(call.caller.number, "1002");
    ASSERT_TRUE(call.referred_by.has_value());
    EXPECT_EQ(call.referred_by->number, "1001");
    EXPECT_THAT(office.phones.verbs, Contains(verb("transfer", alice, "trying")));
    EXPECT_FALSE(joined(alice, bob));
    EXPECT_FALSE(hears_ringing(bob));
    office.ringing(carol);
    EXPECT_TRUE(hears_ringing(bob));
    EXPECT_THAT(office.phones.verbs, Contains(verb("transfer", alice, "ringing")));
    EXPECT_EQ(office.end_of(alice), Cause::Unknown) << "the transferor may still take the call back";
    office.answer(carol);
    EXPECT_FALSE(hears_ringing(bob));
    EXPECT_THAT(office.phones.verbs, Contains(verb("transfer", alice, "done")));
    EXPECT_EQ(office.end_of(alice), Cause::NormalClearing);
    EXPECT_TRUE(joined(bob, carol));
    EXPECT_EQ(office.phones.connected[bob].number, "1003");
    EXPECT_EQ(office.core->bridge_count(), 1U);
    office.hang_up(bob);
    EXPECT_EQ(office.end_of(carol), Cause::NormalClearing);
    expect_nothing_left();
}

TEST_F(Transferring, TheCalledPartyTransfersTheCallerToo) {
    office.transfer(bob, "1003");
    office.answer(office.invited(1));
    EXPECT_EQ(office.end_of(bob), Cause::NormalClearing);
    EXPECT_TRUE(joined(alice, office.invited(1)));
    office.hang_up(office.invited(1));
    expect_nothing_left();
}

TEST_F(Transferring, ToAnUnknownNumberIsRefusedAndTheTwoTalkOn) {
    office.transfer(alice, "1999");
    EXPECT_THAT(office.phones.verbs, Contains(verb("transfer", alice, "failed Unallocated number")));
    EXPECT_THAT(office.phones.verbs, Not(Contains(verb("transfer", alice, "trying"))));
    EXPECT_TRUE(joined(alice, bob));
    EXPECT_EQ(office.core->bridge_count(), 1U);
}

TEST_F(Transferring, NumbersOfAContextThatTheTransferorCannotDialAreUnknown) {
    office.transfer(alice, "2001");
    EXPECT_THAT(office.phones.verbs, Contains(verb("transfer", alice, "failed Unallocated number")));
}

TEST_F(Transferring, ABusyTargetLeavesTheCallWithTheTransferor) {
    office.transfer(alice, "1003");
    office.refuse(office.invited(1), Cause::UserBusy);
    EXPECT_THAT(office.phones.verbs, Contains(verb("transfer", alice, "failed User busy")));
    EXPECT_TRUE(joined(alice, bob));
    EXPECT_EQ(office.core->bridge_count(), 1U);
    office.hang_up(alice);
    EXPECT_EQ(office.end_of(bob), Cause::NormalClearing);
    expect_nothing_left();
}

TEST_F(Transferring, ATargetThatDoesNotAnswerLeavesTheCallWithTheTransferor) {
    office.transfer(alice, "1003");
    office.ringing(office.invited(1));
    EXPECT_TRUE(hears_ringing(bob));
    office.pass(30s);
    EXPECT_FALSE(hears_ringing(bob));
    EXPECT_EQ(office.end_of(office.invited(1)), Cause::NoAnswer);
    EXPECT_TRUE(joined(alice, bob));
}

TEST_F(Transferring, ATransferorWhoLeavesDoesNotEndTheTransfer) {
    office.transfer(alice, "1003");
    office.hang_up(alice);
    office.answer(office.invited(1));
    EXPECT_TRUE(joined(bob, office.invited(1)));
    office.hang_up(bob);
    expect_nothing_left();
}

TEST_F(Transferring, WithoutTransferorAFailureEndsTheCall) {
    office.transfer(alice, "1003");
    office.hang_up(alice);
    office.refuse(office.invited(1), Cause::UserBusy);
    EXPECT_EQ(office.end_of(bob), Cause::UserBusy);
    expect_nothing_left();
}

TEST_F(Transferring, ATransferredPartyWhoHangsUpEndsEverything) {
    office.transfer(alice, "1003");
    office.hang_up(bob);
    EXPECT_EQ(office.end_of(office.invited(1)), Cause::NormalClearing);
    EXPECT_EQ(office.end_of(alice), Cause::NormalClearing);
    EXPECT_THAT(office.phones.verbs, Contains(verb("transfer", alice, "failed Normal clearing")));
    expect_nothing_left();
}

TEST_F(Transferring, EarlyMediaOfTheTargetIsHeardByTheTransferredParty) {
    office.transfer(alice, "1003");
    const auto carol = office.invited(1);
    office.ringing(carol);
    office.progress(carol);
    EXPECT_FALSE(hears_ringing(bob));
    EXPECT_TRUE(joined(bob, carol));
}

TEST_F(Transferring, AHeldPartyHearsTheTarget) {
    office.offer(alice, test::with_direction(CallOffice::kPhoneOffer, "sendonly"));
    office.transfer(alice, "1003");
    const auto carol = office.invited(1);
    EXPECT_TRUE(office.recorder.configured(office.port_of(bob)).sends);
    office.answer(carol);
    EXPECT_TRUE(office.recorder.configured(office.port_of(bob)).sends);
    EXPECT_TRUE(office.recorder.configured(office.port_of(carol)).receives);
}

TEST_F(Transferring, DuringANegotiationIsRefusedToBeTriedAgain) {
    std::string video(CallOffice::kPhoneOffer);
    video += "m=video 4444 RTP/AVP 97\r\na=rtpmap:97 VP8/90000\r\n";
    office.offer(bob, video);
    office.transfer(alice, "1003");
    EXPECT_THAT(office.phones.verbs, Contains(verb("transfer", alice, "failed Channel unavailable")));
}

TEST_F(Transferring, ATransferredPartyIsAskedForTheCodecOfTheTarget) {
    // Bob has agreed on PCMA; Carol takes PCMU, which Alice's phone had offered too.
    office.transfer(bob, "1003");
    const auto carol = office.invited(1);
    std::string pcmu(CallOffice::kPhoneAnswer);
    pcmu.replace(pcmu.find("AVP 8 101"), 9, "AVP 0 101");
    pcmu.replace(pcmu.find("rtpmap:8 PCMA"), 13, "rtpmap:0 PCMU");
    office.answer(carol, pcmu);
    EXPECT_TRUE(joined(alice, carol)) << "until then it is transcoded";
    EXPECT_EQ(office.phones.told[alice].streams[0].formats[0].encoding, "PCMU");
    office.answer_offer(alice, pcmu);
    EXPECT_TRUE(joined(alice, carol));
}

TEST_F(Transferring, BlindIsTold) {
    office.transfer(alice, "1003");
    office.answer(office.invited(1));
    const auto rows = office.events.call_events();
    const auto row = std::ranges::find(rows, bus::CallEventType::BlindTransfer, &bus::CallEvent::type);
    ASSERT_NE(row, rows.end());
    EXPECT_EQ(row->channel_name, "SIP/alice-00000001");
    EXPECT_EQ(row->peer, "SIP/bob-00000002");
    EXPECT_EQ(row->extra, R"({"extension":"1003","context":"default"})");
    EXPECT_THAT(office.why("1448037433.1"),
                HasSubstr("SIP/alice-00000001 transfers SIP/bob-00000002 to 1003"));
}

TEST_F(Transferring, AttendedJoinsTheTwoOthers) {
    const auto consulting = office.call("alice", "1003");
    const auto carol = office.invited(1);
    office.answer(carol);
    office.transfer(alice, consulting);
    EXPECT_THAT(office.phones.verbs, Contains(verb("transfer", alice, "done")));
    EXPECT_EQ(office.end_of(alice), Cause::NormalClearing);
    EXPECT_EQ(office.end_of(consulting), Cause::NormalClearing);
    EXPECT_TRUE(joined(bob, carol));
    EXPECT_EQ(office.core->bridge_count(), 1U);
    EXPECT_EQ(office.phones.connected[bob].number, "1003");
    EXPECT_EQ(office.phones.connected[carol].number, "1002");
    office.hang_up(carol);
    EXPECT_EQ(office.end_of(bob), Cause::NormalClearing);
    expect_nothing_left();
}

TEST_F(Transferring, AttendedIsToldAndTheTwoCallsBecomeOne) {  // INS-127
    const auto consulting = office.call("alice", "1003");
    office.answer(office.invited(1));
    office.transfer(alice, consulting);
    office.hang_up(bob);
    const auto rows = office.events.call_events();
    const auto transfer =
        std::ranges::find(rows, bus::CallEventType::AttendedTransfer, &bus::CallEvent::type);
    ASSERT_NE(transfer, rows.end());
    EXPECT_EQ(transfer->channel_name, "SIP/alice-00000001");
    EXPECT_THAT(transfer->extra, HasSubstr(R"("channel2_name":"SIP/alice-00000003")"));
    const auto update = std::ranges::find(rows, bus::CallEventType::BridgeUpdate, &bus::CallEvent::type);
    ASSERT_NE(update, rows.end());
    EXPECT_EQ(update->channel_name, "SIP/bob-00000002");
    EXPECT_EQ(update->peer, "SIP/carol-00000004");
    std::vector<std::string> ended;
    for (const auto& row : rows) {
        if (row.type == bus::CallEventType::LinkedIdEnd) ended.push_back(row.linked_id);
        if (row.type == bus::CallEventType::ChannelEnd) {
            EXPECT_EQ(row.linked_id, "1448037433.1");
        }
    }
    EXPECT_EQ(ended, (std::vector<std::string>{"1448037433.3", "1448037433.1"}));
    EXPECT_THAT(office.why("1448037433.3"), HasSubstr("SIP/bob-00000002 and SIP/carol-00000004 talk"));
}

TEST_F(Transferring, AttendedToAPhoneThatStillRingsWaitsForItsAnswer) {
    const auto consulting = office.call("alice", "1003");
    const auto carol = office.invited(1);
    office.ringing(carol);
    office.transfer(alice, consulting);
    EXPECT_EQ(office.end_of(consulting), Cause::NormalClearing);
    EXPECT_EQ(office.end_of(carol), Cause::Unknown);
    EXPECT_TRUE(hears_ringing(bob));
    office.answer(carol);
    EXPECT_TRUE(joined(bob, carol));
    EXPECT_EQ(office.end_of(alice), Cause::NormalClearing);
    office.hang_up(bob);
    expect_nothing_left();
}

TEST_F(Transferring, AttendedToAPhoneThatNeverAnswersComesBack) {
    const auto consulting = office.call("alice", "1003");
    office.ringing(office.invited(1));
    office.transfer(alice, consulting);
    office.refuse(office.invited(1), Cause::UserBusy);
    EXPECT_TRUE(joined(alice, bob));
    EXPECT_THAT(office.phones.verbs, Contains(verb("transfer", alice, "failed User busy")));
}

TEST_F(Transferring, SomebodyElsesCallCannotBeConsulted) {
    const auto others = office.call("carol", "1001");
    office.transfer(alice, others);
    EXPECT_THAT(office.phones.verbs, Contains(verb("transfer", alice, "failed Call rejected")));
    EXPECT_TRUE(joined(alice, bob));
}

class Replacing : public Transferring {};

TEST_F(Replacing, AColleagueAnswersForAPhoneThatRings) {
    const auto caller = office.call("bob", "1001");
    const auto desk = office.invited(1);
    office.ringing(desk);
    const auto carol = office.take("carol", desk);
    EXPECT_EQ(office.end_of(desk), Cause::AnsweredElsewhere);
    EXPECT_EQ(office.phones.count("answer"), 3U);
    EXPECT_TRUE(joined(caller, carol));
    EXPECT_EQ(office.phones.connected[caller].number, "1003");
    const auto rows = office.events.call_events();
    const auto row = std::ranges::find(rows, bus::CallEventType::Pickup, &bus::CallEvent::type);
    ASSERT_NE(row, rows.end());
    EXPECT_EQ(row->channel_name, "SIP/alice-00000004");
    EXPECT_EQ(row->peer, "SIP/carol-00000005");
    office.hang_up(caller);
    office.hang_up(alice);
    expect_nothing_left();
}

TEST_F(Replacing, AnotherPhoneGoesOnWithACall) {
    const auto carol = office.take("carol", bob);
    EXPECT_EQ(office.end_of(bob), Cause::NormalClearing);
    EXPECT_TRUE(joined(alice, carol));
    EXPECT_EQ(office.core->bridge_count(), 1U);
    office.hang_up(carol);
    EXPECT_EQ(office.end_of(alice), Cause::NormalClearing);
    expect_nothing_left();
}

TEST_F(Replacing, WhoCannotCallAPersonCannotTakeItsCalls) {
    const auto dave = office.take("dave", bob);
    EXPECT_EQ(office.end_of(dave), Cause::CallRejected);
    EXPECT_TRUE(joined(alice, bob));
}

TEST_F(Replacing, WithoutACommonCodecNothingChanges) {
    std::string speex(CallOffice::kPhoneOffer);
    speex.replace(speex.find("AVP 8 0 101"), 11, "AVP 110");
    speex += "a=rtpmap:110 speex/8000\r\n";
    const auto carol = office.take("carol", bob, speex);
    EXPECT_EQ(office.end_of(carol), Cause::BearerCapabilityNotAvailable);
    EXPECT_TRUE(joined(alice, bob));
}

TEST_F(Replacing, TheTargetOfATransferIsAnsweredByAColleague) {
    office.configure([&](model::SnapshotBuilder& builder) {
        auto dave = office.line(4);
        dave.context = "default";
        builder.put(dave);
    });
    office.transfer(alice, "1003");
    const auto carol = office.invited(1);
    const auto dave = office.take("dave", carol);
    EXPECT_EQ(office.end_of(carol), Cause::AnsweredElsewhere);
    EXPECT_EQ(office.end_of(alice), Cause::NormalClearing);
    EXPECT_TRUE(joined(bob, dave));
}

}  // namespace
}  // namespace almon::pbx
