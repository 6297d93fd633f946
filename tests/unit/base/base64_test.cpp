// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/base64.hpp"

#include <gtest/gtest.h>

namespace almon {
namespace {

TEST(Base64, SpeaksTheVectorsOfRfc4648) {
    for (const auto& [bytes, text] : {std::pair<std::string, std::string>{"", ""},
                                      {"f", "Zg=="},
                                      {"fo", "Zm8="},
                                      {"foo", "Zm9v"},
                                      {"foobar", "Zm9vYmFy"}}) {
        EXPECT_EQ(base64_encode(bytes), text);
        EXPECT_EQ(base64_decode(text), bytes);
    }
}

TEST(Base64, RefusesWhatIsNone) {
    for (const auto* text : {"Zg", "Zg=", "Z===", "Zm9v!", "Zm9v\n", "Zm 9"})
        EXPECT_FALSE(base64_decode(text)) << text;
}

}  // namespace
}  // namespace almon
