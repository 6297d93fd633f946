// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/transport/udp_transport.hpp"

#include <array>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sip/transport/transports.hpp"
#include "support/transport_recorder.hpp"

namespace almon::sip {
namespace {

constexpr char kOptions[] =
    "OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5062;branch=z9hG4bKx\r\n"
    "From: <sip:a@127.0.0.1>;tag=1\r\nTo: <sip:b@127.0.0.1>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n"
    "Content-Length: 0\r\n\r\n";

class UdpTransportTest : public testing::Test {
protected:
    NetAddress listen(const std::string& host) {
        const auto bound = transports.listen(TransportKind::Udp, NetAddress::parse(host, 0).value());
        EXPECT_TRUE(bound) << bound.error().reason;
        return bound.value_or(NetAddress{});
    }

    /// From now on what arrives is read.
    void start() {
        transports.start();
        reader = std::make_unique<DatagramReader>(transports.datagrams(), recorder);
    }

    TransportRecorder recorder;
    Transports transports{recorder};
    std::unique_ptr<DatagramReader> reader;
};

TEST_F(UdpTransportTest, ADatagramArrivesParsedWithItsFlow) {
    const NetAddress local = listen("127.0.0.1");
    start();
    auto phone = TestSocket::udp();
    phone.send_to(local, kOptions);
    ASSERT_TRUE(recorder.wait_for_messages(1));
    EXPECT_EQ(recorder.text(), kOptions);
    EXPECT_EQ(recorder.flow(),
              (Flow{.transport = TransportKind::Udp, .local = local, .remote = phone.address()}));
}

TEST_F(UdpTransportTest, WhatIsSentComesFromTheListeningAddress) {
    const NetAddress local = listen("127.0.0.1");
    start();
    auto phone = TestSocket::udp();
    transports.send({.transport = TransportKind::Udp, .local = local, .remote = phone.address()}, kOptions);
    NetAddress source;
    EXPECT_EQ(phone.receive(&source), kOptions);
    EXPECT_EQ(source, local);
}

TEST_F(UdpTransportTest, SeveralMessagesLeaveInTheirOrder_WhicheverSocketTheyTake) {
    const std::array locals{listen("127.0.0.1"), listen("0.0.0.0")};
    start();
    auto phone = TestSocket::udp();
    std::vector<std::string> texts;
    for (int i = 0; i < 50; ++i)
        texts.push_back("message " + std::to_string(i));
    std::vector<Outgoing> messages;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        NetAddress local = locals[i / 20 % 2];
        if (local.is_unspecified()) local.bytes = phone.address().bytes;
        messages.push_back(
            {{.transport = TransportKind::Udp, .local = local, .remote = phone.address()}, texts[i]});
    }
    transports.send_all(messages);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        NetAddress source;
        EXPECT_EQ(phone.receive(&source), texts[i]);
        EXPECT_EQ(source, messages[i].flow.local);
    }
    EXPECT_EQ(transports.counters().sent, texts.size());
}

TEST_F(UdpTransportTest, AMessageThatCannotLeaveHoldsNoOtherUp) {
    const NetAddress local = listen("127.0.0.1");
    start();
    auto phone = TestSocket::udp();
    const Flow flow{.transport = TransportKind::Udp, .local = local, .remote = phone.address()};
    Flow nowhere = flow;
    nowhere.local.port = 1;
    Flow unreachable = flow;
    unreachable.remote = NetAddress::parse("192.0.2.1", 0).value();
    const std::array<Outgoing, 5> messages{{{flow, "1"},
                                            {nowhere, "2"},
                                            {unreachable, "3"},
                                            {{.transport = TransportKind::Tls}, "4"},
                                            {flow, "5"}}};
    transports.send_all(messages);
    EXPECT_EQ(phone.receive(), "1");
    EXPECT_EQ(phone.receive(), "5");
    ASSERT_TRUE(recorder.wait_for_losses(3));
    EXPECT_EQ(recorder.losses()[0], nowhere);
    EXPECT_EQ(recorder.losses()[1], unreachable);
}

TEST_F(UdpTransportTest, ListeningOnAllAddressesTheFlowSaysWhichOneWasMeantAndAnswersComeFromIt) {
    const NetAddress all = listen("0.0.0.0");
    start();
    auto phone = TestSocket::udp();
    const NetAddress meant = NetAddress::parse("127.0.0.2", all.port).value();
    phone.send_to(meant, kOptions);
    ASSERT_TRUE(recorder.wait_for_messages(1));
    EXPECT_EQ(recorder.flow().local, meant);
    transports.send(recorder.flow(), kOptions);
    NetAddress source;
    EXPECT_EQ(phone.receive(&source), kOptions);
    EXPECT_EQ(source, meant);
}

TEST_F(UdpTransportTest, Ipv6WorksTheSame) {
    const auto bound = transports.listen(TransportKind::Udp, NetAddress::parse("::", 0).value());
    if (!bound) GTEST_SKIP() << bound.error().reason;
    start();
    auto phone = TestSocket::udp("::1");
    const NetAddress meant = NetAddress::parse("::1", bound->port).value();
    phone.send_to(meant, kOptions);
    ASSERT_TRUE(recorder.wait_for_messages(1));
    EXPECT_EQ(recorder.flow().local, meant);
    EXPECT_EQ(recorder.flow().remote, phone.address());
    transports.send(recorder.flow(), kOptions);
    NetAddress source;
    EXPECT_EQ(phone.receive(&source), kOptions);
    EXPECT_EQ(source, meant);
}

