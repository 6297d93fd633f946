// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/transport/websocket_transport.hpp"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sip/transport/transports.hpp"
#include "support/transport_recorder.hpp"

namespace almon::sip {
namespace {

constexpr std::string_view kRegister =
    "REGISTER sip:almon.example SIP/2.0\r\nVia: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bK56sdasks\r\n"
    "From: <sip:alice@almon.example>;tag=asdyka899\r\nTo: <sip:alice@almon.example>\r\nCall-ID: asidkj3ss\r\n"
    "CSeq: 1 REGISTER\r\nContact: <sip:alice@df7jal23ls0d.invalid;transport=ws>\r\n\r\n";

/// A WebSocket that writes down what it is asked to do.
class Browser final : public WebSocketTransport::Connection {
public:
    void send(std::string_view message) override { said.emplace_back(message); }
    void close() override { closed = true; }
    std::vector<std::string> said;
    bool closed = false;
};

class WebSocketTransportTest : public testing::Test {
protected:
    WebSocketTransportTest() { transports.start(); }

    TransportRecorder recorder;
    Transports transports{recorder};
    WebSocketTransport& secure = transports.websockets(TransportKind::Wss);
    NetAddress local = NetAddress::parse("192.0.2.1", 8089).value();
    NetAddress remote = NetAddress::parse("192.0.2.7", 40000).value();
    std::shared_ptr<Browser> browser = std::make_shared<Browser>();
};

TEST_F(WebSocketTransportTest, AMessageArrivesWithItsFlowAndIsAnsweredOnTheSameConnection) {
    const auto flow = secure.opened(local, remote, browser);
    ASSERT_TRUE(flow);
    EXPECT_EQ(flow->transport, TransportKind::Wss);
    // RFC 7118 section 5: Content-Length is optional.
    secure.received(*flow, kRegister);
    ASSERT_TRUE(recorder.wait_for_messages(1));
    EXPECT_EQ(recorder.flow(), *flow);
    transports.send(recorder.flow(), "SIP/2.0 200 OK\r\n\r\n");
    EXPECT_EQ(browser->said, std::vector<std::string>{"SIP/2.0 200 OK\r\n\r\n"});
}

TEST_F(WebSocketTransportTest, WhoHasGoneIsReportedAndNobodyElseGetsHisMessages) {
    const auto flow = secure.opened(local, remote, browser);
    secure.closed(*flow);
    ASSERT_TRUE(recorder.wait_for_losses(1));
    transports.send(*flow, "late");
    ASSERT_TRUE(recorder.wait_for_losses(2));
    EXPECT_EQ(recorder.losses().back(), *flow);
    EXPECT_TRUE(browser->said.empty());
}

TEST_F(WebSocketTransportTest, AFlowOfAnEarlierProcessReachesNobody) {
    const auto flow = secure.opened(local, remote, browser);
    auto stale = *flow;
    stale.remote.port = 40001;
    transports.send(stale, "for somebody else");
    ASSERT_TRUE(recorder.wait_for_losses(1));
    EXPECT_TRUE(browser->said.empty());
}

TEST_F(WebSocketTransportTest, WhatIsNoSipIsDroppedAndTheConnectionGoesOn) {
    const auto flow = secure.opened(local, remote, browser);
    for (const std::string_view message : {"", "hello", "\xff\xfe", "\r\n", "GET / HTTP/1.1\r\n\r\n"})
        secure.received(*flow, message);
    secure.received(*flow, kRegister);
    ASSERT_TRUE(recorder.wait_for_messages(1));
    EXPECT_EQ(recorder.messages(), 1U);
    EXPECT_EQ(transports.counters().malformed, 4U);
}

TEST_F(WebSocketTransportTest, AKeepAliveIsAnswered) {  // RFC 5626 4.4.1
    const auto flow = secure.opened(local, remote, browser);
    secure.received(*flow, "\r\n\r\n");
    EXPECT_EQ(browser->said, std::vector<std::string>{"\r\n"});
}

TEST_F(WebSocketTransportTest, StoppingClosesEveryConnection) {
    ASSERT_TRUE(secure.opened(local, remote, browser));
    transports.stop();
    EXPECT_TRUE(browser->closed);
    EXPECT_FALSE(secure.opened(local, remote, browser));
    EXPECT_EQ(transports.counters().connections, 0U);
}

}  // namespace
}  // namespace almon::sip
