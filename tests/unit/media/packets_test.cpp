// SPDX-License-Identifier: GPL-3.0-or-later
// RTP and RTCP on the wire, payload tables and telephone events.
#include <vector>

#include <gtest/gtest.h>

#include "media/payload_table.hpp"
#include "media/rtcp_packet.hpp"
#include "media/rtp_packet.hpp"
#include "media/telephone_event.hpp"

namespace almon::media {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST(RtpHeader, IsReadWithContributorsExtensionAndPadding) {
    Bytes packet{0xB1, 0x88, 0x12, 0x34, 0, 0, 0, 5, 0, 0, 0, 6};  // P, X, one CSRC; M, type 8
    packet.insert(packet.end(), {1, 1, 1, 1});                     // CSRC
    packet.insert(packet.end(), {0xBE, 0xDE, 0, 1, 2, 2, 2, 2});   // extension of one word
    packet.insert(packet.end(), {9, 9, 9, 0, 2});                  // payload and two bytes of padding
    const auto header = RtpHeader::parse(packet);
    ASSERT_TRUE(header);
    EXPECT_TRUE(header->marker);
    EXPECT_EQ(header->payload_type, 8);
    EXPECT_EQ(header->sequence, 0x1234);
    EXPECT_EQ(header->timestamp, 5U);
    EXPECT_EQ(header->ssrc, 6U);
    EXPECT_EQ(header->payload_offset, 24U);
    EXPECT_EQ(header->payload_size, 3U);
    auto copy = packet;
    header->write_into(copy.data());
    EXPECT_EQ(copy, packet);
}

TEST(RtpHeader, RefusesWhatDoesNotFit) {
    EXPECT_FALSE(RtpHeader::parse(Bytes{}));
    EXPECT_FALSE(RtpHeader::parse(Bytes(11, 0x80)));
    Bytes packet(12, 0);
    EXPECT_FALSE(RtpHeader::parse(packet)) << "version 0, as STUN";
    packet[0] = 0x81;
    EXPECT_FALSE(RtpHeader::parse(packet)) << "a contributor that is not there";
    packet[0] = 0x90;
    EXPECT_FALSE(RtpHeader::parse(packet)) << "an extension that is not there";
    packet[0] = 0xA0;
    EXPECT_FALSE(RtpHeader::parse(packet)) << "padding of zero bytes";
    packet.push_back(2);
    EXPECT_FALSE(RtpHeader::parse(packet)) << "more padding than payload";
    packet[0] = 0x80;
    EXPECT_TRUE(RtpHeader::parse(packet));
}

TEST(Rtcp, WhatIsWrittenIsRead) {
    SenderInformation sender{.ntp_time = 0x0102030405060708, .rtp_timestamp = 9, .packets = 10, .octets = 11};
    ReportBlock block{.ssrc = 7,
                      .fraction_lost = 64,
                      .cumulative_lost = -3,
                      .highest_sequence = 70000,
                      .jitter = 5,
                      .last_report = 6,
                      .delay = 8};
    RtcpWriter writer;
    writer.report(0xAA, sender, block);
    writer.source_description(0xAA, "abcdef");
    RtcpReader reader(writer.bytes());
    ASSERT_TRUE(reader.valid());
    const auto report = reader.next();
    ASSERT_TRUE(report);
    EXPECT_EQ(report->type, RtcpType::SenderReport);
    EXPECT_EQ(report->sender_ssrc(), 0xAAU);
    EXPECT_EQ(report->sender_information()->ntp_time, sender.ntp_time);
    EXPECT_EQ(report->sender_information()->octets, 11U);
    const auto read = report->report(0);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->cumulative_lost, -3);
    EXPECT_EQ(read->fraction_lost, 64);
    EXPECT_EQ(read->highest_sequence, 70000U);
    EXPECT_EQ(read->delay, 8U);
    EXPECT_FALSE(report->report(1));
    const auto description = reader.next();
    ASSERT_TRUE(description);
    EXPECT_EQ(description->type, RtcpType::SourceDescription);
    EXPECT_EQ(description->bytes.size() % 4, 0U);
    EXPECT_EQ(description->bytes.back(), 0) << "the items end with a zero";
    EXPECT_FALSE(reader.next());
}

TEST(Rtcp, LengthsThatDoNotAddUp_AreRefusedWhole) {
    EXPECT_FALSE(RtcpReader(Bytes{}).valid());
    EXPECT_FALSE(RtcpReader(Bytes{0x80, 201, 0, 2, 0, 0, 0, 1}).valid());
    EXPECT_FALSE(RtcpReader(Bytes{0x80, 201, 0, 1, 0, 0, 0, 1, 0x80}).valid());
    EXPECT_FALSE(RtcpReader(Bytes{0x40, 201, 0, 1, 0, 0, 0, 1}).valid());
    EXPECT_FALSE(RtcpReader(Bytes{0x80, 100, 0, 1, 0, 0, 0, 1}).valid());
    RtcpReader claims(Bytes{0x9F, 201, 0, 1, 0, 0, 0, 1});
    EXPECT_TRUE(claims.valid());
}

