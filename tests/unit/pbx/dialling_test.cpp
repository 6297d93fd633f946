// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pbx/dial.hpp"
#include "support/call_office.hpp"

namespace almon::pbx {
namespace {

using namespace std::chrono_literals;
using test::CallOffice;
using testing::HasSubstr;

/// A codec that nobody here speaks.
constexpr std::string_view kSpeexOnly =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 110\r\na=rtpmap:110 speex/8000\r\na=sendrecv\r\n";
constexpr std::string_view kOpusOnly =
    "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 111\r\na=rtpmap:111 opus/48000/2\r\na=sendrecv\r\n";

/// The description of a phone that speaks this codec of G.711 alone.
std::string with_codec(std::string_view encoding) {
    std::string text(CallOffice::kPhoneAnswer);
    if (encoding == "PCMU") {
        text.replace(text.find("AVP 8 101"), 9, "AVP 0 101");
        text.replace(text.find("rtpmap:8 PCMA"), 13, "rtpmap:0 PCMU");
    }
    return text;
}

class Dialling : public testing::Test {
protected:
    template <class Change>
    void change_bob(Change&& change) {
        office.configure([&](model::SnapshotBuilder& builder) {
            auto bob = office.user(2);
            change(bob);
            builder.put(bob);
        });
    }
    void give_bob(std::vector<std::string> contacts) { office.phones.contacts["bob"] = std::move(contacts); }
    /// How the dial ended, as the last HANGUP row tells.
    [[nodiscard]] std::string last_hangup() const {
        std::string extra;
        for (const auto& row : office.events.call_events()) {
            if (row.type == bus::CallEventType::HangUp) extra = row.extra;
        }
        return extra;
    }

