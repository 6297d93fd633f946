// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/method.hpp"

#include <gtest/gtest.h>

namespace almon::sip {
namespace {

TEST(Method, NamesAreCaseSensitive) {
    for (int i = 0; i < static_cast<int>(Method::Other); ++i)
        EXPECT_EQ(method_of(name_of(static_cast<Method>(i))), static_cast<Method>(i));
    EXPECT_EQ(method_of("invite"), Method::Other);
    EXPECT_EQ(method_of("INVITEX"), Method::Other);
    EXPECT_EQ(method_of(""), Method::Other);
    EXPECT_EQ(name_of(Method::Other), "");
}

}  // namespace
}  // namespace almon::sip
