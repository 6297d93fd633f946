// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/outgoing_stream.hpp"

#include <gtest/gtest.h>

namespace almon::media {
namespace {

Instant at(int milliseconds) {
    return Instant{} + std::chrono::seconds(1000) + std::chrono::milliseconds(milliseconds);
}

RtpHeader relayed(OutgoingStream& stream, std::uint32_t ssrc, std::uint16_t sequence, std::uint32_t timestamp,
                  int when) {
    RtpHeader header{
        .marker = false, .payload_type = 8, .sequence = sequence, .timestamp = timestamp, .ssrc = ssrc};
    stream.relay(header, 8000, at(when));
    return header;
}

TEST(OutgoingStream, FirstSourcePassesAsItIs) {
    OutgoingStream stream;
    const auto header = relayed(stream, 7, 65535, 0xFFFFFFF0, 0);
    EXPECT_EQ(header.ssrc, 7U);
    EXPECT_EQ(header.sequence, 65535);
    EXPECT_EQ(header.timestamp, 0xFFFFFFF0);
    EXPECT_FALSE(header.marker);
    const auto next = relayed(stream, 7, 0, 0x90, 20);
    EXPECT_EQ(next.sequence, 0);
    EXPECT_FALSE(next.marker);
}

TEST(OutgoingStream, NewSourceGoesOnWhereTheOldOneStopped_InStepWithTheClock) {
    OutgoingStream stream;
    relayed(stream, 7, 100, 1000, 0);
    relayed(stream, 7, 101, 1160, 20);
    const auto other = relayed(stream, 9, 5, 77, 520);
    EXPECT_EQ(other.ssrc, 7U);
    EXPECT_EQ(other.sequence, 102);
    EXPECT_EQ(other.timestamp, 1160U + 4000);  // half a second of 8 kHz later
    EXPECT_TRUE(other.marker);
    const auto reordered = relayed(stream, 9, 4, 77 - 160, 521);
    EXPECT_EQ(reordered.sequence, 101);
    EXPECT_EQ(reordered.timestamp, 1160U + 4000 - 160);
}

TEST(OutgoingStream, NewSourceAtOnce_LeavesRoomForThePacketBefore) {
    OutgoingStream stream;
    relayed(stream, 7, 100, 1000, 0);
    EXPECT_EQ(relayed(stream, 9, 5, 77, 1).timestamp, 1160U);
}

TEST(OutgoingStream, InterruptedSource_IsAlignedAgainThoughItsSsrcIsTheSame) {
    OutgoingStream stream;
    relayed(stream, 7, 100, 1000, 0);
    stream.interrupt();
    const auto resumed = relayed(stream, 7, 900, 90000, 40);
    EXPECT_EQ(resumed.sequence, 101);
    EXPECT_EQ(resumed.timestamp, 1320U);
    EXPECT_TRUE(resumed.marker);
}

TEST(OutgoingStream, OwnPacketsAndRelayedOnesAreOneStream) {
    OutgoingStream stream;
    RtpHeader own;
    stream.begin(own, 8000, 0x123456789ABCDEF0, at(0));
    const auto first = own;
    stream.proceed(own, 160, at(20));
    EXPECT_EQ(own.sequence, static_cast<std::uint16_t>(first.sequence + 1));
    EXPECT_EQ(own.timestamp, first.timestamp + 160);
    const auto relay = relayed(stream, 7, 100, 1000, 40);
    EXPECT_EQ(relay.ssrc, first.ssrc);
    EXPECT_EQ(relay.sequence, static_cast<std::uint16_t>(first.sequence + 2));
    EXPECT_EQ(relay.timestamp, first.timestamp + 320);
}

TEST(OutgoingStream, EventsShareATimestamp_AndTimeGoesOnMeanwhile) {
    OutgoingStream stream;
    RtpHeader event;
    stream.begin(event, 8000, 1, at(0));
    const auto began = event.timestamp;
    for (int i = 1; i <= 5; ++i) {
        stream.proceed(event, 0, at(i * 20));
        EXPECT_EQ(event.timestamp, began);
    }
    stream.interrupt();
    EXPECT_EQ(relayed(stream, 7, 1, 1, 120).timestamp, began + 960);
    EXPECT_EQ(stream.timestamp_at(at(220)), began + 960 + 800);
}

}  // namespace
}  // namespace almon::media