TEST_F(UdpTransportTest, GarbageAndKeepAlivesAreCountedAndDropped) {
    const NetAddress local = listen("127.0.0.1");
    start();
    auto phone = TestSocket::udp();
    phone.send_to(local, "");
    phone.send_to(local, "\r\n\r\n");
    phone.send_to(local, std::string_view("\0\0\0\0", 4));
    phone.send_to(local, "hello\r\n\r\n");
    phone.send_to(local, std::string(2000, '\xff'));
    phone.send_to(local, kOptions);
    ASSERT_TRUE(recorder.wait_for_messages(1));
    EXPECT_EQ(recorder.messages(), 1U);
    EXPECT_EQ(transports.counters().keep_alives, 3U);
    EXPECT_EQ(transports.counters().malformed, 2U);
    EXPECT_EQ(transports.counters().received, 1U);
}

TEST_F(UdpTransportTest, TheLargestDatagramArrivesWhole) {
    const NetAddress local = listen("127.0.0.1");
    start();
    auto phone = TestSocket::udp();
    std::string large = kOptions;
    large.replace(large.find("Content-Length: 0"), 17, "Content-Length: 65000");
    large.append(65000, 'x');
    phone.send_to(local, large);
    ASSERT_TRUE(recorder.wait_for_messages(1));
    EXPECT_EQ(recorder.text().size(), large.size());
}

TEST_F(UdpTransportTest, ABurstArrivesInOrderAndInBatches) {
    const NetAddress local = listen("127.0.0.1");
    auto phone = TestSocket::udp();
    constexpr std::size_t kCount = 500;
    for (std::size_t i = 0; i < kCount; ++i) {
        std::string message = kOptions;
        message.replace(message.find("CSeq: 1"), 7, "CSeq: " + std::to_string(i));
        phone.send_to(local, message);
    }
    start();
    ASSERT_TRUE(recorder.wait_for_messages(kCount));
    for (std::size_t i = 0; i < kCount; ++i)
        EXPECT_THAT(recorder.text(i), testing::HasSubstr("CSeq: " + std::to_string(i) + " "));
    EXPECT_LE(recorder.batches(), kCount / 10);
}

TEST_F(UdpTransportTest, APortInUseIsNamedInASentence) {
    const NetAddress local = listen("127.0.0.1");
    const auto again = transports.listen(TransportKind::Udp, local);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, ErrorCode::Conflict);
    EXPECT_EQ(again.error().reason,
              "UDP port " + std::to_string(local.port) + " on 127.0.0.1 is already in use");
}

TEST_F(UdpTransportTest, AnAddressThatIsNotOursIsNamedInASentence) {
    const auto refused = transports.listen(TransportKind::Udp, NetAddress::parse("192.0.2.77", 5060).value());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason,
              "UDP port 5060 on 192.0.2.77 cannot be opened: no interface of this machine has that address");
}

TEST_F(UdpTransportTest, SendingWhereNothingListensLosesTheFlow) {
    const NetAddress local = listen("127.0.0.1");
    start();
    Flow flow{.transport = TransportKind::Udp, .local = local, .remote = local};
    flow.local.port = 1;
    transports.send(flow, kOptions);
    ASSERT_TRUE(recorder.wait_for_losses(1));
    EXPECT_EQ(recorder.losses().front(), flow);
}

TEST_F(UdpTransportTest, AClosedPortOfThePeerIsLeftToTheTimers) {
    const NetAddress local = listen("127.0.0.1");
    start();
    NetAddress gone = TestSocket::udp().address();
    for (int i = 0; i < 3; ++i)
        transports.send({.transport = TransportKind::Udp, .local = local, .remote = gone}, kOptions);
    auto phone = TestSocket::udp();
    phone.send_to(local, kOptions);
    ASSERT_TRUE(recorder.wait_for_messages(1));
    EXPECT_TRUE(recorder.losses().empty());
}

TEST_F(UdpTransportTest, AFlowToSomebodyNewStartsAtTheAddressThatReachesHim) {
    const NetAddress all = listen("0.0.0.0");
    const NetAddress remote = NetAddress::parse("127.0.0.1", 5070).value();
    const auto flow = transports.flow_to(TransportKind::Udp, remote);
    ASSERT_TRUE(flow);
    EXPECT_EQ(flow->local, NetAddress::parse("127.0.0.1", all.port).value());
    EXPECT_EQ(flow->remote, remote);
    EXPECT_FALSE(transports.flow_to(TransportKind::Tcp, remote));
    EXPECT_FALSE(transports.flow_to(TransportKind::Udp, NetAddress::parse("::1", 5070).value()));
    EXPECT_FALSE(transports.flow_to(TransportKind::Ws, remote));
}

TEST_F(UdpTransportTest, AKindThatIsNotPluggedInIsRefusedAndLoses) {
    EXPECT_EQ(transports.listen(TransportKind::Tls, NetAddress{}).error().reason,
              "there is no transport TLS");
    start();
    transports.send({.transport = TransportKind::Tls}, kOptions);
    EXPECT_TRUE(recorder.wait_for_losses(1));
}

TEST_F(UdpTransportTest, ItStopsWithoutHavingStartedAndTwice) {
    listen("127.0.0.1");
    transports.stop();
    transports.start();
    transports.stop();
    transports.stop();
}

}  // namespace
}  // namespace almon::sip
