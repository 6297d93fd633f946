// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/replaces.hpp"

#include <gtest/gtest.h>

#include "sip/name_addr.hpp"

namespace almon::sip {
namespace {

TEST(Replaces, NamesADialog) {
    const auto parsed =
        Replaces::parse("98732@sip.example.com\r\n ;from-tag=r33th4x0r;to-tag=ff87ff;early-only");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->call_id, "98732@sip.example.com");
    EXPECT_EQ(parsed->to_tag, "ff87ff");
    EXPECT_EQ(parsed->from_tag, "r33th4x0r");
    EXPECT_TRUE(parsed->early_only);
    EXPECT_EQ(parsed->text(), "98732@sip.example.com;to-tag=ff87ff;from-tag=r33th4x0r;early-only");
}

TEST(Replaces, ComesEscapedInsideReferTo) {
    const std::string value =
        "<sip:1002@192.0.2.1?Replaces=" + escape_uri_header("c1@h;to-tag=a;from-tag=b") +
        "&Require=replaces>";
    const auto refer_to = NameAddr::parse(value, "Refer-To");
    ASSERT_TRUE(refer_to);
    const auto header = refer_to->sip_uri()->header("Replaces");
    ASSERT_TRUE(header);
    EXPECT_EQ(Replaces::parse(*header)->to_tag, "a");
}

TEST(Replaces, RefusesADialogThatIsNotWhole) {
    EXPECT_FALSE(Replaces::parse("a;to-tag=b"));
    EXPECT_FALSE(Replaces::parse("a;from-tag=b"));
    EXPECT_FALSE(Replaces::parse(";from-tag=b;to-tag=c"));
}

}  // namespace
}  // namespace almon::sip
