// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/source_latch.hpp"

#include <gtest/gtest.h>

namespace almon::media {
namespace {

using Verdict = SourceLatch::Verdict;

SocketAddress at(const char* host, std::uint16_t port) {
    return SocketAddress::make(NetAddress::parse(host, port).value(), false);
}

constexpr Duration kRelatch = 2s;
const SocketAddress kSignalled = at("192.0.2.1", 4000);
const SocketAddress kRouter = at("203.0.113.5", 61000);
const SocketAddress kStranger = at("198.51.100.66", 5555);
Instant seconds(double value) {
    return Instant{} + std::chrono::duration_cast<Duration>(std::chrono::duration<double>(100 + value));
}

TEST(SourceLatch, SendsToTheSignalledAddressUntilSomethingIsHeard) {
    SourceLatch latch;
    EXPECT_FALSE(latch.destination());
    latch.signal(kSignalled, seconds(0));
    EXPECT_EQ(latch.destination(), kSignalled);
    EXPECT_FALSE(latch.latched());
}

TEST(SourceLatch, FollowsTheFirstSource_ThenRefusesOthers) {
    SourceLatch latch;
    latch.signal(kSignalled, seconds(0));
    EXPECT_EQ(latch.judge(kRouter, seconds(1), kRelatch), Verdict::AcceptedAnew);
    EXPECT_EQ(latch.destination(), kRouter);
    EXPECT_EQ(latch.judge(kRouter, seconds(1.02), kRelatch), Verdict::Accepted);
    EXPECT_EQ(latch.judge(kStranger, seconds(1.03), kRelatch), Verdict::Refused);
    EXPECT_EQ(latch.destination(), kRouter);
}

TEST(SourceLatch, SignalledAddressTakesTheStreamBackFromAStranger) {
    SourceLatch latch;
    latch.signal(kSignalled, seconds(0));
    EXPECT_EQ(latch.judge(kStranger, seconds(0.1), kRelatch), Verdict::AcceptedAnew);
    EXPECT_EQ(latch.judge(kSignalled, seconds(0.2), kRelatch), Verdict::AcceptedAnew);
    EXPECT_EQ(latch.judge(kStranger, seconds(0.3), kRelatch), Verdict::Refused);
    EXPECT_EQ(latch.destination(), kSignalled);
}

TEST(SourceLatch, OnlyAfterSilenceAnotherSourceIsTaken) {
    SourceLatch latch;
    latch.signal(kSignalled, seconds(0));
    EXPECT_EQ(latch.judge(kSignalled, seconds(1), kRelatch), Verdict::AcceptedAnew);
    EXPECT_EQ(latch.judge(kRouter, seconds(2.99), kRelatch), Verdict::Refused);
    EXPECT_EQ(latch.judge(kRouter, seconds(3.01), kRelatch), Verdict::AcceptedAnew);
}

TEST(SourceLatch, RefusedPacketsDoNotCountAsSound) {
    SourceLatch latch;
    latch.signal(kSignalled, seconds(0));
    EXPECT_EQ(latch.judge(kSignalled, seconds(1), kRelatch), Verdict::AcceptedAnew);
    for (int i = 0; i < 50; ++i)
        EXPECT_EQ(latch.judge(kStranger, seconds(1.5 + i * 0.02), kRelatch), Verdict::Refused);
    EXPECT_EQ(latch.judge(kSignalled, seconds(2.6), kRelatch), Verdict::Accepted);
}

TEST(SourceLatch, SameAddressSignalledAgain_ChangesNothing) {
    SourceLatch latch;
    latch.signal(kSignalled, seconds(0));
    EXPECT_EQ(latch.judge(kRouter, seconds(1), kRelatch), Verdict::AcceptedAnew);
    latch.signal(kSignalled, seconds(2));
    EXPECT_EQ(latch.destination(), kRouter);
}

TEST(SourceLatch, AnotherAddressSignalled_IsSentToAtOnce_AndLatePacketsAreRefused) {
    SourceLatch latch;
    latch.signal(kSignalled, seconds(0));
    EXPECT_EQ(latch.judge(kRouter, seconds(1), kRelatch), Verdict::AcceptedAnew);
    const auto moved = at("192.0.2.77", 6000);
    latch.signal(moved, seconds(2));
    EXPECT_EQ(latch.destination(), moved);
    EXPECT_EQ(latch.judge(kRouter, seconds(2.1), kRelatch), Verdict::Refused);
    EXPECT_EQ(latch.judge(moved, seconds(2.2), kRelatch), Verdict::AcceptedAnew);
}

TEST(SourceLatch, EarlyMediaFromBehindNat_SurvivesTheAnswer) {
    SourceLatch latch;
    EXPECT_EQ(latch.judge(kRouter, seconds(0), kRelatch), Verdict::AcceptedAnew);
    latch.signal(kSignalled, seconds(1));
    EXPECT_EQ(latch.destination(), kRouter);
    EXPECT_EQ(latch.judge(kRouter, seconds(1.1), kRelatch), Verdict::Accepted);
}

TEST(SocketAddress, MapsIpv4ForIpv6SocketsAndBack) {
    const auto plain = NetAddress::parse("192.0.2.1", 4000).value();
    const auto mapped = SocketAddress::make(plain, true);
    EXPECT_EQ(mapped.any.sa_family, AF_INET6);
    EXPECT_EQ(mapped.net_address(), plain);
    EXPECT_TRUE(mapped.same_host(mapped.with_port(9)));
    EXPECT_FALSE(SocketAddress::make(NetAddress::parse("2001:db8::1", 1).value(), false));
    EXPECT_FALSE(SocketAddress::make(NetAddress::parse("0.0.0.0", 1).value(), false));
    EXPECT_FALSE(SocketAddress::make(NetAddress::parse("192.0.2.1", 0).value(), false));
}

}  // namespace
}  // namespace almon::media