TEST(PayloadTable, MapsByCodec_AndPrefersTheSameParameters) {
    const std::vector<PayloadFormat> own{{96, "H264", 90000, 1, "packetization-mode=1"},
                                         {97, "H264", 90000, 1, "packetization-mode=0"},
                                         {98, "VP8", 90000, 1, ""}};
    const std::vector<PayloadFormat> other{{100, "H264", 90000, 1, "packetization-mode=0"},
                                           {101, "H264", 90000, 1, "packetization-mode=1"}};
    const PayloadTable table(own, &other);
    EXPECT_EQ(table[96].mapped, 101);
    EXPECT_EQ(table[97].mapped, 100);
    EXPECT_EQ(table[98].mapped, PayloadTable::kNotMapped);
    EXPECT_EQ(table[98].kind, PayloadKind::Media);
    EXPECT_EQ(table[99].kind, PayloadKind::Unknown);
    EXPECT_TRUE(is_video(own));
    EXPECT_FALSE(is_video({}));
}

TEST(PayloadTable, EachSideIsSentTheNumbersOfItsOwnDescription) {  // RFC 3264 6.1
    const std::vector<PayloadFormat> own{{101, "TELEPHONE-EVENT", 8000, 1, "", 96},
                                         {96, "OPUS", 48000, 2, "", 101},
                                         {97, "SPEEX", 8000, 1, "", 98}};
    const std::vector<PayloadFormat> other{{101, "TELEPHONE-EVENT", 8000, 1, "", 110},
                                           {97, "SPEEX", 8000, 1, ""}};
    const PayloadTable table(own, &other);
    EXPECT_EQ(table[101].mapped, 110);
    EXPECT_EQ(table[96].format, 1) << "ours goes before theirs";
    EXPECT_EQ(table[98].mapped, 97) << "and theirs is understood where it is free";
}

TEST(PayloadTable, EventsOfAnotherClockAreNotTheSame) {
    const std::vector<PayloadFormat> own{{101, "TELEPHONE-EVENT", 8000, 1, "0-15"}};
    const std::vector<PayloadFormat> other{{110, "TELEPHONE-EVENT", 48000, 1, "0-15"},
                                           {126, "TELEPHONE-EVENT", 8000, 1, "0-16"}};
    EXPECT_EQ(PayloadTable(own, &other)[101].mapped, 126);
    EXPECT_EQ(PayloadTable(own, &other)[101].kind, PayloadKind::TelephoneEvent);
    const std::vector<PayloadFormat> alone{other.front()};
    EXPECT_EQ(PayloadTable(own, &alone)[101].mapped, 110) << "but better than none";
}

Instant at(int milliseconds) {
    return Instant{} + 100s + std::chrono::milliseconds(milliseconds);
}

TEST(DigitDetector, ReportsAtTheFirstEnd_AndOnlyOnce) {  // RFC 4733 2.5.2.1
    DigitDetector detector;
    EXPECT_FALSE(detector.received({5, false, 10, 160}, 1000, 8000, at(0)).ended);
    const auto ended = detector.received({5, true, 10, 800}, 1000, 8000, at(100)).ended;
    ASSERT_TRUE(ended);
    EXPECT_EQ(ended->digit, '5');
    EXPECT_EQ(ended->duration, 100ms);
    EXPECT_FALSE(detector.received({5, true, 10, 800}, 1000, 8000, at(120)).ended);
    EXPECT_FALSE(detector.expired(at(2000)));
}

TEST(DigitDetector, AllButOneEndPacketLost_IsEnough) {
    DigitDetector detector;
    EXPECT_TRUE(detector.received({11, true, 10, 800}, 1000, 8000, at(0)).ended);
}

TEST(DigitDetector, NextDigitEndsTheOneBefore) {
    DigitDetector detector;
    static_cast<void>(detector.received({1, false, 10, 320}, 1000, 8000, at(0)));
    const auto found = detector.received({1, false, 10, 160}, 2600, 8000, at(200));
    ASSERT_TRUE(found.lost_end);
    EXPECT_EQ(found.lost_end->digit, '1');
    EXPECT_FALSE(found.ended);
    EXPECT_FALSE(detector.received({1, true, 10, 320}, 1000, 8000, at(210)).ended)
        << "late, and reported already";
    EXPECT_TRUE(detector.expired(at(400)));
    EXPECT_FALSE(detector.active());
}

TEST(DigitDetector, LongEventInSegments_IsOneDigit) {  // RFC 4733 2.5.1.3
    DigitDetector detector;
    static_cast<void>(detector.received({0, false, 10, 0xFFFF}, 1000, 8000, at(0)));
    const auto found = detector.received({0, true, 10, 1}, 1000 + 0xFFFF, 8000, at(20));
    EXPECT_FALSE(found.lost_end);
    ASSERT_TRUE(found.ended);
    EXPECT_EQ(found.ended->duration, std::chrono::milliseconds(0x10000 / 8));
}

TEST(DigitDetector, EventsThatAreNoDigits_AreIgnored) {
    DigitDetector detector;
    EXPECT_FALSE(detector.received({36, true, 10, 800}, 1000, 8000, at(0)).ended);
    EXPECT_FALSE(detector.active());
}

TEST(Digits, HaveTheirNumbers) {
    EXPECT_EQ(event_of_digit('0'), 0);
    EXPECT_EQ(event_of_digit('*'), 10);
    EXPECT_EQ(event_of_digit('#'), 11);
    EXPECT_EQ(event_of_digit('d'), 15);
    EXPECT_EQ(event_of_digit('!'), 16);
    EXPECT_FALSE(event_of_digit('x'));
    EXPECT_EQ(digit_of_event(12), 'A');
    EXPECT_FALSE(digit_of_event(17));
}

}  // namespace
}  // namespace almon::media
