// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/cseq.hpp"

#include <gtest/gtest.h>

namespace almon::sip {
namespace {

TEST(CSeq, IsANumberBelow2To31AndAMethod) {
    EXPECT_EQ(CSeq::parse("0009\r\n  INVITE")->number, 9U);
    EXPECT_EQ(CSeq::parse("2147483647 X")->method, Method::Other);
    EXPECT_EQ(CSeq::parse("8 NEWMETHOD")->text(), "8 NEWMETHOD");
    for (const std::string_view text :
         {"", "1", "INVITE", "1INVITE", "2147483648 INVITE", "-1 INVITE", "1 A B"})
        EXPECT_FALSE(CSeq::parse(text)) << text;
}

}  // namespace
}  // namespace almon::sip
