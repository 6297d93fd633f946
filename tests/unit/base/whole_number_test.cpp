// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/whole_number.hpp"

#include <cstdint>

#include <gtest/gtest.h>

namespace almon {
namespace {

TEST(WholeNumber, IsTheWholeText) {
    EXPECT_EQ(whole_number<std::uint64_t>("0"), 0U);
    EXPECT_EQ(whole_number<std::uint64_t>("18446744073709551615"), UINT64_MAX);
    EXPECT_EQ(whole_number<std::int64_t>("-5"), -5);
    for (const auto* text : {"", " 1", "1 ", "+1", "-1", "1.0", "0x1", "18446744073709551616", "one"})
        EXPECT_FALSE(whole_number<std::uint64_t>(text)) << text;
    EXPECT_FALSE(whole_number<std::uint8_t>("256"));
}

}  // namespace
}  // namespace almon
