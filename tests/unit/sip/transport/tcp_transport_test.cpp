// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/transport/tcp_transport.hpp"

#include <memory>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sip/transport/transports.hpp"
#include "support/transport_recorder.hpp"

namespace almon::sip {
namespace {

std::string message(int number, std::size_t body_size = 0) {
    return "MESSAGE sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:5062;branch=z9hG4bK" +
           std::to_string(number) +
           "\r\nFrom: <sip:a@127.0.0.1>;tag=1\r\nTo: <sip:b@127.0.0.1>\r\nCall-ID: c\r\nCSeq: " +
           std::to_string(number) + " MESSAGE\r\nContent-Length: " + std::to_string(body_size) + "\r\n\r\n" +
           std::string(body_size, 'x');
}

class TcpTransportTest : public testing::Test {
protected:
    void start(const TransportLimits& limits = {}) {
        transports = std::make_unique<Transports>(recorder, limits);
        const auto bound = transports->listen(TransportKind::Tcp, NetAddress::parse("127.0.0.1", 0).value());
        ASSERT_TRUE(bound) << bound.error().reason;
        local = *bound;
        transports->start();
    }
    [[nodiscard]] Flow flow_to(const NetAddress& remote) const {
        return {.transport = TransportKind::Tcp, .local = local, .remote = remote};
    }

