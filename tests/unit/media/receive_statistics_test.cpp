// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/receive_statistics.hpp"

#include <gtest/gtest.h>

namespace almon::media {
namespace {

class Receiver {
public:
    ReceiveStatistics statistics;
    void receive(std::uint16_t sequence, std::uint32_t timestamp, double milliseconds,
                 std::uint32_t ssrc = 1) {
        RtpHeader header{
            .marker = false, .payload_type = 8, .sequence = sequence, .timestamp = timestamp, .ssrc = ssrc};
        header.payload_size = 160;
        const auto when =
            Instant{} + 500s +
            std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::milli>(milliseconds));
        statistics.received(header, when, 8000);
    }
};

TEST(ReceiveStatistics, EvenStream_HasNeitherLossNorJitter) {
    Receiver receiver;
    for (int i = 0; i < 200; ++i)
        receiver.receive(static_cast<std::uint16_t>(65500 + i), static_cast<std::uint32_t>(i * 160), i * 20);
    EXPECT_EQ(receiver.statistics.packets(), 200U);
    EXPECT_EQ(receiver.statistics.bytes(), 200U * 160);
    EXPECT_EQ(receiver.statistics.lost(), 0U);
    EXPECT_NEAR(receiver.statistics.jitter_ms(), 0, 0.01);
}

TEST(ReceiveStatistics, GapsAcrossTheWrapAround_AreLost_AndLatePacketsAreNot) {
    Receiver receiver;
    for (const int sequence : {65533, 65534, 1, 0, 2, 5})  // 65535, 3 and 4 never come
        receiver.receive(static_cast<std::uint16_t>(sequence), 0, 0);
    EXPECT_EQ(receiver.statistics.lost(), 3U);
    EXPECT_EQ(receiver.statistics.expected(), 9U);
}

TEST(ReceiveStatistics, JitterIsTheSmoothedDifferenceOfTransit) {  // RFC 3550 A.8
    Receiver receiver;
    for (int i = 0; i < 1000; ++i)
        receiver.receive(static_cast<std::uint16_t>(i), static_cast<std::uint32_t>(i * 160),
                         i * 20 + (i % 2 == 0 ? 0 : 8));
    EXPECT_NEAR(receiver.statistics.jitter_ms(), 8, 0.05);
}

TEST(ReceiveStatistics, JitterBeyondItsField_IsReportedAsTheMost) {
    ReceiveStatistics statistics;
    RtpHeader header{.marker = false, .payload_type = 8, .sequence = 0, .timestamp = 0, .ssrc = 1};
    for (std::uint16_t i = 0; i < 200; ++i) {
        header.sequence = i;
        header.timestamp += 0x7FFFFFFFU;
        statistics.received(header, Instant{} + 500s, i < 199 ? 8000 : 90000);
    }
    ASSERT_GT(statistics.jitter_ms(), 1'000'000);
    EXPECT_EQ(statistics.take_report()->jitter, UINT32_MAX);
}

TEST(ReceiveStatistics, PacketsOfOneFrame_DoNotCountAsJitter) {
    Receiver receiver;
    for (int i = 0; i < 300; ++i)
        receiver.receive(static_cast<std::uint16_t>(i), static_cast<std::uint32_t>(i / 3 * 160),
                         i / 3 * 20 + i % 3 * 2);
    EXPECT_NEAR(receiver.statistics.jitter_ms(), 0, 0.01);
}

TEST(ReceiveStatistics, RestartOfTheSource_IsNoLoss) {  // RFC 3550 A.1
    Receiver receiver;
    receiver.receive(10, 0, 0);
    receiver.receive(30000, 0, 0);  // could be a stray one
    EXPECT_EQ(receiver.statistics.lost(), 0U);
    receiver.receive(30001, 0, 0);  // it was not
    receiver.receive(30003, 0, 0);
    EXPECT_EQ(receiver.statistics.lost(), 1U);
}

TEST(ReceiveStatistics, LossOfAnEarlierSsrc_IsKept) {
    Receiver receiver;
    receiver.receive(1, 0, 0, 1);
    receiver.receive(4, 0, 0, 1);
    receiver.receive(500, 0, 0, 2);
    receiver.receive(502, 0, 0, 2);
    EXPECT_EQ(receiver.statistics.lost(), 3U);
    EXPECT_EQ(receiver.statistics.ssrc(), 2U);
}

TEST(ReceiveStatistics, ReportCountsTheFractionSinceTheLastOne) {  // RFC 3550 A.3
    Receiver receiver;
    EXPECT_FALSE(receiver.statistics.take_report());
    for (const std::uint16_t sequence : {0, 1, 2, 4})
        receiver.receive(sequence, 0, 0, 9);
    const auto first = receiver.statistics.take_report();
    ASSERT_TRUE(first);
    EXPECT_EQ(first->ssrc, 9U);
    EXPECT_EQ(first->fraction_lost, 256 / 5);
    EXPECT_EQ(first->cumulative_lost, 1);
    EXPECT_EQ(first->highest_sequence, 4U);
    for (const std::uint16_t sequence : {5, 6, 6})  // a duplicate
        receiver.receive(sequence, 0, 0, 9);
    const auto second = receiver.statistics.take_report();
    EXPECT_EQ(second->fraction_lost, 0);
    EXPECT_EQ(second->cumulative_lost, 0);
}

}  // namespace
}  // namespace almon::media
