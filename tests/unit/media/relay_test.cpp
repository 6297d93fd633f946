// SPDX-License-Identifier: GPL-3.0-or-later
// The relay between two legs, through real sockets.
#include "engine_fixture.hpp"
#include "media/rtcp_packet.hpp"

namespace almon::media {
namespace {

using test::RtpPhone;

class RelayTest : public EngineTest {
protected:
    void SetUp() override { start(); }
    /// Two joined legs, each with a phone.
    void connect(std::vector<PayloadFormat> alices, std::vector<PayloadFormat> bobs) {
        a_ = open();
        b_ = open();
        command(configuration(a_, alice_, std::move(alices)));
        command(configuration(b_, bob_, std::move(bobs)));
        command(JoinLegs{a_.id, b_.id});
        settle();
    }

    RtpPhone alice_;
    RtpPhone bob_;
    OpenedLeg a_;
    OpenedLeg b_;
};

TEST_F(RelayTest, PassesPacketsBothWays_Unchanged) {
    connect({pcma()}, {pcma()});
    alice_.send(a_.port, {1, 2, 3, 4});
    const auto heard = bob_.receive();
    ASSERT_TRUE(heard);
    EXPECT_EQ(heard->payload, (std::vector<std::uint8_t>{1, 2, 3, 4}));
    EXPECT_EQ(heard->header.sequence, 1000);
    EXPECT_EQ(heard->header.timestamp, 50000U);
    EXPECT_EQ(heard->header.ssrc, 0x11223344U);
    EXPECT_FALSE(heard->header.marker);
    bob_.next.marker = true;
    bob_.send(b_.port, {9});
    const auto answered = alice_.receive();
    ASSERT_TRUE(answered);
    EXPECT_EQ(answered->payload, (std::vector<std::uint8_t>{9}));
    EXPECT_TRUE(answered->header.marker);
}

TEST_F(RelayTest, ReportsTheFirstPacketOnce) {
    connect({pcma()}, {pcma()});
    alice_.send(a_.port);
    alice_.send(a_.port);
    ASSERT_TRUE(bob_.receive());
    ASSERT_TRUE(bob_.receive());
    const auto first = recorder_.take<FirstPacket>();
    ASSERT_TRUE(first);
    EXPECT_EQ(first->leg, a_.id);
    EXPECT_EQ(first->source, alice_.rtp_address());
    EXPECT_EQ(recorder_.count<FirstPacket>(), 0U);
}

TEST_F(RelayTest, RenumbersPayloadTypesByCodec) {
    connect({opus(111), pcma()}, {pcma(), opus(96)});
    alice_.next.payload_type = 111;
    alice_.send(a_.port);
    EXPECT_EQ(bob_.receive()->header.payload_type, 96);
    bob_.next.payload_type = 96;
    bob_.send(b_.port);
    EXPECT_EQ(alice_.receive()->header.payload_type, 111);
}

TEST_F(RelayTest, DropsWhatIsNotInTheFormatsOfEitherLeg) {
    connect({pcma(), {98, "SPEEX", 8000, 1, ""}}, {pcma()});
    alice_.next.payload_type = 97;  // not Alice's
    alice_.send(a_.port);
    alice_.next.payload_type = 98;  // not Bob's, and not ours
    alice_.send(a_.port);
    alice_.next.payload_type = 8;
    alice_.send(a_.port, {7});
    EXPECT_EQ(bob_.receive()->payload, (std::vector<std::uint8_t>{7}));
}

TEST_F(RelayTest, DropsWhatIsNotRtp) {
    connect({pcma()}, {pcma()});
    alice_.send_raw(a_.port, {});
    alice_.send_raw(a_.port, {0x80, 8, 0});
    alice_.send_raw(a_.port, std::vector<std::uint8_t>(40, 0x00));
    alice_.send_raw(a_.port, std::vector<std::uint8_t>(4000, 0x88));
    alice_.send_raw(a_.port, {0xB0, 8, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0xBE, 0xDE, 0xFF, 0xFF});
    alice_.send(a_.port, {7});
    EXPECT_EQ(bob_.receive()->payload, (std::vector<std::uint8_t>{7}));
    EXPECT_EQ(close(a_).packets_received, 1U);
}

TEST_F(RelayTest, FollowsThePartyBehindNat) {
    connect({pcma()}, {pcma()});
    RtpPhone router;  // the signalled address of Alice never sends
    router.send(a_.port, {1});
    EXPECT_TRUE(bob_.receive());
    bob_.send(b_.port, {2});
    EXPECT_EQ(router.receive()->payload, (std::vector<std::uint8_t>{2}));
}

TEST_F(RelayTest, SignalledAddressWinsOverAStrangerWhoCameFirst) {
    connect({pcma()}, {pcma()});
    RtpPhone stranger;
    stranger.send(a_.port, {1});
    EXPECT_TRUE(bob_.receive());
    alice_.send(a_.port, {2});
    EXPECT_EQ(bob_.receive()->payload, (std::vector<std::uint8_t>{2}));
    stranger.send(a_.port, {3});
    alice_.send(a_.port, {4});
    EXPECT_EQ(bob_.receive()->payload, (std::vector<std::uint8_t>{4}));
    bob_.send(b_.port, {5});
    EXPECT_EQ(alice_.receive()->payload, (std::vector<std::uint8_t>{5}));
    EXPECT_EQ(close(a_).packets_refused, 1U);
}

TEST_F(RelayTest, RefusesAStrangerWhileThePartyTalks) {
    connect({pcma()}, {pcma()});
    RtpPhone stranger;
    alice_.send(a_.port, {1});
    stranger.send(a_.port, {2});
    alice_.send(a_.port, {3});
    EXPECT_EQ(bob_.receive()->payload, (std::vector<std::uint8_t>{1}));
    EXPECT_EQ(bob_.receive()->payload, (std::vector<std::uint8_t>{3}));
    EXPECT_EQ(close(a_).packets_refused, 1U);
}

TEST_F(RelayTest, AfterSilence_TheSourceMayMove) {
    a_ = open();
    b_ = open();
    auto configure = configuration(a_, alice_, {pcma()});
    configure.relatch_after = std::chrono::milliseconds(0);
    command(configure);
    command(configuration(b_, bob_, {pcma()}));
    command(JoinLegs{a_.id, b_.id});
    settle();
    RtpPhone elsewhere;
    alice_.send(a_.port, {1});
    EXPECT_TRUE(bob_.receive());
    elsewhere.send(a_.port, {2});
    EXPECT_EQ(bob_.receive()->payload, (std::vector<std::uint8_t>{2}));
    bob_.send(b_.port, {3});
    EXPECT_EQ(elsewhere.receive()->payload, (std::vector<std::uint8_t>{3}));
}

TEST_F(RelayTest, WhenAnotherAddressIsSignalled_ItIsSentToAtOnce) {
    connect({pcma()}, {pcma()});
    alice_.send(a_.port);
    EXPECT_TRUE(bob_.receive());
    RtpPhone moved;
    command(configuration(a_, moved, {pcma()}));
    settle();
    bob_.send(b_.port, {1});
    EXPECT_EQ(moved.receive()->payload, (std::vector<std::uint8_t>{1}));
    alice_.send(a_.port, {2});  // her last packets are still on the way
    moved.send(a_.port, {3});
    EXPECT_EQ(bob_.receive()->payload, (std::vector<std::uint8_t>{3}));
}

TEST_F(RelayTest, OnHold_WhatThePartySendsIsDropped) {
    connect({pcma()}, {pcma()});
    auto hold = configuration(a_, alice_, {pcma()});
    hold.receives = false;
    command(hold);
    settle();
    alice_.send(a_.port, {1});
    settle();
    hold.receives = true;
    command(hold);
    settle();
    alice_.send(a_.port, {2});
    EXPECT_EQ(bob_.receive()->payload, (std::vector<std::uint8_t>{2}));
}

TEST_F(RelayTest, WhatMustNotBeSent_IsNotSent) {
    connect({pcma()}, {pcma()});
    auto quiet = configuration(b_, bob_, {pcma()});
    quiet.sends = false;
    command(quiet);
    settle();
    alice_.send(a_.port, {1});
    settle();
    quiet.sends = true;
    command(quiet);
    settle();
    alice_.send(a_.port, {2});
    EXPECT_EQ(bob_.receive()->payload, (std::vector<std::uint8_t>{2}));
}

TEST_F(RelayTest, AnotherSource_ContinuesTheStreamThatThePartyHears) {
    connect({pcma()}, {pcma()});
    alice_.send(a_.port);
    const auto before = bob_.receive();
    ASSERT_TRUE(before);
    // Bob is transferred to Carol, whose stream has its own numbers.
    RtpPhone carol;
    carol.next = {.marker = false, .payload_type = 8, .sequence = 7, .timestamp = 3, .ssrc = 0x55};
    const auto c = open();
    command(configuration(c, carol, {pcma()}));
    command(JoinLegs{c.id, b_.id});
    settle();
    carol.send(c.port);
    const auto after = bob_.receive();
    ASSERT_TRUE(after);
    EXPECT_EQ(after->header.ssrc, before->header.ssrc);
    EXPECT_EQ(after->header.sequence, before->header.sequence + 1);
    EXPECT_GE(after->header.timestamp - before->header.timestamp, 160U);
    EXPECT_LT(after->header.timestamp - before->header.timestamp, 8000U * 10);
    EXPECT_TRUE(after->header.marker);
    carol.next.sequence += 2;  // two packets of hers are lost: Bob must see that
    carol.send(c.port);
    EXPECT_EQ(bob_.receive()->header.sequence, after->header.sequence + 3);
}

TEST_F(RelayTest, Separated_NothingPasses) {
    connect({pcma()}, {pcma()});
    command(SeparateLegs{a_.id, b_.id});
    settle();
    alice_.send(a_.port, {1});
    settle();
    command(JoinLegs{b_.id, a_.id});
    settle();
    alice_.send(a_.port, {2});
    EXPECT_EQ(bob_.receive()->payload, (std::vector<std::uint8_t>{2}));
}

TEST_F(RelayTest, VideoPassesUntouched_AndItsFeedbackReachesTheOtherParty) {
    const PayloadFormat vp8{96, "VP8", 90000, 1, ""};
    const PayloadFormat rtx{97, "RTX", 90000, 1, "apt=96"};
    connect({vp8, rtx}, {vp8, rtx});
    alice_.next.payload_type = 96;
    alice_.send(a_.port, {1});
    auto repair = alice_.next;
    repair.payload_type = 97;
    repair.ssrc = 0x99;
    repair.sequence = 4;
    alice_.send_as(repair, a_.port, {2});
    EXPECT_EQ(bob_.receive()->header.ssrc, 0x11223344U);
    const auto repaired = bob_.receive();
    EXPECT_EQ(repaired->header.ssrc, 0x99U);
    EXPECT_EQ(repaired->header.sequence, 4);
    // Bob's picture loss indication (RFC 4585 6.3.1) behind a receiver report.
    RtcpWriter compound;
    compound.report(0xB0B, std::nullopt, std::nullopt);
    std::array<std::uint8_t, 12> pli{0x81, 206, 0, 2};
    write32(pli.data() + 4, 0xB0B);
    write32(pli.data() + 8, 0x11223344);
    compound.copy({RtcpType::PayloadFeedback, 1, pli});
    bob_.send_rtcp(b_.port, compound.bytes());
    for (;;) {
        const auto bytes = alice_.receive_rtcp();
        ASSERT_TRUE(bytes) << "no feedback arrived";
        RtcpReader reader(*bytes);
        bool found = false;
        while (const auto packet = reader.next()) {
            if (packet->type == RtcpType::PayloadFeedback) found = std::ranges::equal(packet->bytes, pli);
        }
        if (found) break;
    }
}

TEST_F(RelayTest, CarriesTwoHundredLegs) {
    struct Party {
        OpenedLeg leg;
        std::unique_ptr<RtpPhone> phone;
    };
    std::vector<Party> parties;
    for (int i = 0; i < 200; ++i) {
        parties.push_back({open(), std::make_unique<RtpPhone>()});
        command(configuration(parties.back().leg, *parties.back().phone, {pcma()}));
        if (i % 2 == 1) command(JoinLegs{parties[parties.size() - 2].leg.id, parties.back().leg.id});
    }
    settle();
    for (int round = 0; round < 5; ++round) {
        for (std::size_t i = 0; i < parties.size(); ++i)
            parties[i].phone->send(parties[i].leg.port,
                                   {static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(round)});
        for (std::size_t i = 0; i < parties.size(); ++i) {
            const auto heard = parties[i].phone->receive();
            ASSERT_TRUE(heard) << "leg " << i << " round " << round;
            EXPECT_EQ(heard->payload, (std::vector<std::uint8_t>{static_cast<std::uint8_t>(i ^ 1U),
                                                                 static_cast<std::uint8_t>(round)}));
        }
    }
    for (const auto& party : parties) {
        const auto statistics = close(party.leg);
        EXPECT_EQ(statistics.packets_received, 5U);
        EXPECT_EQ(statistics.packets_sent, 5U);
        EXPECT_EQ(statistics.packets_lost, 0U);
    }
}

TEST_F(EngineTest, LegsOfDifferentThreadsMeet_WhereverTheyAreJoined) {
    settings_.threads = 3;
    start();
    std::vector<std::unique_ptr<RtpPhone>> phones;
    std::vector<OpenedLeg> legs;
    for (int i = 0; i < 6; ++i) {
        phones.push_back(std::make_unique<RtpPhone>());
        legs.push_back(open());
        command(configuration(legs.back(), *phones.back(), {pcma()}));
    }
    // Every pair in turn, so that legs travel between all threads, some while others wait for them.
    for (std::size_t i = 0; i < legs.size(); ++i) {
        for (std::size_t j = 0; j < legs.size(); ++j) {
            if (i != j) command(JoinLegs{legs[i].id, legs[j].id});
        }
    }
    for (const auto& [first, second] : {std::pair{0, 3}, {4, 1}, {2, 5}})
        command(
            JoinLegs{legs[static_cast<std::size_t>(first)].id, legs[static_cast<std::size_t>(second)].id});
    for (const auto& [first, second] : {std::pair{0U, 3U}, {4U, 1U}, {2U, 5U}}) {
        std::optional<RtpPhone::Packet> heard;
        // Until the threads have come so far, packets are dropped.
        for (int attempt = 0; attempt < 200 && !heard; ++attempt) {
            phones[first]->send(legs[first].port, {42});
            heard = phones[second]->receive(std::chrono::milliseconds(25));
        }
        ASSERT_TRUE(heard) << first << " to " << second;
    }
    for (const auto& leg : legs)
        EXPECT_EQ(close(leg).packets_refused, 0U);
}

TEST_F(EngineTest, SpeaksIpv6) {
    settings_.bind = NetAddress::parse("::", 0).value();
    start();
    RtpPhone six("::1");
    RtpPhone four("127.0.0.1");
    const auto a = open();
    const auto b = open();
    command(configuration(a, six, {pcma()}));
    command(configuration(b, four, {pcma()}));
    command(JoinLegs{a.id, b.id});
    settle();
    six.send(a.port, {6});
    EXPECT_EQ(four.receive()->payload, (std::vector<std::uint8_t>{6}));
    four.send(b.port, {4});
    EXPECT_EQ(six.receive()->payload, (std::vector<std::uint8_t>{4}));
    EXPECT_EQ(recorder_.take<FirstPacket>([&](const FirstPacket& each) { return each.leg == b.id; })->source,
              four.rtp_address());
}

}  // namespace
}  // namespace almon::media
