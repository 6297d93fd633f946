// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/via.hpp"

#include <gtest/gtest.h>

namespace almon::sip {
namespace {

TEST(Via, GivesItsParts) {
    const auto via = Via::parse(
        "SIP / 2.0 / UDP first.example.com : 4000;ttl=16\r\n ;maddr=224.2.0.1 "
        ";branch=z9hG4bKa7c6a8dlze.1;rport");
    ASSERT_TRUE(via) << via.error().reason;
    EXPECT_EQ(via->transport, "UDP");
    EXPECT_EQ(via->host, "first.example.com");
    EXPECT_EQ(via->port, 4000);
    EXPECT_EQ(via->ttl(), 16);
    EXPECT_EQ(via->maddr(), "224.2.0.1");
    EXPECT_EQ(via->branch(), "z9hG4bKa7c6a8dlze.1");
    EXPECT_TRUE(via->has_magic_cookie());
    EXPECT_TRUE(via->has_rport());
    EXPECT_EQ(via->rport(), std::nullopt);
    EXPECT_EQ(via->sent_by(), "first.example.com:4000");
}

TEST(Via, ReadsWhatAResponseBringsBack) {
    const auto via =
        Via::parse("SIP/2.0/TLS [2001:db8::9]:5061;received=2001:db8::8;rport=40123;branch=z9hG4bK");
    ASSERT_TRUE(via);
    EXPECT_EQ(via->host, "[2001:db8::9]");
    EXPECT_EQ(via->received(), "2001:db8::8");
    EXPECT_EQ(via->rport(), 40123);
    EXPECT_FALSE(via->has_magic_cookie());
}

TEST(Via, HasTheDefaultPortOfItsTransport) {
    EXPECT_EQ(Via::parse("SIP/2.0/UDP h")->effective_port(), 5060);
    EXPECT_EQ(Via::parse("SIP/2.0/TLS h")->effective_port(), 5061);
    EXPECT_EQ(Via::parse("SIP/2.0/UDP h:7")->effective_port(), 7);
    EXPECT_EQ(Via::parse("SIP/2.0/UDP h")->sent_by(), "h");
}

TEST(Via, AcceptsAnyTransport) {
    EXPECT_EQ(Via::parse("SIP/2.0/UNKNOWN t5.example.com;branch=z9hG4bK1")->transport, "UNKNOWN");
}

TEST(Via, RefusesBrokenSyntax) {
    for (const std::string_view text :
         {"", "SIP/2.0/UDP", "SIP/2.0/UDP ", "SIP/3.0/UDP h", "HTTP/2.0/UDP h", "SIP/2.0 h",
          "SIP/2.0/UDP h:", "SIP/2.0/UDP h:0", "SIP/2.0/UDP h:70000", "SIP/2.0/UDP h;;",
          "SIP/2.0/UDP h;branch=", "SIP/2.0/UDP h x", "SIP/2.0/UDP [::1", "SIP/2.0/UDP;branch=x"}) {
        EXPECT_FALSE(Via::parse(text)) << text;
    }
}

}  // namespace
}  // namespace almon::sip
