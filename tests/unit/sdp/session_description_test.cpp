// SPDX-License-Identifier: GPL-3.0-or-later
#include "sdp/session_description.hpp"

#include <string>

#include <gtest/gtest.h>

namespace almon::sdp {
namespace {

const std::string kHead = "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n";

SessionDescription parsed(const std::string& text) {
    auto result = SessionDescription::parse(text);
    EXPECT_TRUE(result) << (result ? "" : result.error().field + " " + result.error().reason);
    return result ? *result : SessionDescription{};
}

std::string refused_field(const std::string& text) {
    const auto result = SessionDescription::parse(text);
    return result ? "accepted" : result.error().field;
}

NetAddress address(const std::string& host, std::uint16_t port = 0) {
    return NetAddress::parse(host, port).value();
}

TEST(SessionDescription, DeskPhoneOffer_IsReadWhole) {
    const auto description = parsed(
        "v=0\r\no=alice 3812 7 IN IP4 192.0.2.21\r\ns=call\r\nc=IN IP4 192.0.2.21\r\nt=0 0\r\n"
        "m=audio 11784 RTP/AVP 9 8 101\r\na=rtpmap:9 G722/8000\r\na=rtpmap:8 PCMA/8000\r\n"
        "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendonly\r\na=label:1\r\n");
    EXPECT_EQ(description.session_id, 3812U);
    EXPECT_EQ(description.version, 7U);
    ASSERT_EQ(description.streams.size(), 1U);
    const auto& audio = description.streams[0];
    EXPECT_EQ(audio.kind, MediaKind::Audio);
    EXPECT_EQ(audio.address, address("192.0.2.21", 11784));
    EXPECT_EQ(audio.direction, Direction::SendOnly);
    EXPECT_EQ(audio.ptime_ms, 20U);
    ASSERT_EQ(audio.formats.size(), 3U);
    EXPECT_EQ(audio.formats[0].encoding, "G722");
    EXPECT_EQ(audio.formats[0].clock_rate, 8000U);
    EXPECT_EQ(audio.formats[2].encoding, "TELEPHONE-EVENT");
    EXPECT_EQ(audio.formats[2].parameters, "0-15");
    ASSERT_EQ(audio.attributes.size(), 1U);
    EXPECT_EQ(audio.attributes[0], (Attribute{"label", "1"}));
}

TEST(SessionDescription, StaticPayloadTypes_NeedNoRtpmap) {
    const auto description = parsed(kHead + "m=audio 4000 RTP/AVP 0 3 4 8 9 18 13\r\n");
    std::string names;
    for (const auto& format : description.streams.at(0).formats)
        names += format.encoding + " ";
    EXPECT_EQ(names, "PCMU GSM G723 PCMA G722 G729 CN ");
}

TEST(SessionDescription, DynamicPayloadTypeWithoutRtpmap_HasNoEncodingAndMatchesNothing) {
    const auto description = parsed(kHead + "m=audio 4000 RTP/AVP 97\r\n");
    const auto& format = description.streams.at(0).formats.at(0);
    EXPECT_EQ(format.encoding, "");
    EXPECT_FALSE(format.same_codec(format));
}

TEST(SessionDescription, LinesEndingInLfAloneAndUnknownLines_AreAccepted) {
    const auto description = parsed(
        "v=0\no=- 1 1 IN IP4 192.0.2.5\nc=IN IP4 192.0.2.5\nq=what\nm=audio 4000 RTP/AVP  0 "
        "8\nx=more\nb=AS:64\n\n");
    EXPECT_EQ(description.streams.at(0).formats.size(), 2U);
}

TEST(SessionDescription, OriginWithSpacesInTheUserNameAndAHostName_IsAccepted) {
    const auto description = parsed("v=0\r\no=John Doe 5 6 IN IP4 phone.example\r\ns=-\r\nt=0 0\r\n");
    EXPECT_EQ(description.session_id, 5U);
    EXPECT_EQ(description.version, 6U);
    EXPECT_TRUE(description.origin.is_unspecified());
}

TEST(SessionDescription, OriginVersionsLongerThan64Bits_StillTellChangesApart) {
    const auto before = parsed("v=0\r\no=- 1 99999999999999999999990 IN IP4 192.0.2.5\r\n");
    const auto after = parsed("v=0\r\no=- 1 99999999999999999999991 IN IP4 192.0.2.5\r\n");
    EXPECT_EQ(after.version, before.version + 1);
}

TEST(SessionDescription, StreamConnectionAndDirection_OverrideTheSessions) {
    const auto description = parsed(
        "v=0\r\no=- 1 1 IN IP4 192.0.2.5\r\nc=IN IP4 192.0.2.5\r\na=recvonly\r\n"
        "m=audio 4000 RTP/AVP 0\r\nm=video 4002 RTP/AVP 31\r\nc=IN IP6 2001:db8::7\r\na=inactive\r\n");
    EXPECT_EQ(description.streams.at(0).direction, Direction::ReceiveOnly);
    EXPECT_EQ(description.streams.at(0).address, address("192.0.2.5", 4000));
    EXPECT_EQ(description.streams.at(1).direction, Direction::Inactive);
    EXPECT_EQ(description.streams.at(1).address, address("2001:db8::7", 4002));
}

TEST(SessionDescription, AddressOfZeros_MeansHold) {  // RFC 3264 8.4
    const auto description =
        parsed("v=0\r\no=- 1 1 IN IP4 192.0.2.5\r\nc=IN IP4 0.0.0.0\r\nm=audio 4000 RTP/AVP 0\r\n");
    EXPECT_EQ(description.streams.at(0).direction, Direction::SendOnly);
}

TEST(SessionDescription, AddressOfZerosWithIce_MeansNotKnownYet) {
    const auto description = parsed(
        "v=0\r\no=- 1 1 IN IP4 192.0.2.5\r\nc=IN IP4 0.0.0.0\r\n"
        "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=ice-ufrag:abcd\r\n");
    EXPECT_EQ(description.streams.at(0).direction, Direction::SendReceive);
}

TEST(SessionDescription, RtcpAttribute_IsKeptOnlyWhereItDiffersFromTheNextPort) {
    const auto usual = parsed(kHead + "m=audio 4000 RTP/AVP 0\r\na=rtcp:4001\r\n");
    EXPECT_FALSE(usual.streams.at(0).rtcp);
    const auto other = parsed(kHead + "m=audio 4000 RTP/AVP 0\r\na=rtcp:5001 IN IP4 192.0.2.99\r\n");
    EXPECT_EQ(other.streams.at(0).rtcp, address("192.0.2.99", 5001));
}

TEST(SessionDescription, FeedbackForAllFormats_IsGivenToEach) {
    const auto description =
        parsed(kHead +
               "m=video 4000 RTP/AVPF 96 97\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:* nack pli\r\n"
               "a=rtcp-fb:96 nack\r\n");
    const auto& formats = description.streams.at(0).formats;
    EXPECT_EQ(formats.at(0).feedback, (std::vector<std::string>{"nack pli", "nack"}));
    EXPECT_EQ(formats.at(1).feedback, (std::vector<std::string>{"nack pli"}));
}

TEST(SessionDescription, OtherProtocols_KeepTheirFormatsAsWords) {
    const auto description = parsed(kHead + "m=image 5004 udptl t38\r\na=T38FaxVersion:0\r\n");
    EXPECT_EQ(description.streams.at(0).kind, MediaKind::Image);
    EXPECT_EQ(description.streams.at(0).other_formats, (std::vector<std::string>{"t38"}));
}

TEST(SessionDescription, RefusedStream_NeedsNoConnection) {
    const auto description = parsed("v=0\r\no=- 1 1 IN IP4 192.0.2.5\r\nm=audio 0 RTP/AVP 97\r\n");
    EXPECT_TRUE(description.streams.at(0).refused());
}

TEST(SessionDescription, BrokenGrammar_IsRefusedByName) {
    EXPECT_EQ(refused_field(""), "v=");
    EXPECT_EQ(refused_field("v=1\r\n"), "v=");
    EXPECT_EQ(refused_field("o=- 1 1 IN IP4 192.0.2.1\r\n"), "v=");
    EXPECT_EQ(refused_field("v=0\r\nv=0\r\n"), "v=");
    EXPECT_EQ(refused_field("v=0\r\nc=IN IP4 192.0.2.1\r\n"), "o=");
    EXPECT_EQ(refused_field("v=0\r\no=- a 1 IN IP4 192.0.2.1\r\n"), "o=");
    EXPECT_EQ(refused_field("v=0\r\no=- 1 1 IN\r\n"), "o=");
    EXPECT_EQ(refused_field("v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\nm=audio 4000 RTP/AVP 0\r\n"), "c=");
    EXPECT_EQ(refused_field("v=0\r\nc=IN IP4 phone.example\r\n"), "c=");
    EXPECT_EQ(refused_field("v=0\r\nc=IN IP6 192.0.2.1\r\n"), "c=");
    EXPECT_EQ(refused_field(kHead + "m=audio\r\n"), "m=");
    EXPECT_EQ(refused_field(kHead + "m=audio 70000 RTP/AVP 0\r\n"), "m=");
    EXPECT_EQ(refused_field(kHead + "m=audio 4000 RTP/AVP\r\n"), "m=");
    EXPECT_EQ(refused_field(kHead + "m=audio 4000 RTP/AVP 128\r\n"), "m=");
    EXPECT_EQ(refused_field(kHead + "m=audio 4000 RTP/AVP 0\r\na=rtpmap:x PCMU/8000\r\n"), "a=rtpmap");
    EXPECT_EQ(refused_field(kHead + "m=audio 4000 RTP/AVP 0\r\na=rtpmap:0 PCMU/0\r\n"), "a=rtpmap");
    EXPECT_EQ(refused_field(kHead + "a=:x\r\n"), "a=");
    EXPECT_EQ(refused_field(kHead + "nonsense\r\n"), "");
    EXPECT_EQ(refused_field(kHead + std::string("s=a\0b\r\n", 7)), "");
}

TEST(SessionDescription, MoreThanTheLimits_AreRefused) {
    std::string streams = kHead;
    for (int i = 0; i < 33; ++i)
        streams += "m=audio 4000 RTP/AVP 0\r\n";
    EXPECT_EQ(SessionDescription::parse(streams).error().code, ErrorCode::Exhausted);
    std::string formats = kHead + "m=audio 4000 RTP/AVP";
    for (int i = 0; i < 65; ++i)
        formats += " " + std::to_string(i);
    EXPECT_EQ(SessionDescription::parse(formats + "\r\n").error().code, ErrorCode::Exhausted);
}

TEST(SessionDescription, Text_ReadsBackEqual) {
    const auto description = parsed(
        kHead +
        "a=tool:x\r\nm=audio 4000 RTP/AVP 96 0\r\na=rtpmap:96 OPUS/48000/2\r\na=fmtp:96 useinbandfec=1\r\n"
        "a=rtcp:6001\r\na=maxptime:60\r\na=inactive\r\nm=video 0 RTP/AVPF 97\r\na=rtcp-fb:97 nack\r\n"
        "m=audio 4004 RTP/AVP 8\r\nc=IN IP6 2001:db8::1\r\na=ptime:30\r\na=x\r\n");
    EXPECT_EQ(parsed(description.text()), description);
}

TEST(SessionDescription, Text_IsWrittenAsPhonesExpectIt) {
    SessionDescription description;
    description.session_id = 17;
    description.version = 3;
    description.origin = address("192.0.2.1");
    Stream audio;
    audio.address = address("192.0.2.1", 10000);
    audio.formats = {{8, "PCMA", 8000, 1, "", {}},
                     {107, "OPUS", 48000, 2, "useinbandfec=1", {}},
                     {101, "TELEPHONE-EVENT", 8000, 1, "0-16", {}}};
    audio.ptime_ms = 20;
    description.streams.push_back(audio);
    EXPECT_EQ(description.text(),
              "v=0\r\no=- 17 3 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
              "m=audio 10000 RTP/AVP 8 107 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:107 opus/48000/2\r\n"
              "a=fmtp:107 useinbandfec=1\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n"
              "a=ptime:20\r\na=sendrecv\r\n");
}

TEST(Format, SameCodec_IgnoresNumberAndPreferences) {
    const Format opus{96, "OPUS", 48000, 2, "useinbandfec=1", {}};
    EXPECT_TRUE(opus.same_codec({111, "OPUS", 48000, 2, "minptime=10", {"transport-cc"}}));
    EXPECT_FALSE(opus.same_codec({96, "OPUS", 48000, 1, "", {}}));
    EXPECT_FALSE(opus.same_codec({96, "SPEEX", 48000, 2, "", {}}));
}

TEST(Format, SameCodec_ComparesParametersThatSelectAMode) {
    const Format h264{97, "H264", 90000, 1, "profile-level-id=42e01f; packetization-mode=1", {}};
    EXPECT_TRUE(h264.same_codec({98, "H264", 90000, 1, "packetization-mode=1;profile-level-id=42C00D", {}}));
    EXPECT_FALSE(h264.same_codec({98, "H264", 90000, 1, "profile-level-id=42e01f", {}}));
    EXPECT_FALSE(h264.same_codec({98, "H264", 90000, 1, "packetization-mode=1;profile-level-id=64001f", {}}));
    const Format amr{99, "AMR-WB", 16000, 1, "octet-align=1", {}};
    EXPECT_FALSE(amr.same_codec({99, "AMR-WB", 16000, 1, "", {}}));
}

TEST(Direction, Reversed_SwapsSendingAndReceiving) {
    EXPECT_EQ(reversed(Direction::SendOnly), Direction::ReceiveOnly);
    EXPECT_EQ(reversed(Direction::ReceiveOnly), Direction::SendOnly);
    EXPECT_EQ(reversed(Direction::SendReceive), Direction::SendReceive);
    EXPECT_EQ(reversed(Direction::Inactive), Direction::Inactive);
}

}  // namespace
}  // namespace almon::sdp
