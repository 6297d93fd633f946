// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/jitter_buffer.hpp"

#include <cmath>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

namespace almon::media {
namespace {

constexpr std::size_t kFrame = 160;

/// A party whose every sample can be told: a slow sine.
class JitterBufferTest : public testing::Test {
protected:
    static std::int16_t sample(std::uint32_t at) {
        return static_cast<std::int16_t>(std::lround(8000 * std::sin(2 * std::numbers::pi * at / 1000)));
    }
    void put(std::uint32_t timestamp, std::size_t size = kFrame) {
        std::vector<std::int16_t> samples;
        for (std::size_t i = 0; i < size; ++i)
            samples.push_back(sample(timestamp + static_cast<std::uint32_t>(i)));
        buffer.put(7, timestamp, samples);
    }
    /// What was taken is the frame that begins there; behind a gap, it begins softly.
    testing::AssertionResult took(std::uint32_t timestamp, std::size_t soft = 0) {
        if (!buffer.take(frame)) return testing::AssertionFailure() << "silence";
        for (std::size_t i = soft; i < kFrame; ++i) {
            if (frame[i] != sample(timestamp + static_cast<std::uint32_t>(i)))
                return testing::AssertionFailure() << "another at " << i << ": " << frame[i];
        }
        return testing::AssertionSuccess();
    }

    JitterBuffer buffer{kFrame};
    std::vector<std::int16_t> frame = std::vector<std::int16_t>(kFrame);
};

TEST_F(JitterBufferTest, WaitsAFrameAndThenGivesAllInOrder) {
    EXPECT_FALSE(buffer.take(frame)) << "nothing has come yet";
    put(5000);
    EXPECT_FALSE(buffer.take(frame));
    put(5000 + 320);  // overtaken
    put(5000 + 160);
    EXPECT_TRUE(took(5000));
    EXPECT_TRUE(took(5000 + 160));
    EXPECT_TRUE(took(5000 + 320));
}

TEST_F(JitterBufferTest, TimestampsGoRoundAndPacketsMayHaveAnySize) {
    const std::uint32_t begin = 0xFFFFFFFF - 200;
    put(begin, 80);
    put(begin + 80, 240);
    EXPECT_FALSE(buffer.take(frame));
    EXPECT_TRUE(took(begin));
    EXPECT_TRUE(took(begin + 160));
}

TEST_F(JitterBufferTest, ALostFrameIsFilledInAndFades) {
    for (std::uint32_t i = 0; i < 5; ++i)
        put(i * kFrame);
    for (int i = 0; i < 6; ++i)
        buffer.take(frame);
    ASSERT_TRUE(buffer.take(frame)) << "something like what was before";
    for (int i = 0; i < 3; ++i)
        buffer.take(frame);
    EXPECT_FALSE(buffer.take(frame)) << "not for ever";
}

TEST_F(JitterBufferTest, WhoComesLateIsWaitedForFromThenOn) {
    put(0);
    EXPECT_FALSE(buffer.take(frame));
    EXPECT_TRUE(took(0));
    buffer.take(frame);
    buffer.take(frame);
    put(160);  // two frames late
    EXPECT_TRUE(took(160, 40)) << "it is not lost";
    put(320);
    put(480);
    EXPECT_TRUE(took(320));
    EXPECT_TRUE(took(480));
}

TEST_F(JitterBufferTest, ADuplicateMovesNothing) {
    put(0);
    buffer.take(frame);
    put(160);
    EXPECT_TRUE(took(0));
    put(0);
    put(320);
    EXPECT_TRUE(took(160));
    EXPECT_TRUE(took(320));
}

TEST_F(JitterBufferTest, WaitsLessWhereItHasWaitedForNothing) {
    // A burst at the beginning: five frames wait where one would do.
    for (std::uint32_t i = 0; i < 6; ++i)
        put(i * kFrame);
    std::uint32_t next = 6 * kFrame;
    for (int i = 0; i < 120; ++i) {
        buffer.take(frame);
        put(next);
        next += kFrame;
    }
    EXPECT_LE(buffer.waiting(), 2 * kFrame);
    EXPECT_TRUE(took(next - 2 * kFrame));
}

TEST_F(JitterBufferTest, AClockThatJumpsAndAnotherSourceBeginAnew) {
    put(0);
    buffer.take(frame);
    EXPECT_TRUE(took(0));
    put(1'000'000);
    EXPECT_FALSE(took(1'000'000)) << "a frame is waited again";
    EXPECT_TRUE(took(1'000'000, 40));
    std::vector<std::int16_t> other(kFrame, 77);
    buffer.put(8, 300, other);
    buffer.take(frame);
    buffer.take(frame);
    EXPECT_EQ(frame[159], 77);
}

TEST_F(JitterBufferTest, WhatIsTooMuchIsNotTaken) {
    put(0, 5000);
    EXPECT_FALSE(buffer.take(frame));
    EXPECT_FALSE(buffer.take(frame));
    EXPECT_EQ(buffer.waiting(), 0U);
}

}  // namespace
}  // namespace almon::media