    TransportRecorder recorder;
    std::unique_ptr<Transports> transports;
    NetAddress local;
};

TEST_F(TcpTransportTest, AMessageArrivesParsedWithItsFlowAndIsAnsweredOnTheSameConnection) {
    start();
    auto phone = TestSocket::tcp_to(local);
    phone.send(message(1));
    ASSERT_TRUE(recorder.wait_for_messages(1));
    EXPECT_EQ(recorder.text(), message(1));
    const Flow flow = recorder.flow();
    EXPECT_EQ(flow.transport, TransportKind::Tcp);
    EXPECT_EQ(flow.local, local);
    EXPECT_EQ(flow.remote, phone.address());
    EXPECT_NE(flow.connection, 0U);
    transports->send(flow, message(2));
    EXPECT_EQ(phone.receive_all(message(2).size()), message(2));
}

TEST_F(TcpTransportTest, MessagesSurviveHostileSplits) {
    start();
    auto phone = TestSocket::tcp_to(local);
    const std::string stream = message(1, 10) + "\r\n\r\n" + message(2) + message(3, 300) + message(4);
    for (const char byte : stream)
        phone.send({&byte, 1});
    ASSERT_TRUE(recorder.wait_for_messages(4));
    EXPECT_EQ(recorder.text(0), message(1, 10));
    EXPECT_EQ(recorder.text(2), message(3, 300));
    EXPECT_EQ(recorder.text(3), message(4));
    EXPECT_EQ(phone.receive(), "\r\n");
}

TEST_F(TcpTransportTest, ManyMessagesInOneSegmentArriveTogether) {
    start();
    auto phone = TestSocket::tcp_to(local);
    std::string stream;
    for (int i = 0; i < 100; ++i)
        stream += message(i);
    phone.send(stream);
    ASSERT_TRUE(recorder.wait_for_messages(100));
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(recorder.text(static_cast<std::size_t>(i)), message(i));
    EXPECT_LT(recorder.batches(), 20U);
}

TEST_F(TcpTransportTest, APingIsAnsweredWithAPong) {
    start();
    auto phone = TestSocket::tcp_to(local);
    phone.send("\r\n\r\n");
    EXPECT_EQ(phone.receive_all(2), "\r\n");
    EXPECT_EQ(transports->counters().keep_alives, 1U);
}

TEST_F(TcpTransportTest, WhatIsNotSipEndsTheConnection) {
    start();
    auto browser = TestSocket::tcp_to(local);
    browser.send("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    EXPECT_TRUE(browser.is_closed_by_peer());
    EXPECT_TRUE(recorder.wait_for_losses(1));
    EXPECT_EQ(recorder.messages(), 0U);
    EXPECT_EQ(transports->counters().malformed, 1U);
}

TEST_F(TcpTransportTest, AMessageBeyondTheSizeLimitEndsTheConnection) {
    start();
    auto phone = TestSocket::tcp_to(local);
    phone.send("MESSAGE sip:a SIP/2.0\r\nContent-Length: 99999999\r\n\r\n");
    EXPECT_TRUE(phone.is_closed_by_peer());
    EXPECT_EQ(transports->counters().oversized, 1U);
}

TEST_F(TcpTransportTest, AClosedConnectionIsReportedOnceWithItsFlow) {
    start();
    auto phone = std::make_unique<TestSocket>(TestSocket::tcp_to(local));
    phone->send(message(1));
    ASSERT_TRUE(recorder.wait_for_messages(1));
    phone.reset();
    ASSERT_TRUE(recorder.wait_for_losses(1));
    EXPECT_EQ(recorder.losses(), std::vector{recorder.flow()});
    EXPECT_EQ(transports->counters().connections, 0U);
}

TEST_F(TcpTransportTest, AResetConnectionIsReportedToo) {
    start();
    auto phone = TestSocket::tcp_to(local);
    phone.send(message(1));
    ASSERT_TRUE(recorder.wait_for_messages(1));
    phone.reset();
    ASSERT_TRUE(recorder.wait_for_losses(1));
    EXPECT_EQ(recorder.losses(), std::vector{recorder.flow()});
}

TEST_F(TcpTransportTest, WithoutAConnectionOneIsOpenedAndUsedFromThenOnBothWays) {
    start();
    auto phone = TestSocket::tcp_listening();
    transports->send(flow_to(phone.address()), message(1));
    transports->send(flow_to(phone.address()), message(2));
    auto connection = phone.accept();
    EXPECT_EQ(connection.receive_all(message(1).size() * 2), message(1) + message(2));
    connection.send(message(3));
    ASSERT_TRUE(recorder.wait_for_messages(1));
    const Flow flow = recorder.flow();
    EXPECT_EQ(flow.remote, phone.address());
    EXPECT_EQ(flow.local, local);  // Our listening address, not the port that the kernel chose.
    transports->send(flow, message(4));
    EXPECT_EQ(connection.receive_all(message(4).size()), message(4));
    EXPECT_EQ(transports->counters().connected, 1U);
}

TEST_F(TcpTransportTest, AStaleConnectionNumberDoesNotLeadToSomebodyElse) {
    start();
    auto stranger = TestSocket::tcp_to(local);
    stranger.send(message(1));
    ASSERT_TRUE(recorder.wait_for_messages(1));
    auto phone = TestSocket::tcp_listening();
    Flow kept = flow_to(phone.address());
    kept.connection = recorder.flow().connection;
    transports->send(kept, message(2));
    EXPECT_EQ(phone.accept().receive_all(message(2).size()), message(2));
}

TEST_F(TcpTransportTest, ALostConnectionIsOpenedAnewByTheNextSend) {
    start();
    auto phone = TestSocket::tcp_listening();
    transports->send(flow_to(phone.address()), message(1));
    {
        auto first = phone.accept();
        EXPECT_EQ(first.receive_all(message(1).size()), message(1));
    }
    ASSERT_TRUE(recorder.wait_for_losses(1));
    transports->send(recorder.losses().front(), message(2));
    EXPECT_EQ(phone.accept().receive_all(message(2).size()), message(2));
}

TEST_F(TcpTransportTest, AConnectionThatIsRefusedLosesTheFlow) {
    start();
    NetAddress nobody = TestSocket::tcp_listening().address();
    transports->send(flow_to(nobody), message(1));
    ASSERT_TRUE(recorder.wait_for_losses(1));
    EXPECT_EQ(recorder.losses().front().remote, nobody);
    EXPECT_EQ(recorder.losses().front().local, local);
}

TEST_F(TcpTransportTest, AMessageThatDoesNotEndTimesOut) {
    start({.message_timeout = 40ms});
    auto slow = TestSocket::tcp_to(local);
    slow.send(message(1).substr(0, 30));
    EXPECT_TRUE(slow.is_closed_by_peer());
    EXPECT_TRUE(recorder.wait_for_losses(1));
    EXPECT_EQ(transports->counters().timed_out, 1U);
}

TEST_F(TcpTransportTest, AConnectionWithoutAFirstMessageTimesOutDespitePings) {
    start({.first_message_timeout = 40ms});
    auto idler = TestSocket::tcp_to(local);
    idler.send("\r\n\r\n");
    EXPECT_TRUE(idler.is_closed_by_peer());
}

TEST_F(TcpTransportTest, AnIdleConnectionTimesOut) {
    start({.idle_timeout = 40ms});
    auto phone = TestSocket::tcp_to(local);
    phone.send(message(1));
    EXPECT_TRUE(phone.is_closed_by_peer());
    EXPECT_EQ(recorder.messages(), 1U);
}

TEST_F(TcpTransportTest, APeerThatDoesNotReadIsDroppedWhenItsQueueIsFull) {
    start({.write_queue = 100'000});
    auto phone = TestSocket::tcp_to(local);
    phone.send(message(1));
    ASSERT_TRUE(recorder.wait_for_messages(1));
    const std::string large = message(2, 50'000);
    for (int i = 0; i < 1000 && transports->counters().overflowed == 0; ++i)
        transports->send(recorder.flow(), large);
    EXPECT_TRUE(recorder.wait_for_losses(1));
    EXPECT_GE(transports->counters().overflowed, 1U);
}

TEST_F(TcpTransportTest, APeerThatTakesNothingTimesOut) {
    start({.write_queue = 64 * 1024 * 1024, .write_timeout = 40ms});
    auto phone = TestSocket::tcp_to(local);
    phone.send(message(1));
    ASSERT_TRUE(recorder.wait_for_messages(1));
    const std::string large = message(2, 60'000);
    for (int i = 0; i < 400; ++i)
        transports->send(recorder.flow(), large);
    EXPECT_TRUE(recorder.wait_for_losses(1));
    EXPECT_EQ(transports->counters().timed_out, 1U);
}

TEST_F(TcpTransportTest, WhatTheKernelDoesNotTakeFollowsInOrder) {
    start({.write_queue = 64 * 1024 * 1024});
    auto phone = TestSocket::tcp_to(local);
    phone.send(message(1));
    ASSERT_TRUE(recorder.wait_for_messages(1));
    std::string expected;
    for (int i = 0; i < 300; ++i) {
        const std::string part = message(i, 20'000);
        transports->send(recorder.flow(), part);
        expected += part;
    }
    EXPECT_EQ(phone.receive_all(expected.size()), expected);
}

TEST_F(TcpTransportTest, OneAddressMayOnlyHaveSoManyConnections) {
    start({.connections_per_address = 2});
    auto first = TestSocket::tcp_to(local);
    auto second = TestSocket::tcp_to(local);
    auto third = TestSocket::tcp_to(local);
    EXPECT_TRUE(third.is_closed_by_peer());
    EXPECT_EQ(transports->counters().refused, 1U);
    first.send(message(1));
    second.send(message(2));
    EXPECT_TRUE(recorder.wait_for_messages(2));
    first.reset();
    EXPECT_TRUE(recorder.wait_for_losses(1));
    auto fourth = TestSocket::tcp_to(local);
    fourth.send(message(4));
    EXPECT_TRUE(recorder.wait_for_messages(3));
}

TEST_F(TcpTransportTest, InAllThereMayOnlyBeSoManyConnections) {
    start({.connections = 1});
    auto first = TestSocket::tcp_to(local);
    first.send(message(1));
    ASSERT_TRUE(recorder.wait_for_messages(1));
    auto second = TestSocket::tcp_to(local);
    EXPECT_TRUE(second.is_closed_by_peer());
    auto phone = TestSocket::tcp_listening();
    transports->send(flow_to(phone.address()), message(1));
    EXPECT_TRUE(recorder.wait_for_losses(1));
    EXPECT_EQ(recorder.losses().front(), flow_to(phone.address()));
}

TEST_F(TcpTransportTest, APortInUseIsNamedInASentence) {
    start();
    Transports others(recorder);
    const auto again = others.listen(TransportKind::Tcp, local);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().reason,
              "TCP port " + std::to_string(local.port) + " on 127.0.0.1 is already in use");
}

TEST_F(TcpTransportTest, StoppingClosesTheConnectionsAndTellsNobody) {
    start();
    auto phone = TestSocket::tcp_to(local);
    phone.send(message(1));
    ASSERT_TRUE(recorder.wait_for_messages(1));
    transports->stop();
    EXPECT_TRUE(phone.is_closed_by_peer());
    EXPECT_TRUE(recorder.losses().empty());
}

TEST_F(TcpTransportTest, ManyThreadsMaySendWhilePeersComeAndGo) {
    start();
    auto phone = TestSocket::tcp_listening();
    const NetAddress address = phone.address();
    std::vector<std::thread> senders;
    for (int i = 0; i < 3; ++i) {
        senders.emplace_back([this, address, i] {
            for (int j = 0; j < 200; ++j)
                transports->send(flow_to(address), message(i * 1000 + j));
        });
    }
    std::thread peer([&] {
        for (int i = 0; i < 3; ++i) {
            // A send that still finds the old connection opens no new one: it is repeated until one comes.
            for (int tries = 0; tries < 100 && !phone.wait_for_connection(std::chrono::milliseconds(50));
                 ++tries)
                transports->send(flow_to(address), message(9999));
            auto connection = phone.accept();
            if (connection.receive().empty()) return;
            connection.reset();
        }
    });
    for (auto& sender : senders)
        sender.join();
    peer.join();
    EXPECT_TRUE(recorder.wait_for_losses(1));
}

}  // namespace
}  // namespace almon::sip
