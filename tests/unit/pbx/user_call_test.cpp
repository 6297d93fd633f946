// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/call_office.hpp"

namespace almon::pbx {
namespace {

using test::CallOffice;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(UserCall, RingsTheUserWhoseNumberWasDialled) {
    CallOffice office;
    office.call("alice", "1002");
    ASSERT_EQ(office.phones.invited.size(), 1U);
    EXPECT_EQ(office.phones.invited[0].second.endpoint, "bob");
    EXPECT_EQ(office.phones.invited[0].second.target, "bob-desk");
    EXPECT_EQ(office.phones.invited[0].second.dialled, "1002");
    EXPECT_EQ(office.phones.invited[0].second.caller, (CallerId{"Alice Martin", "1001", false}));
}

TEST(UserCall, CallerHearsRingingOnceHoweverOftenThePhoneSaysSo) {
    CallOffice office;
    const auto alice = office.call("alice", "1002");
    EXPECT_EQ(office.phones.count("ring"), 0U);
    office.ringing(office.invited(0));
    office.ringing(office.invited(0));
    EXPECT_EQ(office.phones.count("ring"), 1U);
    EXPECT_EQ(office.phones.connected[alice], (CallerId{"Bob Durand", "1002", false}));
}

TEST(UserCall, AnswerJoinsTheTwoParties) {
    CallOffice office;
    const auto alice = office.call("alice", "1002");
    const auto bob = office.invited(0);
    office.ringing(bob);
    office.answer(bob);
    EXPECT_EQ(office.core->bridge_count(), 1U);
    EXPECT_EQ(office.phones.count("answer"), 1U);
    const auto to_alice = office.port_of(alice);
    const auto to_bob = office.port_of(bob);
    EXPECT_NE(to_alice, to_bob);
    EXPECT_TRUE(office.recorder.joined(to_alice, to_bob));
    EXPECT_EQ(office.recorder.configured(to_alice).remote.text(), "192.0.2.1:4000");
    EXPECT_EQ(office.recorder.configured(to_bob).remote.text(), "192.0.2.2:5000");
    EXPECT_EQ(office.recorder.configured(to_bob).remote_rtcp.text(), "192.0.2.2:5001");
    EXPECT_TRUE(office.recorder.configured(to_alice).sends);
    EXPECT_TRUE(office.recorder.configured(to_alice).receives);
}

TEST(UserCall, BothAreToldOurAddressAndOnlyCommonCodecs) {
    CallOffice office;
    const auto alice = office.call("alice", "1002");
    const auto bob = office.invited(0);
    office.answer(bob);
    const auto& answer = office.phones.told[alice];
    ASSERT_EQ(answer.streams.size(), 1U);
    EXPECT_EQ(answer.streams[0].address.host(), "198.51.100.1");
    ASSERT_EQ(answer.streams[0].formats.size(), 2U);
    EXPECT_EQ(answer.streams[0].formats[0].encoding, "PCMA");
    EXPECT_EQ(answer.streams[0].formats[1].encoding, "TELEPHONE-EVENT");
}

TEST(UserCall, CallerHangsUpAndThePeerGetsTheCause) {
    CallOffice office;
    const auto alice = office.call("alice", "1002");
    const auto bob = office.invited(0);
    office.answer(bob);
    office.hang_up(alice, Cause::NormalClearing);
    EXPECT_EQ(office.phones.ended.at(bob), Cause::NormalClearing);
    EXPECT_FALSE(office.phones.ended.contains(alice));
    EXPECT_EQ(office.core->channel_count(), 0U);
    EXPECT_FALSE(office.core->idle());
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST(UserCall, CalledPartyHangsUp) {
    CallOffice office;
    const auto alice = office.call("alice", "1002");
    office.answer(office.invited(0));
    office.hang_up(office.invited(0), Cause::NormalClearing);
    EXPECT_EQ(office.phones.ended.at(alice), Cause::NormalClearing);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST(UserCall, CallerCancelsAndAllPhonesStopRinging) {
    CallOffice office;
    office.phones.contacts["bob"] = {"bob-desk", "bob-soft"};
    const auto alice = office.call("alice", "1002");
    office.ringing(office.invited(0));
    office.hang_up(alice);
    EXPECT_EQ(office.phones.ended.at(office.invited(0)), Cause::NormalClearing);
    EXPECT_EQ(office.phones.ended.at(office.invited(1)), Cause::NormalClearing);
    EXPECT_TRUE(office.core->idle());
}

TEST(UserCall, CallEventsOfAnAnsweredCall) {
    CallOffice office;
    const auto alice = office.call("alice", "1002");
    office.answer(office.invited(0));
    office.hang_up(alice);
    const std::string a = "SIP/alice-00000001";
    const std::string b = "SIP/bob-00000002";
    EXPECT_THAT(office.events.chain(),
                ElementsAre("CHAN_START " + a, "APP_START " + a, "CHAN_START " + b, "ANSWER " + b,
                            "ANSWER " + a, "BRIDGE_ENTER " + a, "BRIDGE_ENTER " + b, "BRIDGE_EXIT " + a,
                            "BRIDGE_EXIT " + b, "HANGUP " + b, "CHAN_END " + b, "APP_END " + a, "HANGUP " + a,
                            "CHAN_END " + a, "LINKEDID_END " + a));
    const auto rows = office.events.call_events();
    EXPECT_EQ(rows[0].unique_id, "1448037433.1");
    EXPECT_EQ(rows[2].unique_id, "1448037433.2");
    EXPECT_TRUE(std::ranges::all_of(rows, [](const auto& row) { return row.linked_id == "1448037433.1"; }));
    EXPECT_EQ(rows[0].caller_name, "Alice Martin");
    EXPECT_EQ(rows[0].caller_number, "1001");
    EXPECT_EQ(rows[0].exten, "1002");
    EXPECT_EQ(rows[0].context, "default");
    EXPECT_EQ(rows[1].application, "Dial");
    EXPECT_EQ(rows[1].application_data, "SIP/bob,30");
    EXPECT_EQ(rows[2].caller_number, "1002");
    EXPECT_EQ(rows[5].peer, b);
    EXPECT_EQ(rows[12].extra,
              R"({"hangupcause":16,"hangupsource":"SIP/alice-00000001","dialstatus":"ANSWER"})");
}

TEST(UserCall, UnknownNumberIsAnnouncedAsEarlyMediaAndThenRefused) {
    CallOffice office;
    const auto alice = office.call("alice", "1999");
    EXPECT_EQ(office.phones.verbs, (std::vector<std::string>{"progress 1"}));
    const auto plays = office.recorder.all<media::Play>();
    ASSERT_EQ(plays.size(), 1U);
    EXPECT_EQ(std::get<std::string>(plays[0].source), "/sounds/en_US/ss-noservice.wav");
    EXPECT_EQ(plays[0].leg, office.recorder.leg_at(office.port_of(alice)));
    office.media(media::PlaybackFinished{plays[0].leg, plays[0].playback, true});
    EXPECT_EQ(office.phones.ended.at(alice), Cause::UnallocatedNumber);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST(UserCall, WithoutTheFileTheCallerHearsATone) {
    CallOffice office;
    const auto alice = office.call("alice", "1999");
    auto plays = office.recorder.all<media::Play>();
    office.media(media::PlaybackFinished{plays[0].leg, plays[0].playback, false});
    plays = office.recorder.all<media::Play>();
    ASSERT_EQ(plays.size(), 2U);
    EXPECT_TRUE(std::holds_alternative<media::Tone>(plays[1].source));
    EXPECT_FALSE(office.phones.ended.contains(alice));
    office.media(media::PlaybackFinished{plays[1].leg, plays[1].playback, false});
    EXPECT_EQ(office.phones.ended.at(alice), Cause::UnallocatedNumber);
}

TEST(UserCall, AnnouncementInTheCallersLanguageThenInTheSystems) {
    CallOffice office;
    office.configure([&](model::SnapshotBuilder& builder) {
        auto alice = office.user(1);
        alice.language = "fr_FR";
        builder.put(alice);
    });
    office.call("alice", "1999");
    auto plays = office.recorder.all<media::Play>();
    EXPECT_EQ(std::get<std::string>(plays[0].source), "/sounds/fr_FR/ss-noservice.wav");
    office.media(media::PlaybackFinished{plays[0].leg, plays[0].playback, false});
    plays = office.recorder.all<media::Play>();
    EXPECT_EQ(std::get<std::string>(plays[1].source), "/sounds/en_US/ss-noservice.wav");
}

TEST(UserCall, AnnouncementEndsAfterTenSecondsAtMost) {
    CallOffice office;
    const auto alice = office.call("alice", "1999");
    office.pass(std::chrono::milliseconds{9'999});
    EXPECT_FALSE(office.phones.ended.contains(alice));
    office.pass(std::chrono::milliseconds{1});
    EXPECT_EQ(office.phones.ended.at(alice), Cause::UnallocatedNumber);
}

TEST(UserCall, CallerWhoHangsUpDuringTheAnnouncementLeavesNothing) {
    CallOffice office;
    const auto alice = office.call("alice", "1999");
    office.hang_up(alice);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
    EXPECT_FALSE(office.core->next_deadline().has_value());
}

TEST(UserCall, UnknownNumberIsRefusedAtOnceWhereNoCodecOfOursIsOffered) {
    CallOffice office;
    const auto alice = office.call("alice", "1999",
                                   "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
                                   "m=audio 4000 RTP/AVP 97\r\na=rtpmap:97 speex/8000\r\n");
    EXPECT_EQ(office.phones.verbs, (std::vector<std::string>{"hang_up 1 Unallocated number"}));
    EXPECT_EQ(office.phones.ended.at(alice), Cause::UnallocatedNumber);
}

TEST(UserCall, NumbersOfAnotherContextAreUnknown) {
    CallOffice office;
    office.call("alice", "2001");
    EXPECT_EQ(office.phones.count("invite"), 0U);
    EXPECT_EQ(office.phones.count("progress"), 1U);
}

TEST(UserCall, EndpointWithoutLineIsRejected) {
    CallOffice office;
    const auto stranger = office.call("mallory", "1002");
    EXPECT_EQ(office.phones.ended.at(stranger), Cause::CallRejected);
    EXPECT_EQ(office.phones.count("invite"), 0U);
}

TEST(UserCall, DisabledUserCannotCall) {
    CallOffice office;
    office.configure([&](model::SnapshotBuilder& builder) {
        auto alice = office.user(1);
        alice.enabled = false;
        builder.put(alice);
    });
    EXPECT_EQ(office.phones.ended[office.call("alice", "1002")], Cause::CallRejected);
}

TEST(UserCall, MaximumCallsRefusesTheNext) {
    auto settings = CallOffice::default_settings();
    settings.maximum_calls = 1;
    CallOffice office(settings);
    office.call("alice", "1002");
    const auto carol = office.call("carol", "1002");
    EXPECT_EQ(office.phones.ended.at(carol), Cause::SwitchingCongestion);
    EXPECT_EQ(office.phones.count("invite"), 1U);
}

TEST(UserCall, ShutdownEndsAllCallsAndRefusesNewOnes) {
    CallOffice office;
    const auto alice = office.call("alice", "1002");
    office.answer(office.invited(0));
    office.core->hang_up_all(Cause::NormalClearing);
    EXPECT_EQ(office.phones.ended.at(alice), Cause::NormalClearing);
    EXPECT_EQ(office.phones.ended.at(office.invited(0)), Cause::NormalClearing);
    EXPECT_EQ(office.phones.ended[office.call("carol", "1002")], Cause::SwitchingCongestion);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST(UserCall, ThoseWhoWatchAUserAreShownEachStageOfItsCalls) {
    CallOffice office;
    const model::UserId bob{2};
    const auto alice = office.call("alice", "1002");
    auto shown = office.core->calls_of(bob);
    ASSERT_EQ(shown.size(), 1U);
    EXPECT_TRUE(shown[0].is_called);
    EXPECT_EQ(shown[0].stage, ShownCall::Stage::Trying);
    EXPECT_EQ(shown[0].other.number, "1001");
    EXPECT_EQ(office.phones.changed, (std::vector<model::UserId>{model::UserId{1}, bob}));
    office.phones.changed.clear();
    office.ringing(office.invited(0));
    EXPECT_EQ(office.core->calls_of(bob)[0].stage, ShownCall::Stage::Ringing);
    EXPECT_EQ(office.core->calls_of(model::UserId{1})[0].stage, ShownCall::Stage::Ringing);
    EXPECT_EQ(office.core->calls_of(model::UserId{1})[0].other.number, "1002");
    EXPECT_EQ(office.phones.changed, (std::vector<model::UserId>{model::UserId{1}, bob}));
    office.answer(office.invited(0));
    EXPECT_EQ(office.core->calls_of(bob)[0].stage, ShownCall::Stage::Talking);
    office.phones.changed.clear();
    office.hang_up(alice);
    EXPECT_TRUE(office.core->calls_of(bob).empty());
    EXPECT_EQ(office.phones.changed, (std::vector<model::UserId>{model::UserId{1}, bob}));
}

TEST(UserCall, EveryChainEndsExactlyOnce) {
    CallOffice office;
    office.phones.contacts["bob"] = {"bob-desk", "bob-soft", "bob-mobile"};
    const auto alice = office.call("alice", "1002");
    office.refuse(office.invited(1), Cause::UserBusy);
    office.answer(office.invited(2));
    office.hang_up(alice);
    const auto rows = office.events.call_events();
    EXPECT_EQ(std::ranges::count(rows, bus::CallEventType::LinkedIdEnd, &bus::CallEvent::type), 1);
    EXPECT_EQ(rows.back().type, bus::CallEventType::LinkedIdEnd);
    EXPECT_EQ(std::ranges::count(rows, bus::CallEventType::ChannelStart, &bus::CallEvent::type), 4);
    EXPECT_EQ(std::ranges::count(rows, bus::CallEventType::ChannelEnd, &bus::CallEvent::type), 4);
}

TEST(UserCall, TheWhyRecordTellsEachStepWithItsData) {
    CallOffice office;
    const auto alice = office.call("alice", "1002");
    office.answer(office.invited(0));
    office.hang_up(alice);
    office.settle_media();
    for (const auto* name : {"1448037433.1", "1448037433.2", "SIP/alice-00000001", "SIP/bob-00000002"}) {
        const auto why = office.why(name);
        EXPECT_THAT(why,
                    HasSubstr("SIP/alice-00000001 calls 1002 in context default as \"Alice Martin\" <1001>"));
        EXPECT_THAT(why, HasSubstr("1002@default is extension 2 of line 2, user 2 (Bob Durand): 1 endpoint"));
        EXPECT_THAT(why, HasSubstr("rings SIP/bob at a phone at bob-desk as SIP/bob-00000002"));
        EXPECT_THAT(why, HasSubstr("media of SIP/bob-00000002, stream 0"));
    }
    EXPECT_FALSE(office.core->why("1448037433.9").has_value());
}

TEST(UserCall, WithoutANameTheWhyRecordTellsTheLastCallsInTheirOrder) {
    CallOffice office;
    EXPECT_THAT(office.why(""), HasSubstr("No call was made"));
    office.hang_up(office.call("alice", "1002"));
    office.call("bob", "1001");
    const auto why = office.why("");
    const auto ended = why.find("SIP/alice-00000001 calls 1002");
    const auto live = why.find("SIP/bob-00000003 calls 1001");
    ASSERT_NE(ended, std::string::npos);
    ASSERT_NE(live, std::string::npos);
    EXPECT_LT(ended, live);
}

TEST(UserCall, OnlyTheLastCallsAreRemembered) {
    auto settings = CallOffice::default_settings();
    settings.traced_calls = 1;
    CallOffice office(settings);
    office.hang_up(office.call("alice", "1002"));
    office.hang_up(office.call("alice", "1002"));
    EXPECT_EQ(office.why("1448037433.1"), "");
    EXPECT_NE(office.why("1448037433.3"), "");
}

}  // namespace
}  // namespace almon::pbx
