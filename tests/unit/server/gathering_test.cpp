// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/gathering.hpp"

#include <gtest/gtest.h>

namespace almon::server {
namespace {

class GatheringTest : public testing::Test {
protected:
    /// One message every `gap` for `time`.
    void messages(Duration gap, Duration time) {
        for (const auto end = now_ + time; now_ < end; now_ += gap)
            gathering_.took(1, now_);
    }

    Instant now_ = Instant(1h);
    Gathering gathering_;
};

TEST_F(GatheringTest, RestsWhereManyMessagesArrive) {
    EXPECT_EQ(gathering_.pause(), Duration::zero());
    messages(1ms, 100ms);
    EXPECT_EQ(gathering_.pause(), Gathering::kPause);
}

TEST_F(GatheringTest, LetsNobodyWaitWhereFewArrive) {
    messages(5ms, 1s);
    EXPECT_EQ(gathering_.pause(), Duration::zero());
}

TEST_F(GatheringTest, TheFirstMessageAfterASilenceIsOneOfFew) {
    messages(1ms, 100ms);
    now_ += 1s;
    gathering_.took(1, now_);
    EXPECT_EQ(gathering_.pause(), Duration::zero());
}

TEST_F(GatheringTest, ABatchCountsForAllItsMessages) {
    gathering_.took(0, now_);
    for (int i = 0; i < 10; ++i)
        gathering_.took(20, now_ += 5ms);
    EXPECT_EQ(gathering_.pause(), Gathering::kPause);
}

}  // namespace
}  // namespace almon::server
