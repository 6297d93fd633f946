// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/port_stock.hpp"

#include <gtest/gtest.h>

namespace almon::pbx {
namespace {

TEST(PortStock, AsksOnceForWhatIsMissing) {
    PortStock stock;
    EXPECT_EQ(stock.wanted(0), PortStock::kLeast);
    EXPECT_EQ(stock.wanted(0), 0U);
    stock.add(std::vector<std::uint16_t>(PortStock::kLeast, 10'000));
    EXPECT_EQ(stock.wanted(0), 0U);
}

TEST(PortStock, AsksAgainWhenHalfIsGone) {
    PortStock stock;
    stock.add(std::vector<std::uint16_t>(stock.wanted(0), 10'000));
    for (std::size_t i = 0; i < PortStock::kLeast / 2 - 1; ++i) {
        EXPECT_TRUE(stock.take().has_value());
        EXPECT_EQ(stock.wanted(0), 0U);
    }
    EXPECT_TRUE(stock.take().has_value());
    EXPECT_EQ(stock.wanted(0), PortStock::kLeast / 2);
}

TEST(PortStock, AwaitsWhatItAskedFor) {
    PortStock stock;
    EXPECT_FALSE(stock.awaits());
    const auto wanted = stock.wanted(0);
    EXPECT_TRUE(stock.awaits());
    stock.add(std::vector<std::uint16_t>(wanted - 1, 10'000));
    EXPECT_TRUE(stock.awaits());
    stock.exhausted();
    EXPECT_FALSE(stock.awaits());
}

TEST(PortStock, TheBusierTheSystemTheLargerTheStock) {
    PortStock stock;
    EXPECT_EQ(stock.wanted(1'000), PortStock::kLeast + 250);
}

TEST(PortStock, GivesTheOneThatRestedLongest) {
    PortStock stock;
    stock.add({10'000, 10'002});
    const auto first = stock.take();
    stock.give_back(*first);
    EXPECT_EQ(stock.take(), 10'002);
    EXPECT_EQ(stock.take(), 10'000);
    EXPECT_FALSE(stock.take().has_value());
}

TEST(PortStock, WhenTheEngineHasNoMoreItIsAskedAnew) {
    PortStock stock;
    EXPECT_GT(stock.wanted(0), 0U);
    stock.exhausted();
    EXPECT_GT(stock.wanted(0), 0U);
}

}  // namespace
}  // namespace almon::pbx
