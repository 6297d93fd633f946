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

}  // namespace
}  // namespace almon::sip
