// SPDX-License-Identifier: GPL-3.0-or-later
// Protected legs, through real sockets: one party's packets are secret, the other's are plain.
#include "media/guarded_path.hpp"

#include <gmock/gmock.h>

#include "allocation_counter.hpp"
#include "engine_fixture.hpp"
#include "media/stun_message.hpp"
#include "support/stun_check.hpp"

namespace almon::media {
namespace {

using test::RtpPhone;
using testing::HasSubstr;

std::shared_ptr<const DtlsIdentity> identity() {
    SeededRandom random(1);
    return DtlsIdentity::make(UtcTime(std::chrono::hours(490'000)), random).value();
}

class GuardedPathTest : public EngineTest {
protected:
    void SetUp() override {
        settings_.identity = identity();
        start();
        a_ = open();
        b_ = open();
        command(configuration(b_, bob_, {pcma()}));
    }
    void join() {
        command(JoinLegs{a_.id, b_.id});
        settle();
    }
    /// Alice's next packet, as it leaves her.
    std::vector<std::uint8_t> spoken(SrtpSession& keys, std::uint8_t sample) {
        std::vector<std::uint8_t> packet(kRtpHeaderSize + 160 + SrtpSession::kMostOverhead, sample);
        packet[0] = 0x80;
        alice_.next.write_into(packet.data());
        ++alice_.next.sequence;
        alice_.next.timestamp += 160;
        packet.resize(keys.protect_rtp(packet.data(), kRtpHeaderSize + 160));
        return packet;
    }
    void expect_conversation(SrtpSession& alices) {
        alice_.send_raw(a_.port, spoken(alices, 0x11));
        const auto heard = bob_.receive();
        ASSERT_TRUE(heard);
        EXPECT_EQ(heard->payload, std::vector<std::uint8_t>(160, 0x11));
        bob_.send(b_.port, std::vector<std::uint8_t>(160, 0x22));
        auto secret = alice_.receive_raw();
        ASSERT_TRUE(secret);
        EXPECT_GT(secret->size(), kRtpHeaderSize + 160);
        secret->resize(alices.unprotect_rtp(*secret));
        ASSERT_EQ(secret->size(), kRtpHeaderSize + 160);
        EXPECT_EQ(secret->back(), 0x22);
    }
    ConfigureLeg with_keys(std::string local, std::string remote) {
        auto configure = configuration(a_, alice_, {pcma()});
        configure.security.protection = LegSecurity::Protection::Keys;
        configure.security.keys = {"AES_CM_128_HMAC_SHA1_80", std::move(local), std::move(remote)};
        return configure;
    }
    ConfigureLeg with_browser(const DtlsIdentity& alices) {
        ConfigureLeg configure;
        configure.leg = a_.id;
        configure.formats = {pcma()};
        configure.security.protection = LegSecurity::Protection::Dtls;
        configure.security.fingerprint = alices.fingerprint();
        configure.ice = IceSettings{"ours", "password"};
        configure.rtcp_mux = true;
        return configure;
    }
    /// Alice's browser: checks, then the handshake.
    void shake_hands(DtlsAssociation& alices) {
        alice_.send_raw(a_.port, test::stun_check("ours:theirs", "password", true));
        const auto answer = alice_.receive_raw();
        ASSERT_TRUE(answer);
        ASSERT_EQ(read16(answer->data()), 0x0101);
        alices.begin();
        while (alices.state() == DtlsAssociation::State::Handshaking) {
            for (const auto& datagram : alices.take_outgoing())
                alice_.send_raw(a_.port, datagram);
            const auto reply = alice_.receive_raw();
            ASSERT_TRUE(reply);
            alices.receive(*reply);
        }
        for (const auto& datagram : alices.take_outgoing())
            alice_.send_raw(a_.port, datagram);
    }

    const std::string key_a_ = std::string(30, 'a');
    const std::string key_b_ = std::string(30, 'b');
    RtpPhone alice_;
    RtpPhone bob_;
    OpenedLeg a_;
    OpenedLeg b_;
};

TEST_F(GuardedPathTest, KeysOfTheDescription_OpenAndProtect) {
    command(with_keys(key_a_, key_b_));
    join();
    auto alices = SrtpSession::make({"AES_CM_128_HMAC_SHA1_80", key_b_, key_a_}).value();
    expect_conversation(alices);
    EXPECT_THAT(recorder_.take<MediaProtected>()->how, HasSubstr("AES_CM_128_HMAC_SHA1_80"));
}

TEST_F(GuardedPathTest, ForgedReplayedAndPlainPacketsAreDroppedAndCounted) {
    command(with_keys(key_a_, key_b_));
    join();
    auto alices = SrtpSession::make({"AES_CM_128_HMAC_SHA1_80", key_b_, key_a_}).value();
    const auto genuine = spoken(alices, 0x11);
    auto forged = spoken(alices, 0x11);
    forged[50] ^= 1;
    alice_.send_raw(a_.port, forged);
    alice_.send(a_.port);
    alice_.send_raw(a_.port, genuine);
    alice_.send_raw(a_.port, genuine);
    ASSERT_TRUE(bob_.receive());
    settle();
    EXPECT_FALSE(bob_.receive(std::chrono::milliseconds(50)));
    const auto statistics = close(a_);
    EXPECT_EQ(statistics.packets_received, 1U);
    EXPECT_EQ(statistics.packets_refused, 3U);
}

TEST_F(GuardedPathTest, AChangedDescriptionWithTheSameKeysGoesOn) {
    command(with_keys(key_a_, key_b_));
    join();
    auto alices = SrtpSession::make({"AES_CM_128_HMAC_SHA1_80", key_b_, key_a_}).value();
    expect_conversation(alices);
    command(with_keys(key_a_, key_b_));
    settle();
    expect_conversation(alices);
}

TEST_F(GuardedPathTest, RelayingBetweenSecretAndPlain_AllocatesNothing) {
    command(with_keys(key_a_, key_b_));
    join();
    auto alices = SrtpSession::make({"AES_CM_128_HMAC_SHA1_80", key_b_, key_a_}).value();
    expect_conversation(alices);
    ASSERT_TRUE(recorder_.take<FirstPacket>());
    ASSERT_TRUE(recorder_.take<FirstPacket>());
    ASSERT_TRUE(recorder_.take<PortsReady>());
    std::vector<std::vector<std::uint8_t>> packets;
    for (int i = 0; i < 50; ++i)
        packets.push_back(spoken(alices, 0x33));
    const auto before = allocations_so_far();
    for (const auto& packet : packets) {
        alice_.send_raw(a_.port, packet);
        ASSERT_TRUE(bob_.wait_for_rtp());
        bob_.discard_rtp();
    }
    EXPECT_EQ(allocations_so_far() - before, 0U);
}

TEST_F(GuardedPathTest, ABrowserChecksShakesHandsAndTalks) {
    const auto alices_identity = identity();
    command(with_browser(*alices_identity));
    join();
    DtlsAssociation alices(alices_identity, true, settings_.identity->fingerprint());
    shake_hands(alices);
    ASSERT_EQ(alices.state(), DtlsAssociation::State::Established) << alices.reason();
    ASSERT_TRUE(recorder_.take<MediaProtected>());
    auto keys = SrtpSession::make(alices.keys()).value();
    expect_conversation(keys);
}

TEST_F(GuardedPathTest, MediaFollowsTheBrowserToAnotherNetwork) {
    const auto alices_identity = identity();
    command(with_browser(*alices_identity));
    join();
    DtlsAssociation alices(alices_identity, true, settings_.identity->fingerprint());
    shake_hands(alices);
    auto keys = SrtpSession::make(alices.keys()).value();
    expect_conversation(keys);
    // New credentials, the same certificate: the association goes on (RFC 8842 4.3).
    auto restarted = with_browser(*alices_identity);
    restarted.ice = IceSettings{"fresh", "secret"};
    command(restarted);
    settle();
    RtpPhone elsewhere;
    elsewhere.send_raw(a_.port, test::stun_check("ours:theirs", "password", true));
    elsewhere.send_raw(a_.port, test::stun_check("fresh:theirs", "secret", true));
    const auto answer = elsewhere.receive_raw();
    ASSERT_TRUE(answer);
    ASSERT_EQ(read16(answer->data()), 0x0101);
    bob_.send(b_.port, std::vector<std::uint8_t>(160, 0x44));
    auto secret = elsewhere.receive_raw();
    ASSERT_TRUE(secret);
    EXPECT_EQ(keys.unprotect_rtp(*secret), kRtpHeaderSize + 160);
}

TEST_F(GuardedPathTest, AnotherCertificateThanSignalledIsReported) {
    const auto alices_identity = identity();
    command(with_browser(*settings_.identity));
    join();
    DtlsAssociation alices(alices_identity, true, settings_.identity->fingerprint());
    shake_hands(alices);
    const auto failed = recorder_.take<ProtectionFailed>();
    ASSERT_TRUE(failed);
    EXPECT_EQ(failed->leg, a_.id);
    EXPECT_THAT(failed->reason, HasSubstr("fingerprint"));
    auto keys = SrtpSession::make(alices.keys());
    if (keys) alice_.send_raw(a_.port, spoken(*keys, 0x11));
    bob_.send(b_.port);
    settle();
    EXPECT_FALSE(bob_.receive(std::chrono::milliseconds(50)));
}

TEST_F(GuardedPathTest, WithoutAPassedCheckNothingIsTakenAndNothingIsSent) {
    command(with_browser(*identity()));
    join();
    alice_.send_raw(a_.port, test::stun_check("ours:theirs", "guess", true));
    alice_.send_raw(a_.port, std::vector<std::uint8_t>(200, 22));
    bob_.send(b_.port);
    settle();
    EXPECT_FALSE(alice_.receive_raw(std::chrono::milliseconds(50)));
    EXPECT_EQ(close(a_).packets_refused, 2U);
}

}  // namespace
}  // namespace almon::media
