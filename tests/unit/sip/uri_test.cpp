// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/uri.hpp"

#include <string>

#include <gtest/gtest.h>

namespace almon::sip {
namespace {

TEST(SipUri, GivesItsParts) {
    const auto uri = SipUri::parse(
        "sips:alice;day=tue:secret@[2001:db8::1]:5062;transport=tcp;lr?Subject=project%20x&Replaces=a%40b");
    ASSERT_TRUE(uri) << uri.error().reason;
    EXPECT_EQ(uri->scheme, UriScheme::Sips);
    EXPECT_EQ(uri->user, "alice;day=tue");
    EXPECT_EQ(uri->password, "secret");
    EXPECT_EQ(uri->host, "[2001:db8::1]");
    EXPECT_EQ(uri->port, 5062);
    EXPECT_EQ(uri->transport(), "tcp");
    EXPECT_TRUE(uri->is_loose_router());
    EXPECT_EQ(uri->header("replaces"), "a@b");
    EXPECT_EQ(uri->header("SUBJECT"), "project x");
    EXPECT_EQ(uri->header("none"), std::nullopt);
}

TEST(SipUri, GivesBackTheTextItWasParsedFrom) {
    for (const std::string_view text :
         {"sip:example.com", "sip:a@b", "sip:a:@b", "sip:a:p@b:5060", "sips:b;x=y;z?h=1&i=2", "sip:[::1]:1",
          "tel:+1-201-555-0123;phone-context=a", "sip:%61@b"}) {
        const auto uri = SipUri::parse(text);
        ASSERT_TRUE(uri) << text;
        if (text != "sip:a:@b") {  // an empty password is dropped
            EXPECT_EQ(uri->text(), text);
        }
    }
}

TEST(SipUri, ReadsTelephoneNumbers) {
    const auto uri = SipUri::parse("TEL:+1-201-555-0123;ext=7");
    ASSERT_TRUE(uri);
    EXPECT_EQ(uri->scheme, UriScheme::Tel);
    EXPECT_EQ(uri->user, "+1-201-555-0123");
    EXPECT_EQ(uri->parameters.find("ext"), "7");
    EXPECT_TRUE(uri->equivalent(*SipUri::parse("tel:+12015550123")));
    EXPECT_FALSE(SipUri::parse("tel:"));
    EXPECT_FALSE(SipUri::parse("tel:x"));
}

TEST(SipUri, RefusesAnUnknownSchemeAsUnsupported) {
    EXPECT_EQ(SipUri::parse("http://example.com").error().code, ErrorCode::Unsupported);
    EXPECT_EQ(SipUri::parse("soap.beep://192.0.2.103:3002").error().code, ErrorCode::Unsupported);
}

TEST(SipUri, RefusesBrokenSyntax) {
    for (const std::string_view text :
         {"",           "sip",           ":a@b",      "sip:",      "sip:@b",      "sip:a@",
          "sip:a@b:0",  "sip:a@b:65536", "sip:a@b:x", "sip:a b@c", "sip:a@b;x y", "<sip:a@b>",
          "sip:a@[::1", "sip:a@[]",      "sip:%4@b",  "sip:a@b%",  "sip:a@b\r\n", "1sip:a@b",
          "sip:a@b@c",  "sip:a@b c"}) {
        const auto uri = SipUri::parse(text);
        ASSERT_FALSE(uri) << text;
        EXPECT_EQ(uri.error().code, ErrorCode::Malformed) << text;
    }
}

TEST(SipUri, ResolvesEscapesOnDemand) {
    EXPECT_EQ(SipUri::parse("sip:%61lice%00@b")->unescaped_user(), std::string("alice\0", 6));
    EXPECT_EQ(unescape("a%20b%2"), "a b%2");
    EXPECT_EQ(escape_user("J\xc3\xbcrg <1>@x"), "J%C3%BCrg%20%3C1%3E%40x");
    EXPECT_EQ(escape_uri_header("a@b;to-tag=1"), "a%40b%3Bto-tag%3D1");
    EXPECT_EQ(unescape(escape_user("all %of\x01it")), "all %of\x01it");
}

TEST(SipUri, KnowsTheDefaultPorts) {
    EXPECT_EQ(SipUri::parse("sip:b")->effective_port(), 5060);
    EXPECT_EQ(SipUri::parse("sips:b")->effective_port(), 5061);
    EXPECT_EQ(SipUri::parse("sip:b;transport=TLS")->effective_port(), 5061);
    EXPECT_EQ(SipUri::parse("sip:b:7000")->effective_port(), 7000);
}

// The examples of RFC 3261 19.1.4.
TEST(SipUri, ComparesAsRfc3261Section19_1_4) {
    const auto same = [](std::string_view a, std::string_view b) {
        const auto left = SipUri::parse(a);
        const auto right = SipUri::parse(b);
        EXPECT_TRUE(left) << a;
        EXPECT_TRUE(right) << b;
        EXPECT_EQ(left->equivalent(*right), right->equivalent(*left)) << a << ' ' << b;
        return left->equivalent(*right);
    };
    EXPECT_TRUE(same("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"));
    EXPECT_TRUE(same("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"));
    EXPECT_TRUE(same("sip:carol@chicago.com", "sip:carol@chicago.com;security=on"));
    EXPECT_TRUE(same("sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
                     "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"));
    EXPECT_TRUE(same("sip:alice@atlanta.com?subject=project%20x&priority=urgent",
                     "sip:alice@atlanta.com?priority=urgent&subject=project%20x"));
    EXPECT_FALSE(same("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"));
    EXPECT_FALSE(same("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"));
    EXPECT_FALSE(same("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"));
    EXPECT_FALSE(same("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"));
    EXPECT_FALSE(same("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"));
    EXPECT_FALSE(same("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"));
    EXPECT_FALSE(same("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"));
    EXPECT_FALSE(same("sip:a@b", "sips:a@b"));
    EXPECT_FALSE(same("sip:a;x@b", "sip:a%3Bx@b"));  // reserved: escaped is another
}

}  // namespace
}  // namespace almon::sip
