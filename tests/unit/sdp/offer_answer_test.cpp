// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdp/offer_answer.hpp"

#include <string>

#include <gtest/gtest.h>

namespace almon::sdp {
namespace {

const std::string kHead = "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";

SessionDescription parsed(const std::string& streams) {
    return SessionDescription::parse(kHead + streams).value();
}

const std::string kPhone =
    "m=audio 4000 RTP/AVP 107 9 8 0 101 102\r\na=rtpmap:107 opus/48000/2\r\na=rtpmap:101 "
    "telephone-event/8000\r\n"
    "a=fmtp:101 0-15\r\na=rtpmap:102 telephone-event/48000\r\n";

std::string numbers(const Stream& stream) {
    std::string text;
    for (const auto& format : stream.formats)
        text += (text.empty() ? "" : " ") + std::to_string(format.payload_type);
    return text;
}

TEST(RelayOffer, KeepsOrderNumbersAndParameters) {
    const auto offer = relay_offer(parsed(kPhone), {});
    ASSERT_EQ(offer.streams.size(), 1U);
    EXPECT_EQ(numbers(offer.streams[0]), "107 9 8 0 101 102");
    EXPECT_EQ(offer.streams[0].formats[4].parameters, "0-15");
    EXPECT_FALSE(offer.streams[0].refused());
    EXPECT_TRUE(offer.streams[0].address.is_unspecified());
}

TEST(RelayOffer, DropsCodecsThatAreNotAllowed_AndEventsOfTheirClock) {
    const auto offer = relay_offer(parsed(kPhone), {{"pcma", "PCMU"}, {}});
    EXPECT_EQ(numbers(offer.streams.at(0)), "8 0 101");
}

TEST(RelayOffer, StreamWithoutAnAllowedCodec_IsRefusedInItsPlace) {
    const auto offer = relay_offer(parsed(kPhone + "m=video 4002 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n"),
                                   {{"PCMA"}, {"H264"}});
    ASSERT_EQ(offer.streams.size(), 2U);
    EXPECT_TRUE(offer.streams[1].refused());
    EXPECT_EQ(numbers(offer.streams[1]), "96");
}

TEST(RelayOffer, EventsAlone_AreNoStream) {
    const auto offer =
        relay_offer(parsed("m=audio 4000 RTP/AVP 101\r\na=rtpmap:101 telephone-event/8000\r\n"), {});
    EXPECT_TRUE(offer.streams.at(0).refused());
}

TEST(RelayOffer, LeavesTransportOut) {
    const auto offer = relay_offer(
        parsed(
            "a=ice-lite\r\na=group:BUNDLE 0\r\na=tool:x\r\nm=audio 4000 RTP/AVP 8\r\na=mid:0\r\n"
            "a=candidate:1 1 UDP 1 192.0.2.1 4000 typ host\r\na=ssrc:1 cname:x\r\na=rtcp-mux\r\na=label:4\r\n"
            "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc\r\na=rtcp:9999\r\n"),
        {});
    EXPECT_EQ(offer.attributes, (std::vector<Attribute>{{"tool", "x"}}));
    EXPECT_EQ(offer.streams.at(0).attributes, (std::vector<Attribute>{{"label", "4"}}));
    EXPECT_FALSE(offer.streams.at(0).rtcp);
}

TEST(RelayOffer, SecureOrOtherProtocols_AreRefused) {
    const auto offer = relay_offer(
        parsed("m=audio 9 UDP/TLS/RTP/SAVPF 8\r\nm=image 5004 udptl t38\r\nm=audio 4000 RTP/AVPF 8\r\n"), {});
    EXPECT_TRUE(offer.streams.at(0).refused());
    EXPECT_TRUE(offer.streams.at(1).refused());
    EXPECT_FALSE(offer.streams.at(2).refused());
}

TEST(RelayOffer, RetransmissionsFollowTheCodecTheyRepair) {
    const auto offer =
        relay_offer(parsed("m=video 4000 RTP/AVPF 96 97 98 99\r\na=rtpmap:96 VP8/90000\r\n"
                           "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=rtpmap:98 VP9/90000\r\n"
                           "a=rtpmap:99 rtx/90000\r\na=fmtp:99 apt=98\r\n"),
                    {{}, {"VP9"}});
    EXPECT_EQ(numbers(offer.streams.at(0)), "98 99");
}

TEST(RelayAnswer, FormatsAreNumberedAsOffered) {  // RFC 3264 6.1
    const auto offer = parsed(kPhone);
    const auto answer = parsed(
        "m=audio 6000 RTP/AVP 8 96 100\r\na=rtpmap:96 opus/48000/2\r\na=fmtp:96 useinbandfec=1\r\n"
        "a=rtpmap:100 telephone-event/8000\r\na=ptime:30\r\n");
    const auto relayed = relay_answer(offer, answer).value();
    EXPECT_EQ(numbers(relayed.streams.at(0)), "8 107 101");
    EXPECT_EQ(relayed.streams.at(0).formats.at(1).parameters, "useinbandfec=1");
    EXPECT_EQ(relayed.streams.at(0).ptime_ms, 30U);
}

TEST(RelayAnswer, HasExactlyTheStreamsThatWereOffered) {  // RFC 3264 6: same number of m= lines
    const auto offer = parsed(kPhone + "m=video 4002 RTP/AVP 31\r\nm=image 5004 udptl t38\r\n");
    const auto relayed =
        relay_answer(offer, parsed("m=audio 6000 RTP/AVP 8\r\nm=video 0 RTP/AVP 31\r\n")).value();
    ASSERT_EQ(relayed.streams.size(), 3U);
    EXPECT_FALSE(relayed.streams[0].refused());
    EXPECT_TRUE(relayed.streams[1].refused());
    EXPECT_TRUE(relayed.streams[2].refused());
    EXPECT_EQ(relayed.streams[2].other_formats, (std::vector<std::string>{"t38"}));
    const auto longer =
        relay_answer(parsed(kPhone), parsed("m=audio 6000 RTP/AVP 8\r\nm=audio 7000 RTP/AVP 8\r\n"));
    EXPECT_EQ(longer.value().streams.size(), 1U);
}

TEST(RelayAnswer, WithoutSharedCodec_IsUnsupported) {
    const auto refused =
        relay_answer(parsed("m=audio 4000 RTP/AVP 0\r\n"), parsed("m=audio 6000 RTP/AVP 8\r\n"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Unsupported);
}

TEST(RelayAnswer, DirectionNeverExceedsTheOffer) {  // RFC 3264 6.1
    using enum Direction;
    EXPECT_EQ(answered_direction(SendReceive, SendReceive), SendReceive);
    EXPECT_EQ(answered_direction(SendOnly, SendReceive), ReceiveOnly);
    EXPECT_EQ(answered_direction(ReceiveOnly, SendReceive), SendOnly);
    EXPECT_EQ(answered_direction(Inactive, SendReceive), Inactive);
    EXPECT_EQ(answered_direction(SendOnly, SendOnly), Inactive);
    EXPECT_EQ(answered_direction(SendReceive, ReceiveOnly), ReceiveOnly);
    const auto relayed = relay_answer(parsed("m=audio 4000 RTP/AVP 8\r\na=sendonly\r\n"),
                                      parsed("m=audio 6000 RTP/AVP 8\r\n"));
    EXPECT_EQ(relayed.value().streams.at(0).direction, ReceiveOnly);
}

TEST(LocalAnswer, TakesWhatWeSpeakInTheOfferersOrder) {
    const auto answer = local_answer(parsed(kPhone + "m=audio 4004 RTP/AVP 8\r\n"), {"PCMU", "PCMA"}).value();
    ASSERT_EQ(answer.streams.size(), 2U);
    EXPECT_EQ(numbers(answer.streams[0]), "8 0 101");
    EXPECT_TRUE(answer.streams[1].refused());
    EXPECT_FALSE(local_answer(parsed("m=audio 4000 RTP/AVP 9\r\n"), {"PCMU", "PCMA"}));
}

TEST(LocalAnswer, MirrorsTheDirection) {
    const auto answer = local_answer(parsed("m=audio 4000 RTP/AVP 8\r\na=sendonly\r\n"), {"PCMA"}).value();
    EXPECT_EQ(answer.streams[0].direction, Direction::ReceiveOnly);
}

TEST(MirroredAnswer, HoldAndResume_ChangeDirectionsAndVersionOnly) {  // RFC 3264 8.4
    auto last = relay_answer(parsed(kPhone), parsed("m=audio 6000 RTP/AVP 8\r\n")).value();
    set_addresses(last, {NetAddress::parse("192.0.2.200", 10000).value()});
    last.version = 4;
    const auto held = mirrored_answer(parsed(kPhone + "a=sendonly\r\n"), last, true);
    EXPECT_EQ(held.streams[0].direction, Direction::ReceiveOnly);
    EXPECT_EQ(held.streams[0].address, last.streams[0].address);
    EXPECT_EQ(held.version, 5U);
    const auto resumed = mirrored_answer(parsed(kPhone), held, true);
    EXPECT_EQ(resumed.streams[0].direction, Direction::SendReceive);
    EXPECT_EQ(resumed.version, 6U);
    EXPECT_EQ(mirrored_answer(parsed(kPhone), resumed, true), resumed);
    const auto both_hold = mirrored_answer(parsed(kPhone + "a=sendonly\r\n"), last, false);
    EXPECT_EQ(both_hold.streams[0].direction, Direction::ReceiveOnly);
    EXPECT_EQ(mirrored_answer(parsed(kPhone), last, false).streams[0].direction, Direction::ReceiveOnly);
}

TEST(SameMedia, SeesOnlyWhatTheOtherPartyWouldHaveToKnow) {
    const auto before = parsed(kPhone);
    auto moved = parsed(kPhone + "a=inactive\r\na=ssrc:1 cname:x\r\n");
    moved.version = 99;
    moved.streams[0].address.port = 5000;
    EXPECT_TRUE(same_media(before, moved));
    EXPECT_FALSE(same_media(before, parsed("m=audio 4000 RTP/AVP 8\r\n")));
    EXPECT_FALSE(same_media(before, parsed(kPhone + "m=video 4002 RTP/AVP 31\r\n")));
    auto removed = before;
    removed.streams[0].address.port = 0;
    EXPECT_FALSE(same_media(before, removed));
}

TEST(SetAddresses, FillsLiveStreamsAndTheOrigin) {
    auto offer = relay_offer(parsed("m=video 0 RTP/AVP 31\r\nm=audio 4000 RTP/AVP 8\r\n"), {});
    const auto own = NetAddress::parse("2001:db8::5", 10002).value();
    set_addresses(offer, {own, own});
    EXPECT_TRUE(offer.streams[0].refused());
    EXPECT_EQ(offer.streams[1].address, own);
    EXPECT_EQ(offer.origin.text(), "[2001:db8::5]:0");
}

TEST(LocalOffer, HasTheCodecsInOrderAndEvents) {
    const auto offer = local_offer({{"OPUS", "PCMA", "iLBC"}, {}});
    ASSERT_EQ(offer.streams.size(), 1U);
    EXPECT_EQ(numbers(offer.streams[0]), "96 8 97 101 98");
    EXPECT_EQ(offer.streams[0].formats[0].clock_rate, 48000U);
    EXPECT_EQ(offer.streams[0].formats[3].encoding, "TELEPHONE-EVENT");
    EXPECT_EQ(local_offer({{}, {"VP8"}}).streams.size(), 2U);
    auto written = offer;
    set_addresses(written, {NetAddress::parse("192.0.2.1", 10000).value()});
    EXPECT_EQ(SessionDescription::parse(written.text()).value(), written);
}

}  // namespace
}  // namespace almon::sdp
