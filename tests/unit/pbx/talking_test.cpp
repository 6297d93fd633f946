// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/call_office.hpp"

namespace almon::pbx {
namespace {

using namespace std::chrono_literals;
using sdp::Direction;
using test::CallOffice;
using test::with_direction;
using testing::HasSubstr;

constexpr std::string_view kWithVideo =
    "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 "
    "telephone-event/8000\r\na=sendrecv\r\n"
    "m=video 4002 RTP/AVP 97\r\na=rtpmap:97 VP8/90000\r\n";
constexpr std::string_view kAnswerWithVideo =
    "v=0\r\no=- 2 2 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\n"
    "m=audio 5000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 "
    "telephone-event/8000\r\na=sendrecv\r\n"
    "m=video 5002 RTP/AVP 97\r\na=rtpmap:97 VP8/90000\r\n";
constexpr std::string_view kOtherCodec =
    "v=0\r\no=- 1 3 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
    "m=audio 4000 RTP/AVP 9\r\na=rtpmap:9 G722/8000\r\na=sendrecv\r\n";
constexpr std::string_view kNoEvents =
    "v=0\r\no=- 2 1 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\n"
    "m=audio 5000 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=sendrecv\r\n";

/// Alice and Bob talk.
class Talking : public testing::Test {
protected:
    Talking() : Talking(CallOffice::default_settings()) {}
    explicit Talking(CallCoreSettings settings) : office(std::move(settings)) {
        alice = office.call("alice", "1002");
        bob = office.invited(0);
        office.answer(bob);
        to_alice = office.port_of(alice);
        to_bob = office.port_of(bob);
        office.phones.verbs.clear();
    }
    [[nodiscard]] media::ConfigureLeg alices_leg() const { return office.recorder.configured(to_alice); }
    [[nodiscard]] media::ConfigureLeg bobs_leg() const { return office.recorder.configured(to_bob); }

