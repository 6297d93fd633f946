// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/histogram.hpp"

#include <thread>

#include <gtest/gtest.h>

namespace almon {
namespace {

TEST(Histogram, CountsHowOftenItTookNoLonger_ABoundIncluded) {
    Histogram histogram{10ms, 1s};
    for (const Duration took : {Duration(0), Duration(10ms), Duration(11ms), Duration(5s)})
        histogram.observe(took);
    const auto read = histogram.read();
    EXPECT_EQ(read.up_to, (decltype(read.up_to){{10ms, 2}, {1s, 3}}));
    EXPECT_EQ(read.count, 4u);
    EXPECT_EQ(read.sum, 5021ms);
}

TEST(Histogram, ManyCountAtOnce) {
    Histogram histogram{1ms};
    std::thread other([&] {
        for (int time = 0; time < 10'000; ++time)
            histogram.observe(1us);
    });
    for (int time = 0; time < 10'000; ++time)
        histogram.observe(1s);
    other.join();
    EXPECT_EQ(histogram.read().up_to.front().second, 10'000u);
    EXPECT_EQ(histogram.read().count, 20'000u);
}

}  // namespace
}  // namespace almon