    CallOffice office;
};

TEST_F(Dialling, AllContactsOfAllLinesRingAtOnce) {
    office.configure([&](model::SnapshotBuilder& builder) {
        model::EndpointSip endpoint;
        endpoint.id = model::EndpointSipId{9};
        endpoint.username = "bob-home";
        builder.put(endpoint);
        model::Line line;
        line.id = model::LineId{9};
        line.context = "default";
        line.endpoint_sip = endpoint.id;
        line.position = 2;
        builder.put(line);
        builder.put(model::UserLine{model::UserId{2}, line.id, true, false});
    });
    give_bob({"bob-desk", "bob-soft"});
    office.phones.contacts["bob-home"] = {"home"};
    office.call("alice", "1002");
    ASSERT_EQ(office.phones.invited.size(), 3U);
    EXPECT_EQ(office.phones.invited[0].second.target, "bob-desk");
    EXPECT_EQ(office.phones.invited[1].second.target, "bob-soft");
    EXPECT_EQ(office.phones.invited[2].second.target, "home");
}

TEST_F(Dialling, NobodyAnswersWithinTheRingTime) {
    const auto alice = office.call("alice", "1002");
    office.ringing(office.invited(0));
    office.pass(29'999ms);
    EXPECT_EQ(office.end_of(alice), Cause::Unknown);
    office.pass(1ms);
    EXPECT_EQ(office.end_of(alice), Cause::NoAnswer);
    EXPECT_EQ(office.end_of(office.invited(0)), Cause::NoAnswer);
    EXPECT_THAT(last_hangup(), HasSubstr(R"("dialstatus":"NOANSWER")"));
    EXPECT_TRUE(office.core->idle());
}

TEST_F(Dialling, TheUsersRingTimeCounts) {
    change_bob([](model::User& bob) { bob.ring_time = 5s; });
    const auto alice = office.call("alice", "1002");
    office.pass(5s);
    EXPECT_EQ(office.end_of(alice), Cause::NoAnswer);
}

TEST_F(Dialling, RingTimeZeroHasNoLimit) {
    change_bob([](model::User& bob) { bob.ring_time = 0s; });
    const auto alice = office.call("alice", "1002");
    EXPECT_FALSE(office.core->next_deadline().has_value());
    office.pass(24h);
    EXPECT_EQ(office.end_of(alice), Cause::Unknown);
    office.answer(office.invited(0));
    EXPECT_EQ(office.core->bridge_count(), 1U);
}

TEST_F(Dialling, NoRegisteredPhoneIsSubscriberAbsent) {
    give_bob({});
    const auto alice = office.call("alice", "1002");
    EXPECT_EQ(office.end_of(alice), Cause::SubscriberAbsent);
    EXPECT_THAT(last_hangup(), HasSubstr(R"("dialstatus":"CHANUNAVAIL")"));
    EXPECT_THAT(office.why("1448037433.1"), HasSubstr("SIP/bob is not registered"));
}

TEST_F(Dialling, AllBusyIsBusy) {
    give_bob({"bob-desk", "bob-soft"});
    const auto alice = office.call("alice", "1002");
    office.refuse(office.invited(0), Cause::UserBusy);
    EXPECT_EQ(office.end_of(alice), Cause::Unknown);
    office.refuse(office.invited(1), Cause::UserBusy);
    EXPECT_EQ(office.end_of(alice), Cause::UserBusy);
    EXPECT_THAT(last_hangup(), HasSubstr(R"("dialstatus":"BUSY")"));
}

TEST_F(Dialling, DeclinedIsRejected) {
    const auto alice = office.call("alice", "1002");
    office.ringing(office.invited(0));
    office.refuse(office.invited(0), Cause::CallRejected);
    EXPECT_EQ(office.end_of(alice), Cause::CallRejected);
}

TEST_F(Dialling, OneBusyPhoneDoesNotEndTheRingingOfTheOthers) {
    give_bob({"bob-desk", "bob-soft"});
    office.call("alice", "1002");
    office.refuse(office.invited(0), Cause::UserBusy);
    office.answer(office.invited(1));
    EXPECT_EQ(office.core->bridge_count(), 1U);
}

TEST_F(Dialling, ADeclineOfThePersonStopsAllPhonesAndIsWhatTheCallerHears) {
    give_bob({"bob-desk", "bob-soft", "bob-mobile"});
    const auto alice = office.call("alice", "1002");
    office.refuse(office.invited(2), Cause::UserBusy);
    office.refuse(office.invited(0), Cause::CallRejected, Refusal::OfPerson);
    EXPECT_EQ(office.end_of(office.invited(1)), Cause::CallRejected);
    EXPECT_EQ(office.end_of(alice), Cause::CallRejected);
    EXPECT_TRUE(office.core->channel_count() == 0);
}

TEST_F(Dialling, EachSwitchTakesAHopAndTheLastOneRefuses) {
    office.call("alice", "1002");
    EXPECT_EQ(office.phones.invited[0].second.hops, kMostHops - 1);
    IncomingCall weary;
    weary.endpoint = "carol";
    weary.line = model::LineId{3};
    weary.exten = "1001";
    weary.offer = *sdp::SessionDescription::parse(CallOffice::kPhoneOffer);
    weary.hops = 1;
    office.core->incoming(office.core->new_channel_id(), office.phones, weary);
    ASSERT_EQ(office.phones.invited.size(), 2U);
    EXPECT_EQ(office.phones.invited[1].second.hops, 0);
    weary.hops = 0;
    const auto last = office.core->new_channel_id();
    office.core->incoming(last, office.phones, weary);
    EXPECT_EQ(office.phones.invited.size(), 2U);
    EXPECT_EQ(office.end_of(last), Cause::ExchangeRoutingError);
}

TEST_F(Dialling, BusyAndThenUnansweredIsNoAnswer) {
    give_bob({"bob-desk", "bob-soft"});
    const auto alice = office.call("alice", "1002");
    office.refuse(office.invited(0), Cause::UserBusy);
    office.pass(30s);
    EXPECT_EQ(office.end_of(alice), Cause::NoAnswer);
}

TEST_F(Dialling, FirstAnswerWinsAndTheOthersAreToldSo) {
    give_bob({"bob-desk", "bob-soft", "bob-mobile"});
    office.call("alice", "1002");
    office.ringing(office.invited(0));
    office.answer(office.invited(1));
    EXPECT_EQ(office.end_of(office.invited(0)), Cause::AnsweredElsewhere);
    EXPECT_EQ(office.end_of(office.invited(2)), Cause::AnsweredElsewhere);
    EXPECT_EQ(office.end_of(office.invited(1)), Cause::Unknown);
    EXPECT_EQ(office.core->channel_count(), 2U);
}

TEST_F(Dialling, SecondOfTwoCrossingAnswersIsHungUpAtOnce) {
    give_bob({"bob-desk", "bob-soft"});
    office.phones.on_invite = [&](ChannelId channel, const OutgoingCall&) {
        office.core->answered(channel, *sdp::SessionDescription::parse(CallOffice::kPhoneAnswer));
    };
    office.call("alice", "1002");
    EXPECT_EQ(office.end_of(office.invited(1)), Cause::AnsweredElsewhere);
    EXPECT_EQ(office.core->bridge_count(), 1U);
    EXPECT_EQ(office.phones.count("answer"), 1U);
}

TEST_F(Dialling, LateAnswerOfAPhoneThatWasHungUpIsIgnored) {
    give_bob({"bob-desk", "bob-soft"});
    office.call("alice", "1002");
    office.answer(office.invited(0));
    office.answer(office.invited(1));
    EXPECT_EQ(office.core->channel_count(), 2U);
}

TEST_F(Dialling, SimultaneousCallsLimitIsBusy) {
    change_bob([](model::User& bob) { bob.simultaneous_calls = 1; });
    office.call("alice", "1002");
    office.answer(office.invited(0));
    const auto carol = office.call("carol", "1002");
    EXPECT_EQ(office.end_of(carol), Cause::UserBusy);
    EXPECT_EQ(office.phones.invited.size(), 1U);
    EXPECT_THAT(office.why("SIP/carol-00000003"), HasSubstr("simultaneous_calls"));
}

TEST_F(Dialling, SimultaneousCallsCountsOwnCallsAndFreesThemWhenTheyEnd) {
    change_bob([](model::User& bob) { bob.simultaneous_calls = 1; });
    const auto bob = office.call("bob", "1003");
    EXPECT_EQ(office.end_of(office.call("alice", "1002")), Cause::UserBusy);
    office.hang_up(bob);
    office.call("alice", "1002");
    EXPECT_EQ(office.phones.invited.back().second.endpoint, "bob");
}

TEST_F(Dialling, ManyPhonesOfOneUserAreOneCall) {
    change_bob([](model::User& bob) { bob.simultaneous_calls = 2; });
    give_bob({"bob-desk", "bob-soft", "bob-mobile"});
    office.call("alice", "1002");
    const auto carol = office.call("carol", "1002");
    EXPECT_EQ(office.end_of(carol), Cause::Unknown);
    EXPECT_EQ(office.phones.invited.size(), 6U);
}

TEST_F(Dialling, DisabledUserIsNotRung) {
    change_bob([](model::User& bob) { bob.enabled = false; });
    EXPECT_EQ(office.end_of(office.call("alice", "1002")), Cause::CallRejected);
    EXPECT_EQ(office.phones.invited.size(), 0U);
}

TEST_F(Dialling, CallingOneselfIsBusy) {
    EXPECT_EQ(office.end_of(office.call("alice", "1001")), Cause::UserBusy);
    EXPECT_TRUE(office.core->idle());
}

TEST_F(Dialling, NoCommonCodecIsRefusedBeforeAnyPhoneRings) {
    office.phones.codecs["bob"] = {"PCMA"};
    const auto alice = office.call("alice", "1002", kSpeexOnly);
    EXPECT_EQ(office.end_of(alice), Cause::BearerCapabilityNotAvailable);
    EXPECT_EQ(office.phones.invited.size(), 0U);
}

/// The encodings of a phone's offer or answer, in their order.
std::vector<std::string> encodings_of(const sdp::SessionDescription& description) {
    std::vector<std::string> encodings;
    for (const auto& format : description.streams.at(0).formats)
        encodings.push_back(format.encoding);
    return encodings;
}

TEST_F(Dialling, WithoutACommonCodecTheSoundIsTranscoded) {
    const auto alice = office.call("alice", "1002", kOpusOnly);
    const auto bob = office.invited(0);
    EXPECT_EQ(encodings_of(*office.phones.invited[0].second.offer).front(), "OPUS");
    office.answer(bob);
    EXPECT_EQ(encodings_of(office.phones.told[alice]), (std::vector<std::string>{"OPUS"}));
    EXPECT_TRUE(office.recorder.joined(office.port_of(alice), office.port_of(bob)));
    EXPECT_EQ(office.recorder.configured(office.port_of(alice)).formats[0].encoding, "OPUS");
    EXPECT_EQ(office.recorder.configured(office.port_of(bob)).formats[0].encoding, "PCMA");
    office.hang_up(alice);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

// INS-134: our preferred codec, those of the caller's offer, all others. What both speak is not transcoded,
// so that a preferred codec that the caller does not speak is one of the others.
TEST_F(Dialling, CodecsAreOfferedInTheOrderOfThePreferredTheSharedAndTheOthers) {
    office.phones.codecs["bob"] = {"PCMU", "G722", "PCMA"};
    office.call("alice", "1002");
    EXPECT_EQ(encodings_of(*office.phones.invited[0].second.offer),
              (std::vector<std::string>{"PCMU", "PCMA", "G722", "TELEPHONE-EVENT"}));
    office.phones.codecs["carol"] = {"G722", "PCMU", "PCMA"};
    office.call("alice", "1003");
    EXPECT_EQ(encodings_of(*office.phones.invited[1].second.offer),
              (std::vector<std::string>{"PCMA", "PCMU", "G722", "TELEPHONE-EVENT"}));
}

TEST_F(Dialling, TwoFormatsOfOneCodecAreOfferedBoth_AndNoNumberChangesItsMeaning) {
    office.call("alice", "1002",
                "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
                "m=audio 4000 RTP/AVP 96 97 98 101\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 stereo=1\r\n"
                "a=rtpmap:97 opus/48000/2\r\na=fmtp:97 useinbandfec=1\r\na=rtpmap:98 GSM/8000\r\n"
                "a=rtpmap:101 telephone-event/48000\r\na=sendrecv\r\n");
    const auto& formats = office.phones.invited[0].second.offer->streams[0].formats;
    std::map<int, std::string> offered;
    for (const auto& format : formats)
        EXPECT_TRUE(offered.emplace(format.payload_type, format.encoding + " " + format.parameters).second);
    EXPECT_EQ(offered[96], "OPUS stereo=1");
    EXPECT_EQ(offered[97], "OPUS useinbandfec=1");
    EXPECT_EQ(offered[98], "GSM ");
    EXPECT_EQ(offered[101].substr(0, 15), "TELEPHONE-EVENT");
    EXPECT_EQ(offered[8], "PCMA ");
}

TEST_F(Dialling, WhatAnEndpointMayNotUseItIsNotAnsweredWith) {
    office.phones.codecs["alice"] = {"PCMU"};
    const auto alice = office.call("alice", "1002");
    office.answer(office.invited(0));
    EXPECT_EQ(encodings_of(office.phones.told[alice]).front(), "PCMU");
    EXPECT_EQ(office.core->bridge_count(), 1U);
}

TEST_F(Dialling, PacketsThatWeMakeAreAsLongAsThePartyWants) {
    std::string wants(kOpusOnly);
    wants += "a=ptime:40\r\n";
    const auto alice = office.call("alice", "1002", wants);
    office.answer(office.invited(0));
    EXPECT_EQ(office.recorder.configured(office.port_of(alice)).packet_time, 40ms);
    EXPECT_EQ(office.recorder.configured(office.port_of(office.invited(0))).packet_time, 20ms);
}

TEST_F(Dialling, ListsThatExcludeEachOtherShareNothing) {
    office.phones.codecs["alice"] = {"OPUS"};
    office.phones.codecs["bob"] = {"PCMA"};
    EXPECT_EQ(office.end_of(office.call("alice", "1002")), Cause::BearerCapabilityNotAvailable);
}

TEST_F(Dialling, TheCalledPartyIsOfferedWhatBothMayUse) {
    office.phones.codecs["alice"] = {"PCMU", "PCMA"};
    office.phones.codecs["bob"] = {"PCMU", "OPUS"};
    office.call("alice", "1002");
    const auto& formats = office.phones.invited[0].second.offer->streams[0].formats;
    ASSERT_EQ(formats.size(), 4U);
    EXPECT_EQ(formats[0].encoding, "PCMU");
    EXPECT_EQ(formats[1].encoding, "OPUS");
    EXPECT_EQ(formats[2].encoding, "TELEPHONE-EVENT");
    EXPECT_EQ(formats[3].encoding, "TELEPHONE-EVENT");
}

TEST_F(Dialling, AnswerWithoutACodecOfTheCallerIsHungUp) {
    const auto alice = office.call("alice", "1002");
    office.answer(office.invited(0), kSpeexOnly);
    EXPECT_EQ(office.end_of(office.invited(0)), Cause::BearerCapabilityNotAvailable);
    EXPECT_EQ(office.end_of(alice), Cause::BearerCapabilityNotAvailable);
    EXPECT_TRUE(office.core->idle());
}

TEST_F(Dialling, WithoutPortsTheCallIsRefused) {
    media::PortsExhausted exhausted{"the range is used up"};
    // The recorder gives what is asked for, so a core of its own is used here.
    test::MediaRecorder silent;
    CallCore core(CallOffice::default_settings(), office.clock, office.random, silent, office.events,
                  office.snapshot);
    core.add(office.phones);
    core.start();
    core.on_media(exhausted);
    IncomingCall call;
    call.technology = "SIP";
    call.endpoint = "alice";
    call.line = model::LineId{1};
    call.exten = "1002";
    call.offer = *sdp::SessionDescription::parse(CallOffice::kPhoneOffer);
    const auto alice = core.new_channel_id();
    core.incoming(alice, office.phones, call);
    EXPECT_EQ(office.end_of(alice), Cause::NoCircuitAvailable);
    EXPECT_TRUE(core.idle());
}

TEST_F(Dialling, TheCoreIsReadyWhenPortsForTheFirstCallsAreThere) {
    test::MediaRecorder silent;
    CallCore core(CallOffice::default_settings(), office.clock, office.random, silent, office.events,
                  office.snapshot);
    EXPECT_FALSE(core.ready());
    core.advance();
    EXPECT_FALSE(core.ready());
    core.on_media(media::PortsReady{std::vector<std::uint16_t>(15, 10'000)});
    EXPECT_FALSE(core.ready());
    core.on_media(media::PortsReady{{10'030}});
    EXPECT_TRUE(core.ready());
}

TEST_F(Dialling, AnEngineWithFewPortsKeepsNobodyWaiting) {
    test::MediaRecorder silent;
    CallCore core(CallOffice::default_settings(), office.clock, office.random, silent, office.events,
                  office.snapshot);
    core.advance();
    core.on_media(media::PortsExhausted{"the range is used up"});
    EXPECT_TRUE(core.ready());
}

TEST_F(Dialling, EarlyMediaOfASinglePhoneIsHeardByTheCaller) {
    const auto alice = office.call("alice", "1002");
    office.progress(office.invited(0));
    EXPECT_EQ(office.phones.count("progress"), 1U);
    EXPECT_TRUE(office.recorder.joined(office.port_of(alice), office.port_of(office.invited(0))));
    office.answer(office.invited(0));
    EXPECT_EQ(office.phones.count("answer"), 1U);
    EXPECT_EQ(office.core->bridge_count(), 1U);
}

TEST_F(Dialling, EarlyMediaOfSeveralPhonesIsRinging) {
    give_bob({"bob-desk", "bob-soft"});
    office.call("alice", "1002");
    office.progress(office.invited(0));
    EXPECT_EQ(office.phones.count("progress"), 0U);
    EXPECT_EQ(office.phones.count("ring"), 1U);
}

TEST_F(Dialling, SameAnswerAfterEarlyMediaKeepsTheVersion) {
    const auto alice = office.call("alice", "1002");
    office.progress(office.invited(0));
    const auto version = office.phones.told[alice].version;
    office.answer(office.invited(0));
    EXPECT_EQ(office.phones.told[alice].version, version);
}

TEST_F(Dialling, RedirectionIsResolvedInTheContextOfTheCalledLine) {
    office.call("alice", "1002");
    office.redirect(office.invited(0), "1003");
    ASSERT_EQ(office.phones.invited.size(), 2U);
    EXPECT_EQ(office.phones.invited[1].second.endpoint, "carol");
    office.ringing(office.invited(1));
    office.answer(office.invited(1));
    EXPECT_EQ(office.core->bridge_count(), 1U);
    EXPECT_THAT(office.why("1448037433.1"), HasSubstr("SIP/bob-00000002 redirects to 1003"));
}

TEST_F(Dialling, RedirectionToAnUnknownNumberEndsThere) {
    const auto alice = office.call("alice", "1002");
    office.redirect(office.invited(0), "1999");
    EXPECT_EQ(office.end_of(alice), Cause::UnallocatedNumber);
}

TEST_F(Dialling, RedirectionToWhomAlreadyRingsRingsNobodyTwice) {
    give_bob({"bob-desk", "bob-soft"});
    office.call("alice", "1002");
    office.redirect(office.invited(0), "1003");
    office.redirect(office.invited(1), "1003");
    EXPECT_EQ(office.phones.invited.size(), 3U);
}

TEST_F(Dialling, ElevenRedirectionsAreALoop) {
    const auto alice = office.call("alice", "1002");
    for (std::size_t i = 0; i < 10; ++i)
        office.redirect(office.invited(i), i % 2 == 0 ? "1003" : "1002");
    EXPECT_EQ(office.end_of(alice), Cause::Unknown);
    office.redirect(office.invited(10), "1003");
    EXPECT_EQ(office.end_of(alice), Cause::ExchangeRoutingError);
    EXPECT_TRUE(office.core->idle());
}

TEST_F(Dialling, AfterARedirectionTheCallerWhoHeardEarlyMediaHearsRinging) {
    office.call("alice", "1002");
    office.progress(office.invited(0));
    office.redirect(office.invited(0), "1003");
    office.ringing(office.invited(1));
    EXPECT_EQ(office.phones.count("ring"), 1U);
}

TEST_F(Dialling, CallWithoutOfferOffersWhatTheCalledPartyChoseBeforeWhatElseBothMayUse) {
    const auto alice = office.call("alice", "1002", "");
    ASSERT_TRUE(office.phones.invited[0].second.offer.has_value());
    EXPECT_EQ(office.phones.invited[0].second.offer->streams[0].formats[0].encoding, "PCMA");
    office.answer(office.invited(0));
    const auto& offer = office.phones.told[alice];
    std::vector<std::string> encodings;
    for (const auto& format : offer.streams[0].formats)
        encodings.push_back(format.encoding);
    EXPECT_EQ(encodings, (std::vector<std::string>{"PCMA", "PCMU", "G722", "OPUS", "TELEPHONE-EVENT"}));
    EXPECT_FALSE(office.recorder.joined(office.port_of(alice), office.port_of(office.invited(0))));
    office.answer_offer(alice, CallOffice::kPhoneAnswer);
    EXPECT_TRUE(office.recorder.joined(office.port_of(alice), office.port_of(office.invited(0))));
    office.hang_up(alice);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(Dialling, CallerWithoutOfferWhoChoosesOtherwiseHasTheCalledPartyAskedAnew) {
    const auto alice = office.call("alice", "1002", "");
    const auto bob = office.invited(0);
    office.answer(bob);
    office.answer_offer(alice, with_codec("PCMU"));
    // Until he answers they hear each other as well.
    EXPECT_TRUE(office.recorder.joined(office.port_of(alice), office.port_of(bob)));
    EXPECT_EQ(office.phones.told[bob].streams[0].formats[0].encoding, "PCMU");
    office.answer_offer(bob, with_codec("PCMU"));
    EXPECT_TRUE(office.recorder.joined(office.port_of(alice), office.port_of(bob)));
}

TEST_F(Dialling, CallWhoseTwoPartiesFindNoCodecIsTranscoded) {
    const auto alice = office.call("alice", "1002", "");
    const auto bob = office.invited(0);
    office.answer(bob);
    office.answer_offer(alice, with_codec("PCMU"));
    office.refuse_offer(bob, Cause::BearerCapabilityNotAvailable);
    EXPECT_EQ(office.phones.told[alice].streams[0].formats[0].encoding, "PCMA");
    office.refuse_offer(alice, Cause::BearerCapabilityNotAvailable);
    EXPECT_EQ(office.core->bridge_count(), 1U);
    EXPECT_TRUE(office.recorder.joined(office.port_of(alice), office.port_of(bob)));
    EXPECT_EQ(office.recorder.configured(office.port_of(alice)).formats[0].encoding, "PCMU");
    EXPECT_EQ(office.recorder.configured(office.port_of(bob)).formats[0].encoding, "PCMA");
}

TEST_F(Dialling, APhoneThatRingsMayChangeItsEarlyMedia) {
    // RFC 3311 5.2: UPDATE in an early dialog whose first offer is answered.
    const auto alice = office.call("alice", "1002");
    const auto bob = office.invited(0);
    office.progress(bob);
    std::string moved(CallOffice::kPhoneAnswer);
    moved.replace(moved.find("5000"), 4, "5002");
    office.offer(bob, moved);
    EXPECT_EQ(office.phones.count("answer_offer"), 1U);
    EXPECT_EQ(office.recorder.configured(office.port_of(bob)).remote.port, 5002);
    // The caller has been told PCMA, and goes on with it.
    office.offer(bob, with_codec("PCMU"));
    EXPECT_EQ(office.phones.count("answer_offer"), 2U);
    EXPECT_EQ(office.recorder.configured(office.port_of(bob)).formats[0].encoding, "PCMU");
    office.offer(bob, kSpeexOnly);
    EXPECT_EQ(office.phones.count("refuse_offer"), 1U);
    office.offer(bob, moved);
    office.core->answered(bob, {});
    EXPECT_EQ(office.core->bridge_count(), 1U);
    EXPECT_EQ(office.recorder.configured(office.port_of(bob)).remote.port, 5002);
    EXPECT_EQ(office.phones.told[alice].streams[0].formats[0].encoding, "PCMA");
}

TEST_F(Dialling, OneOfSeveralPhonesMayChangeItsCodecBeforeTheCallerHearsIt) {
    give_bob({"bob-desk", "bob-soft"});
    const auto alice = office.call("alice", "1002");
    office.progress(office.invited(1));
    office.offer(office.invited(1), with_codec("PCMU"));
    EXPECT_EQ(office.phones.count("answer_offer"), 1U);
    office.core->answered(office.invited(1), {});
    EXPECT_EQ(office.phones.told[alice].streams[0].formats[0].encoding, "PCMU");
    EXPECT_TRUE(office.recorder.joined(office.port_of(alice), office.port_of(office.invited(1))));
}

TEST_F(Dialling, CallWithoutOfferWhoseCallerAcceptsNothingEnds) {
    const auto alice = office.call("alice", "1002", "");
    office.answer(office.invited(0));
    office.refuse_offer(alice, Cause::BearerCapabilityNotAvailable);
    EXPECT_EQ(office.end_of(alice), Cause::BearerCapabilityNotAvailable);
    EXPECT_EQ(office.end_of(office.invited(0)), Cause::BearerCapabilityNotAvailable);
}

TEST_F(Dialling, LineOfTheCallerShowsItsOwnCallerId) {
    office.configure([&](model::SnapshotBuilder& builder) {
        auto line = office.line(1);
        line.caller_id_name = "Reception";
        line.caller_id_number = "1000";
        builder.put(line);
    });
    office.call("alice", "1002");
    EXPECT_EQ(office.phones.invited[0].second.caller, (CallerId{"Reception", "1000", false}));
}

TEST_F(Dialling, ChangedConfigurationIsSeenByTheNextCall) {
    office.configure([&](model::SnapshotBuilder& builder) {
        builder.put(model::Extension{model::ExtensionId{7}, "1500", "default"});
        builder.put(model::LineExtension{model::LineId{3}, model::ExtensionId{7}, false});
    });
    office.call("alice", "1500");
    ASSERT_EQ(office.phones.invited.size(), 1U);
    EXPECT_EQ(office.phones.invited[0].second.endpoint, "carol");
}

TEST(BetterCause, APersonsDecisionBeforeADevicesStateBeforeATechnicalFailure) {
    EXPECT_EQ(better_cause(Cause::UserBusy, Cause::CallRejected), Cause::CallRejected);
    EXPECT_EQ(better_cause(Cause::UserBusy, Cause::NoAnswer), Cause::NoAnswer);
    EXPECT_EQ(better_cause(Cause::SubscriberAbsent, Cause::UserBusy), Cause::UserBusy);
    EXPECT_EQ(better_cause(Cause::SubscriberAbsent, Cause::DestinationOutOfOrder),
              Cause::DestinationOutOfOrder);
    EXPECT_EQ(better_cause(Cause::Unknown, Cause::SubscriberAbsent), Cause::SubscriberAbsent);
    EXPECT_EQ(better_cause(Cause::CallRejected, Cause::Unknown), Cause::CallRejected);
}

}  // namespace
}  // namespace almon::pbx
