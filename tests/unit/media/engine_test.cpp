// SPDX-License-Identifier: GPL-3.0-or-later
// Ports, time-outs, statistics and reports of the engine, through real sockets.
#include "media/engine.hpp"

#include <set>

#include "engine_fixture.hpp"
#include "media/rtcp_packet.hpp"

namespace almon::media {
namespace {

using test::RtpPhone;
using namespace std::chrono_literals;

TEST_F(EngineTest, PreparedPortsAreEvenAndInTheRange) {
    settings_.first_port = 39001;
    settings_.last_port = 39021;
    start();
    command(PreparePorts{10});
    const auto ready = recorder_.take<PortsReady>();
    ASSERT_TRUE(ready);
    const std::set<std::uint16_t> ports(ready->ports.begin(), ready->ports.end());
    EXPECT_EQ(ports.size(), 10U);
    for (const auto port : ports) {
        EXPECT_EQ(port % 2, 0);
        EXPECT_GE(port, 39002);
        EXPECT_LE(port, 39020);
    }
}

TEST_F(EngineTest, TheFirstPortsAreToldBeforeAllAreBound) {
    start();
    command(PreparePorts{64});
    std::size_t ports = 0;
    for (std::size_t told = 0; told < 4; ++told) {
        const auto ready = recorder_.take<PortsReady>();
        ASSERT_TRUE(ready);
        EXPECT_EQ(ready->ports.size(), 16U);
        ports += ready->ports.size();
    }
    EXPECT_EQ(ports, 64U);
}

TEST_F(EngineTest, PortsTakenByOthersAreSkipped_AndAnEmptyRangeIsReported) {
    const RtpPhone squatter;
    const auto taken = static_cast<std::uint16_t>(squatter.rtp_address().port & ~1U);
    settings_.first_port = taken;
    settings_.last_port = static_cast<std::uint16_t>(taken + 3);
    start();
    command(PreparePorts{2});
    const auto exhausted = recorder_.take<PortsExhausted>();
    ASSERT_TRUE(exhausted);
    EXPECT_FALSE(exhausted->reason.empty());
    if (recorder_.count<PortsReady>() != 0) {
        EXPECT_EQ(recorder_.take<PortsReady>()->ports.at(0), taken + 2);
    }
}

TEST_F(EngineTest, ClosedLegsPortComesBackAfterItsQuarantine_WithoutStrayPackets) {
    start();
    RtpPhone alice;
    RtpPhone bob;
    const auto a = open();
    command(configuration(a, alice, {pcma()}));
    close(a);
    alice.send(a.port, {1});
    const auto ready = recorder_.take<PortsReady>();
    ASSERT_TRUE(ready);
    EXPECT_EQ(ready->ports, (std::vector<std::uint16_t>{a.port}));
    alice.send(a.port, {2});
    const auto b = open();
    const OpenedLeg again{LegId{77}, a.port};
    command(OpenLeg{again.id, again.port});
    command(configuration(again, alice, {pcma()}));
    command(configuration(b, bob, {pcma()}));
    command(JoinLegs{again.id, b.id});
    settle();
    alice.send(a.port, {3});
    EXPECT_EQ(bob.receive()->payload, (std::vector<std::uint8_t>{3}));
    EXPECT_EQ(close(again).packets_received, 1U);
}

TEST_F(EngineTest, WhatArrivesBehindTheCommand_IsHeard_HoweverLateTheWorkerIs) {
    start();
    RtpPhone alice;
    for (int i = 0; i < 100; ++i) {
        const OpenedLeg leg{LegId{static_cast<std::uint64_t>(1000 + i)}, next_port()};
        std::vector<Command> both{OpenLeg{leg.id, leg.port}, configuration(leg, alice, {pcma()})};
        engine_->command_all(both);
        alice.send(leg.port);
        ASSERT_TRUE(recorder_.take<FirstPacket>()) << i;
        close(leg);
    }
}

TEST_F(EngineTest, LegOnAPortThatIsNotPrepared_IsClosedAtOnce) {
    start();
    command(OpenLeg{LegId{5}, 40000});
    EXPECT_EQ(recorder_.take<LegClosed>()->leg, LegId{5});
}

TEST_F(EngineTest, WithoutMedia_TheTimeOutIsReportedOnce) {
    start();
    RtpPhone alice;
    const auto a = open();
    auto configure = configuration(a, alice, {pcma()});
    configure.timeout = 100ms;
    command(configure);
    const auto timed_out = recorder_.take<MediaTimedOut>();
    ASSERT_TRUE(timed_out);
    EXPECT_EQ(timed_out->leg, a.id);
    settle();
    EXPECT_EQ(recorder_.count<MediaTimedOut>(), 0U);
}

TEST_F(EngineTest, OnHold_NoTimeOutIsReported) {
    start();
    RtpPhone alice;
    RtpPhone bob;
    const auto a = open();
    const auto b = open();
    auto held = configuration(a, alice, {pcma()});
    held.timeout = 1ms;
    held.receives = false;
    command(held);
    auto watched = configuration(b, bob, {pcma()});
    watched.timeout = 300ms;
    command(watched);
    EXPECT_EQ(recorder_.take<MediaTimedOut>()->leg, b.id);
    EXPECT_EQ(recorder_.count<MediaTimedOut>(), 0U);
}

TEST_F(EngineTest, StatisticsShowLossJitterAndAnEstimateOfQuality) {
    start();
    RtpPhone alice;
    RtpPhone bob;
    const auto a = open();
    const auto b = open();
    command(configuration(a, alice, {pcma()}));
    command(configuration(b, bob, {pcma()}));
    command(JoinLegs{a.id, b.id});
    settle();
    for (int i = 0; i < 100; ++i) {
        if (i % 10 == 5) {  // one in ten is lost on the way
            ++alice.next.sequence;
            alice.next.timestamp += 160;
            continue;
        }
        alice.send(a.port);
        ASSERT_TRUE(bob.receive());
    }
    const auto statistics = close(a);
    EXPECT_EQ(statistics.packets_received, 90U);
    EXPECT_EQ(statistics.bytes_received, 90U * 160);
    EXPECT_EQ(statistics.packets_lost, 10U);
    // Sent in a burst although the timestamps are 20 ms apart: the jitter approaches that.
    EXPECT_GT(statistics.jitter_ms, 10);
    EXPECT_LT(statistics.jitter_ms, 30);
    EXPECT_GT(statistics.mos, 1.5);
    EXPECT_LT(statistics.mos, 3.6);
    EXPECT_EQ(close(b).packets_sent, 90U);
    // The figures of all legs outlive the legs.
    const auto traffic = engine_->traffic();
    EXPECT_EQ(traffic.received, 90U);
    EXPECT_EQ(traffic.sent, 90U);
    EXPECT_EQ(traffic.lost, 10U);
    EXPECT_EQ(traffic.refused, 0U);
}

TEST_F(EngineTest, ReportsAreSentAndTheirsAreRead) {
    settings_.report_interval = 100ms;
    start();
    RtpPhone alice;
    RtpPhone bob;
    const auto a = open();
    const auto b = open();
    command(configuration(a, alice, {pcma()}));
    command(configuration(b, bob, {pcma()}));
    command(JoinLegs{a.id, b.id});
    settle();
    alice.send(a.port);
    ASSERT_TRUE(bob.receive());
    // Bob hears a sender report that names the stream he hears, with SDES behind it.
    std::optional<SenderInformation> sender;
    while (!sender) {
        const auto bytes = bob.receive_rtcp();
        ASSERT_TRUE(bytes);
        RtcpReader reader(*bytes);
        ASSERT_TRUE(reader.valid());
        const auto report = reader.next();
        ASSERT_TRUE(report);
        sender = report->sender_information();
        if (sender) {
            EXPECT_EQ(report->sender_ssrc(), alice.next.ssrc);
        }
        const auto description = reader.next();
        ASSERT_TRUE(description);
        EXPECT_EQ(description->type, RtcpType::SourceDescription);
        EXPECT_FALSE(reader.next());
    }
    EXPECT_EQ(sender->packets, 1U);
    EXPECT_EQ(sender->octets, 160U);
    // Bob answers at once: 3 of our packets never came.
    RtcpWriter answer;
    ReportBlock block;
    block.ssrc = alice.next.ssrc;
    block.cumulative_lost = 3;
    block.jitter = 80;
    block.last_report = static_cast<std::uint32_t>(sender->ntp_time >> 16U);
    answer.report(0xB0B, std::nullopt, block);
    bob.send_rtcp(b.port, answer.bytes());
    settle();
    const auto statistics = close(b);
    EXPECT_EQ(statistics.packets_lost_remote, 3U);
    EXPECT_DOUBLE_EQ(statistics.jitter_remote_ms, 10);
    EXPECT_GE(statistics.round_trip_ms, 0);
    EXPECT_LT(statistics.round_trip_ms, 2000);
}

TEST_F(EngineTest, SettingsThatMakeNoSense_AreRefused) {
    EventRecorder recorder;
    Settings settings;
    settings.first_port = 20000;
    settings.last_port = 10000;
    EXPECT_EQ(Engine::start(settings, recorder).error().field, "ports");
    settings = {};
    settings.threads = 0;
    EXPECT_EQ(Engine::start(settings, recorder).error().field, "threads");
}

TEST_F(EngineTest, CommandsForUnknownLegs_AreIgnored) {
    start();
    command(ConfigureLeg{});
    command(JoinLegs{LegId{1}, LegId{2}});
    command(CloseLeg{LegId{3}});
    command(SendDigit{LegId{4}, '1', 100ms});
    command(Play{LegId{5}, PlaybackId{1}, std::string("x.wav"), false});
    settle();
    EXPECT_EQ(recorder_.count<LegClosed>(), 0U);
}

}  // namespace
}  // namespace almon::media
