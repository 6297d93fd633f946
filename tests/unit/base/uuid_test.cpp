// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/uuid.hpp"

#include <regex>
#include <set>

#include <gtest/gtest.h>

namespace almon {
namespace {

TEST(Uuid, HasVersionFourAndTheStandardVariantAndDoesNotRepeat) {
    const std::regex shape("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    SeededRandom random(7);
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const auto uuid = random_uuid(random);
        EXPECT_TRUE(std::regex_match(uuid, shape)) << uuid;
        EXPECT_TRUE(seen.insert(uuid).second);
    }
}

}  // namespace
}  // namespace almon
