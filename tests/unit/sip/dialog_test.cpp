// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/dialog.hpp"

#include <gtest/gtest.h>

namespace almon::sip {
namespace {

Flow from(std::string_view host, std::uint16_t port = 5060, TransportKind transport = TransportKind::Udp) {
    return {transport, NetAddress::parse("203.0.113.1", 5060).value(), NetAddress::parse(host, port).value(),
            0};
}

std::string target(const Flow& arrived, std::string_view uri, bool through_proxies = false) {
    return flow_to_target(arrived, uri, through_proxies).remote.text();
}

Message invite(std::string_view extra = {}) {
    return std::move(
        Message::parse("INVITE sip:b@203.0.113.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa\r\n"
                       "From: \"A\" <sip:a@example.com>;tag=fa\r\nTo: <sip:b@example.com>\r\n"
                       "Call-ID: one\r\nCSeq: 4 INVITE\r\nContact: <sip:a@192.0.2.1:5070>\r\n" +
                       std::string(extra) + "\r\n")
            .value());
}

// RFC 3261 12.1.1
TEST(Dialog, OfTheCalleeComesFromTheInvite) {
    const auto request = invite("Record-Route: <sip:p1;lr>, <sip:p2;lr>\r\n");
    const auto dialog = Dialog::of_callee(request, from("192.0.2.1"), "ours");
    EXPECT_EQ(dialog.call_id, "one");
    EXPECT_EQ(dialog.local, "<sip:b@example.com>;tag=ours");
    EXPECT_EQ(dialog.remote, "\"A\" <sip:a@example.com>;tag=fa");
    EXPECT_EQ(dialog.remote_tag, "fa");
    EXPECT_EQ(dialog.remote_target, "sip:a@192.0.2.1:5070");
    EXPECT_EQ(dialog.remote_cseq, 4U);
    EXPECT_EQ(dialog.route_set, (std::vector<std::string>{"<sip:p1;lr>", "<sip:p2;lr>"}));
    EXPECT_EQ(dialog.flow, from("192.0.2.1"));
}

// RFC 3261 12.1.2: the route set is the reverse of Record-Route.
TEST(Dialog, OfTheCallerReversesTheRoute) {
    const auto response = std::move(
        Message::parse(
            "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 203.0.113.1;branch=z9hG4bKa\r\nFrom: <sip:a@e>;tag=x\r\n"
            "To: <sip:b@e>;tag=y\r\nCall-ID: one\r\nCSeq: 1 INVITE\r\n"
            "Record-Route: <sip:p2;lr>\r\nRecord-Route: <sip:p1;lr>\r\nContact: <sip:b@192.0.2.7>\r\n\r\n")
            .value());
    const auto dialog = Dialog::of_caller(response, from("192.0.2.1"), "<sip:a@e>;tag=x", "x", "sip:b@e", 1);
    EXPECT_EQ(dialog.route_set, (std::vector<std::string>{"<sip:p1;lr>", "<sip:p2;lr>"}));
    EXPECT_EQ(dialog.remote_target, "sip:b@192.0.2.7");
    EXPECT_EQ(dialog.remote, "<sip:b@e>;tag=y");
}

TEST(Dialog, CSeqMustNotGoBack) {
    auto dialog = Dialog::of_callee(invite(), from("192.0.2.1"), "ours");
    EXPECT_TRUE(dialog.take_cseq(6));
    EXPECT_FALSE(dialog.take_cseq(5));
    EXPECT_TRUE(dialog.take_cseq(7));
}

TEST(Dialog, ContactIsFollowedOverUdp) {
    EXPECT_EQ(target(from("192.0.2.1", 40000), "sip:a@192.0.2.1"), "192.0.2.1:5060");
    EXPECT_EQ(target(from("192.0.2.1"), "sip:a@198.51.100.4:5080"), "198.51.100.4:5080");
}

TEST(Dialog, AddressBehindANatIsNotFollowed) {
    EXPECT_EQ(target(from("192.0.2.1", 40000), "sip:a@10.1.2.3:5060"), "192.0.2.1:40000");
    EXPECT_EQ(target(from("10.0.0.1", 40000), "sip:a@192.168.7.2"), "10.0.0.1:40000");
    EXPECT_EQ(target(from("127.0.0.1", 40000), "sip:a@172.17.0.2:5062"), "127.0.0.1:40000");
}

TEST(Dialog, PeerBehindAProxyIsFollowedToItsPrivateAddress) {
    EXPECT_EQ(target(from("10.0.0.1"), "sip:a@10.9.9.9:5062", true), "10.9.9.9:5062");
}

TEST(Dialog, WhatCannotBeResolvedHereGoesBackTheWayItCame) {
    for (const auto* uri : {"sip:a@host.example.com", "sips:a@192.0.2.9", "tel:+123",
                            "sip:a@192.0.2.9;transport=tcp", "sip:a@[2001:db8::1]", "sip:a@0.0.0.0", ""}) {
        EXPECT_EQ(target(from("192.0.2.1", 40000), uri), "192.0.2.1:40000") << uri;
    }
}

// RFC 5923: the far end of a connection that the peer opened listens to nobody.
TEST(Dialog, LostConnectionIsReplacedByOneToTheContact) {
    auto dialog = Dialog::of_callee(invite(), from("192.0.2.1", 40000, TransportKind::Tcp), "ours");
    const auto after_loss = [&](std::string_view contact, std::vector<std::string> route = {}) {
        dialog.flow = from("192.0.2.1", 40000, TransportKind::Tcp);
        dialog.flow.connection = 7;
        dialog.remote_target = contact;
        dialog.route_set = std::move(route);
        dialog.leave_connection();
        EXPECT_EQ(dialog.flow.connection, 0U);
        return dialog.flow.remote.text();
    };
    EXPECT_EQ(after_loss("sip:a@192.0.2.1:5070;transport=tcp"), "192.0.2.1:5070");
    EXPECT_EQ(after_loss("sip:a@10.0.0.9:5070;transport=tcp"), "192.0.2.1:40000");
    EXPECT_EQ(after_loss("sip:a@192.0.2.1:5070"), "192.0.2.1:40000");
    EXPECT_EQ(after_loss("sip:a@10.0.0.9", {"<sip:198.51.100.2;transport=TCP;lr>"}), "198.51.100.2:5060");
}

TEST(Dialog, ConnectionsAreKept) {
    auto dialog = Dialog::of_callee(invite(), from("192.0.2.1", 40000, TransportKind::Tcp), "ours");
    EXPECT_EQ(dialog.flow.remote.port, 40000);
}

}  // namespace
}  // namespace almon::sip
