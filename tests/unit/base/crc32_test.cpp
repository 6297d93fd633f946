// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/crc32.hpp"

#include <string>

#include <gtest/gtest.h>

namespace almon {
namespace {

TEST(Crc32, GivesTheKnownCheckValues) {
    EXPECT_EQ(crc32(""), 0u);
    EXPECT_EQ(crc32("a"), 0xe8b7be43u);
    EXPECT_EQ(crc32("123456789"), 0xcbf43926u);
    EXPECT_EQ(crc32("The quick brown fox jumps over the lazy dog"), 0x414fa339u);
}

TEST(Crc32, SeesEveryFlippedBit) {
    std::string bytes = "CHAN_START 1448037433.12";
    const auto right = crc32(bytes);
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
        auto changed = bytes;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        EXPECT_NE(crc32(changed), right);
    }
}

}  // namespace
}  // namespace almon
