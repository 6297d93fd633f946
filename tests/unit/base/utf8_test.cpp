// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/utf8.hpp"

#include <gtest/gtest.h>

namespace almon {
namespace {

TEST(Utf8, IsWhatRfc3629Says) {
    for (const char* good : {"", "a", "é", "€", "\xf0\x9f\x93\x9e", "\xed\x9f\xbf", "\xee\x80\x80"})
        EXPECT_TRUE(is_utf8(good)) << good;
    for (const char* bad : {"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80",
                            "\xf8\x88\x80\x80\x80", "\xff", "\xe2\x82", "\xe2\x82z"})
        EXPECT_FALSE(is_utf8(bad));
}

}  // namespace
}  // namespace almon
