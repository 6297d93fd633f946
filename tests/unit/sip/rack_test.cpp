// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/rack.hpp"

#include <gtest/gtest.h>

namespace almon::sip {
namespace {

TEST(RAck, NamesAProvisionalResponse) {
    const auto parsed = RAck::parse("776656 1 INVITE");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->rseq, 776656U);
    EXPECT_EQ(parsed->cseq.number, 1U);
    EXPECT_EQ(parsed->cseq.method, Method::Invite);
    EXPECT_EQ(parsed->text(), "776656 1 INVITE");
    for (const std::string_view text : {"", "1", "1 2", "1 INVITE", "x 1 INVITE", "4294967296 1 INVITE"})
        EXPECT_FALSE(RAck::parse(text)) << text;
}

TEST(RSeq, IsAboveZero) {
    EXPECT_EQ(*parse_rseq("1"), 1U);
    EXPECT_FALSE(parse_rseq("0"));
    EXPECT_FALSE(parse_rseq("4294967296"));
}

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