    CallOffice office;
    ChannelId alice;
    ChannelId bob;
    std::uint16_t to_alice = 0;
    std::uint16_t to_bob = 0;
};

TEST_F(Talking, HoldIsAnsweredAloneAndSilencesThePeer) {
    office.offer(alice, with_direction(CallOffice::kPhoneOffer, "sendonly"));
    EXPECT_EQ(office.phones.verbs, (std::vector<std::string>{"answer_offer 1", "hold 2"}));
    EXPECT_EQ(office.phones.told[alice].streams[0].direction, Direction::ReceiveOnly);
    EXPECT_FALSE(bobs_leg().sends);
    EXPECT_FALSE(alices_leg().receives);
    EXPECT_FALSE(alices_leg().sends);
}

TEST_F(Talking, ResumeRestoresBothWays) {
    office.offer(alice, with_direction(CallOffice::kPhoneOffer, "sendonly"));
    office.offer(alice, CallOffice::kPhoneOffer);
    EXPECT_EQ(office.phones.held[bob], false);
    EXPECT_EQ(office.phones.told[alice].streams[0].direction, Direction::SendReceive);
    EXPECT_TRUE(bobs_leg().sends);
    EXPECT_TRUE(bobs_leg().receives);
    EXPECT_TRUE(alices_leg().sends);
    EXPECT_TRUE(alices_leg().receives);
}

TEST_F(Talking, HoldByTheCalledParty) {
    office.offer(bob, with_direction(CallOffice::kPhoneAnswer, "inactive"));
    EXPECT_EQ(office.phones.told[bob].streams[0].direction, Direction::Inactive);
    EXPECT_EQ(office.phones.held[alice], true);
    EXPECT_FALSE(alices_leg().sends);
    office.offer(bob, CallOffice::kPhoneAnswer);
    EXPECT_EQ(office.phones.held[alice], false);
    EXPECT_TRUE(alices_leg().sends);
    EXPECT_TRUE(bobs_leg().receives);
}

TEST_F(Talking, HoldByAddressZero) {
    std::string zero(CallOffice::kPhoneOffer);
    zero.replace(zero.find("c=IN IP4 192.0.2.1"), 18, "c=IN IP4 0.0.0.0");
    office.offer(alice, zero);
    EXPECT_EQ(office.phones.held[bob], true);
    EXPECT_FALSE(bobs_leg().sends);
}

TEST_F(Talking, BothMayHoldAtOnceAndResumeInAnyOrder) {
    office.offer(alice, with_direction(CallOffice::kPhoneOffer, "sendonly"));
    office.offer(bob, with_direction(CallOffice::kPhoneAnswer, "sendonly"));
    EXPECT_FALSE(alices_leg().sends);
    EXPECT_FALSE(bobs_leg().sends);
    office.offer(alice, CallOffice::kPhoneOffer);
    EXPECT_FALSE(alices_leg().sends);
    EXPECT_EQ(office.phones.told[alice].streams[0].direction, Direction::SendReceive);
    office.offer(bob, CallOffice::kPhoneAnswer);
    EXPECT_TRUE(alices_leg().sends);
    EXPECT_TRUE(bobs_leg().sends);
    EXPECT_EQ(office.phones.count("offer"), 0U);
}

TEST_F(Talking, ANewAddressIsFollowedWithoutAskingThePeer) {
    std::string moved(CallOffice::kPhoneOffer);
    moved.replace(moved.find("c=IN IP4 192.0.2.1"), 18, "c=IN IP4 192.0.2.9");
    office.offer(alice, moved);
    EXPECT_EQ(office.phones.verbs, (std::vector<std::string>{"answer_offer 1"}));
    EXPECT_EQ(alices_leg().remote.text(), "192.0.2.9:4000");
}

TEST_F(Talking, AnsweringAloneKeepsTheCodecInUse) {
    // The phone offers all it can again; only what was agreed is answered.
    office.offer(bob, with_direction(CallOffice::kPhoneOffer, "sendonly"));
    ASSERT_EQ(office.phones.told[bob].streams[0].formats.size(), 2U);
    EXPECT_EQ(office.phones.told[bob].streams[0].formats[0].encoding, "PCMA");
    EXPECT_EQ(office.phones.count("offer"), 0U);
}

TEST_F(Talking, VersionGrowsWithEveryChange) {
    const auto first = office.phones.told[alice].version;
    office.offer(alice, with_direction(CallOffice::kPhoneOffer, "sendonly"));
    const auto second = office.phones.told[alice].version;
    office.offer(alice, with_direction(CallOffice::kPhoneOffer, "sendonly"));
    EXPECT_LT(first, second);
    EXPECT_EQ(office.phones.told[alice].version, second);
    EXPECT_EQ(office.phones.told[alice].session_id, alice.value);
}

TEST_F(Talking, AddedVideoIsOfferedToThePeerAndItsAnswerComesBack) {
    office.offer(alice, kWithVideo);
    EXPECT_EQ(office.phones.verbs, (std::vector<std::string>{"offer 2"}));
    ASSERT_EQ(office.phones.told[bob].streams.size(), 2U);
    office.answer_offer(bob, kAnswerWithVideo);
    EXPECT_EQ(office.phones.verbs.back(), "answer_offer 1");
    ASSERT_EQ(office.phones.told[alice].streams.size(), 2U);
    EXPECT_FALSE(office.phones.told[alice].streams[1].refused());
    EXPECT_TRUE(office.recorder.joined(office.port_of(alice, 1), office.port_of(bob, 1)));
    EXPECT_EQ(office.recorder.configured(office.port_of(bob, 1)).remote.text(), "192.0.2.2:5002");
    EXPECT_EQ(office.port_of(alice), to_alice);
    EXPECT_EQ(office.port_of(bob), to_bob);
}

TEST_F(Talking, RemovedVideoClosesItsLegs) {
    office.offer(alice, kWithVideo);
    office.answer_offer(bob, kAnswerWithVideo);
    std::string without(kWithVideo);
    without.replace(without.find("m=video 4002"), 12, "m=video 0");
    std::string answer(kAnswerWithVideo);
    answer.replace(answer.find("m=video 5002"), 12, "m=video 0");
    office.offer(alice, without);
    EXPECT_EQ(office.phones.verbs.back(), "offer 2");
    office.answer_offer(bob, answer);
    EXPECT_EQ(office.recorder.all<media::CloseLeg>().size(), 2U);
    office.hang_up(alice);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(Talking, PeersRefusalRefusesTheOfferAndTheOldMediaGoesOn) {
    office.offer(alice, kOtherCodec);
    EXPECT_EQ(office.phones.verbs, (std::vector<std::string>{"offer 2"}));
    office.refuse_offer(bob, Cause::BearerCapabilityNotAvailable);
    EXPECT_EQ(office.phones.verbs.back(), "refuse_offer 1 Bearer capability not available");
    EXPECT_EQ(alices_leg().formats[0].encoding, "PCMA");
    EXPECT_EQ(office.core->bridge_count(), 1U);
    office.offer(alice, with_direction(CallOffice::kPhoneOffer, "sendonly"));
    EXPECT_EQ(office.phones.held[bob], true);
}

TEST_F(Talking, RefusedVideoIsNotAskedForAgainByAHold) {
    office.offer(alice, kWithVideo);
    std::string answer(kAnswerWithVideo);
    answer.replace(answer.find("m=video 5002"), 12, "m=video 0");
    office.answer_offer(bob, answer);
    office.phones.verbs.clear();
    office.offer(alice, with_direction(kWithVideo, "sendonly"));
    EXPECT_EQ(office.phones.verbs, (std::vector<std::string>{"answer_offer 1", "hold 2"}));
    EXPECT_TRUE(office.phones.told[alice].streams[1].refused());
}

TEST_F(Talking, OfferThatNobodyMayUseIsRefusedAtOnce) {
    office.phones.codecs["alice"] = {"PCMA"};
    office.offer(alice, kOtherCodec);
    EXPECT_EQ(office.phones.verbs,
              (std::vector<std::string>{"refuse_offer 1 Bearer capability not available"}));
}

TEST_F(Talking, GlareAnOfferWhileOursIsOpenIsRefused) {
    office.offer(alice, kOtherCodec);
    office.phones.verbs.clear();
    office.offer(bob, with_direction(CallOffice::kPhoneAnswer, "sendonly"));
    EXPECT_EQ(office.phones.verbs, (std::vector<std::string>{"refuse_offer 2 Channel unavailable"}));
}

TEST_F(Talking, GlareThePeersRefusalToBeTriedAgainIsPassedOn) {
    office.offer(alice, kOtherCodec);
    office.refuse_offer(bob, Cause::ChannelUnavailable);
    EXPECT_EQ(office.phones.verbs.back(), "refuse_offer 1 Channel unavailable");
}

TEST_F(Talking, OfferWithoutDescriptionGetsTheLastOneAgain) {
    const auto before = office.phones.told[alice];
    office.offer(alice, "");
    EXPECT_EQ(office.phones.verbs, (std::vector<std::string>{"answer_offer 1"}));
    EXPECT_EQ(office.phones.told[alice], before);
    office.answer_offer(alice, with_direction(CallOffice::kPhoneAnswer, "sendonly"));
    EXPECT_EQ(office.phones.held[bob], true);
    office.offer(alice, "");
    office.answer_offer(alice, CallOffice::kPhoneAnswer);
    EXPECT_EQ(office.phones.held[bob], false);
    EXPECT_TRUE(bobs_leg().sends);
}

TEST_F(Talking, CalledPartyWhoAsksForAnOfferGetsTheCodecInUse) {
    office.offer(bob, "");
    ASSERT_EQ(office.phones.told[bob].streams[0].formats.size(), 2U);
    EXPECT_EQ(office.phones.told[bob].streams[0].formats[0].encoding, "PCMA");
}

TEST_F(Talking, HangUpDuringARelayedOfferEndsBoth) {
    office.offer(alice, kWithVideo);
    office.hang_up(alice);
    EXPECT_EQ(office.phones.ended.at(bob), Cause::NormalClearing);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(Talking, DigitBySignallingReachesThePeerAsMedia) {
    office.press(alice, '5');
    const auto digits = office.recorder.all<media::SendDigit>();
    ASSERT_EQ(digits.size(), 1U);
    EXPECT_EQ(digits[0].digit, '5');
    EXPECT_EQ(digits[0].leg, office.recorder.leg_at(to_bob));
}

TEST_F(Talking, DigitInMediaPassesByItselfAndIsRecorded) {
    office.media(media::DigitReceived{office.recorder.leg_at(to_alice), '7', 120ms});
    EXPECT_TRUE(office.phones.verbs.empty());
    EXPECT_TRUE(office.recorder.all<media::SendDigit>().empty());
    EXPECT_THAT(office.why("1448037433.1"), HasSubstr("SIP/alice-00000001 presses 7"));
}

TEST_F(Talking, PhoneThatWantsDigitsBySignallingGetsThemSo) {
    office.phones.takes_signalled_digits = true;
    office.press(bob, '#');
    EXPECT_EQ(office.phones.verbs, (std::vector<std::string>{"send_digit 1 #"}));
    EXPECT_TRUE(office.recorder.all<media::SendDigit>().empty());
}

TEST_F(Talking, CauseOfTheHangUpReachesThePeer) {
    office.hang_up(bob, Cause::DestinationOutOfOrder);
    EXPECT_EQ(office.phones.ended.at(alice), Cause::DestinationOutOfOrder);
}

TEST_F(Talking, StatisticsOfEachLegAreKeptInTheTrace) {
    office.hang_up(alice);
    for (const auto& close : office.recorder.all<media::CloseLeg>()) {
        media::LegStatistics figures;
        figures.packets_received = 500;
        figures.mos = 4.4;
        office.media(media::LegClosed{close.leg, figures});
    }
    EXPECT_THAT(office.why("1448037433.1"),
                HasSubstr("media of SIP/alice-00000001, stream 0: 500 packets in"));
}

TEST(TalkingWithoutEvents, DigitInMediaGoesBySignallingToAPeerWithoutTelephoneEvent) {
    CallOffice office;
    const auto alice = office.call("alice", "1002");
    office.answer(office.invited(0), kNoEvents);
    EXPECT_TRUE(std::ranges::any_of(office.phones.told[alice].streams[0].formats,
                                    [](const auto& format) { return format.encoding == "TELEPHONE-EVENT"; }));
    office.media(media::DigitReceived{office.recorder.leg_at(office.port_of(alice)), '7', 120ms});
    EXPECT_EQ(office.phones.verbs.back(), "send_digit 2 7");
}

TEST(TalkingWithoutEvents, CalledPartyIsOfferedEventsThoughTheCallerHasNone) {
    CallOffice office;
    const auto alice = office.call("alice", "1002", kNoEvents);
    const auto& offered = office.phones.invited[0].second.offer->streams[0].formats;
    EXPECT_TRUE(std::ranges::any_of(offered, [](const auto& format) {
        return format.encoding == "TELEPHONE-EVENT" && format.clock_rate == 8000;
    }));
    office.answer(office.invited(0));
    EXPECT_EQ(office.phones.told[alice].streams[0].formats.size(), 1U);
    office.media(media::DigitReceived{office.recorder.leg_at(office.port_of(office.invited(0))), '3', 120ms});
    EXPECT_EQ(office.phones.verbs.back(), "send_digit 1 3");
}

CallCoreSettings with_media_timeout() {
    auto settings = CallOffice::default_settings();
    settings.media_timeout = 60s;
    return settings;
}

class TalkingWithTimeout : public Talking {
protected:
    TalkingWithTimeout() : Talking(with_media_timeout()) {}
};

TEST_F(TalkingWithTimeout, SilentPartyEndsTheCall) {
    EXPECT_EQ(alices_leg().timeout, 60s);
    office.media(media::MediaTimedOut{office.recorder.leg_at(to_bob)});
    EXPECT_EQ(office.phones.ended.at(alice), Cause::RecoveryOnTimerExpiry);
    EXPECT_EQ(office.phones.ended.at(bob), Cause::RecoveryOnTimerExpiry);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

}  // namespace
}  // namespace almon::pbx
