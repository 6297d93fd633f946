// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/name_addr.hpp"

#include <gtest/gtest.h>

namespace almon::sip {
namespace {

TEST(NameAddr, ReadsAQuotedDisplayName) {
    const auto address =
        NameAddr::parse("\"J. Rosenberg \\\\\\\"\" <sip:jdrosen;x@example.com;lr> ; tag = 98asjd8;q=0.5");
    ASSERT_TRUE(address) << address.error().reason;
    EXPECT_EQ(address->display_text(), "J. Rosenberg \\\"");
    EXPECT_EQ(address->uri, "sip:jdrosen;x@example.com;lr");
    EXPECT_EQ(address->tag(), "98asjd8");
    EXPECT_EQ(address->q(), 500);
}

TEST(NameAddr, ReadsTokensAndUtf8AsDisplayName) {
    EXPECT_EQ(NameAddr::parse("J\xc3\xbcrg  M. <sip:a@b>")->display, "J\xc3\xbcrg  M.");
    EXPECT_EQ(NameAddr::parse("\"\xe7\x94\xb0\" <sip:a@b>")->display_text(), "\xe7\x94\xb0");
    EXPECT_EQ(NameAddr::parse("caller<sip:caller@example.com>;tag=323")->display, "caller");
}

TEST(NameAddr, WithoutAngleBracketsParametersBelongToTheField) {
    const auto address = NameAddr::parse("sip:+13035551111@example.net;user=phone;tag=4");
    ASSERT_TRUE(address);
    EXPECT_EQ(address->uri, "sip:+13035551111@example.net");
    EXPECT_EQ(address->parameters.find("user"), "phone");
    EXPECT_EQ(address->tag(), "4");
}

TEST(NameAddr, ReadsTheParametersOfAContact) {
    const auto contact = NameAddr::parse(
        "<sip:a@b>;expires=3600;+sip.instance=\"<urn:uuid:0-1;2>\";reg-id=1;q=1;methods=\"INVITE, BYE\"");
    ASSERT_TRUE(contact) << contact.error().reason;
    EXPECT_EQ(contact->expires(), 3600U);
    EXPECT_EQ(contact->parameters.find("+sip.instance"), "<urn:uuid:0-1;2>");
    EXPECT_EQ(contact->parameters.find("REG-ID"), "1");
    EXPECT_EQ(contact->q(), 1000);
    EXPECT_EQ(contact->tag(), "");
}

TEST(NameAddr, ABrokenQOrExpiresIsNoValue) {
    for (const std::string_view q : {"1.001", "2", "0.5555", "x", ".5", "0.x", "1.1"})
        EXPECT_EQ(NameAddr::parse("<sip:a@b>;q=" + std::string(q))->q(), std::nullopt) << q;
    EXPECT_EQ(NameAddr::parse("<sip:a@b>;q=0.")->q(), 0);
    EXPECT_EQ(NameAddr::parse("<sip:a@b>;expires=280297596632815")->expires(), std::nullopt);
    EXPECT_EQ(NameAddr::parse("<sip:a@b>;expires=-1")->expires(), std::nullopt);
}

TEST(NameAddr, RefusesBrokenSyntax) {
    for (const std::string_view text :
         {"", "Alice", "\"Alice <sip:a@b>", "\"Alice\"", "\"Alice\" sip:a@b", "Bell, Alexander <sip:a@b>",
          "<sip:a@b", "<>", "< sip:a@b >", "<sip:a b@c>", "sip:a@b?Route=x", "sip:a@b,c", "<sip:a@b>;;",
          "<sip:a@b> x", "<sip:a@b>;tag=", "<sip:a@b>;=1", "<nocolon>",
          "\"Joe\" <sip:joe@example.org>;;;;"}) {
        const auto address = NameAddr::parse(text, "To");
        ASSERT_FALSE(address) << text;
        EXPECT_EQ(address.error().field, "To");
    }
}

TEST(NameAddr, WritesWhatItReadsBack) {
    const std::string text = name_addr("a \"q\" \\ \r\nJ\xc3\xbcrg", "sip:a@b");
    EXPECT_EQ(text, "\"a \\\"q\\\" \\\\   J\xc3\xbcrg\" <sip:a@b>");
    EXPECT_EQ(NameAddr::parse(text)->display_text(), "a \"q\" \\   J\xc3\xbcrg");
    EXPECT_EQ(NameAddr::parse("Bob  <sip:a@b>;tag=1")->text(), "\"Bob\" <sip:a@b>;tag=1");
    EXPECT_EQ(name_addr("", "sip:a@b"), "<sip:a@b>");
}

}  // namespace
}  // namespace almon::sip
