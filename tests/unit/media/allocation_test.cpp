// SPDX-License-Identifier: GPL-3.0-or-later
// No packet costs an allocation.
#include "allocation_counter.hpp"
#include "engine_fixture.hpp"

namespace almon::media {
namespace {

TEST_F(EngineTest, RelayingAPacket_AllocatesNothing) {
    start();
    test::RtpPhone alice;
    test::RtpPhone bob;
    const auto a = open();
    const auto b = open();
    command(configuration(a, alice, {pcma(), events(101)}));
    command(configuration(b, bob, {pcma(), events(96)}));
    command(JoinLegs{a.id, b.id});
    settle();
    alice.send(a.port);
    ASSERT_TRUE(bob.receive());
    ASSERT_TRUE(recorder_.take<FirstPacket>());
    // The ports of settle() come back after their quarantine, which allocates; here there is none to come.
    ASSERT_TRUE(recorder_.take<PortsReady>());
    std::vector<std::uint8_t> packet(172, 0xD5);
    packet[0] = 0x80;
    constexpr std::uint64_t kPackets = 50;
    const auto before = allocations_so_far();
    for (std::uint64_t i = 0; i < kPackets; ++i) {
        alice.next.payload_type = 8;
        alice.next.write_into(packet.data());
        ++alice.next.sequence;
        alice.next.timestamp += 160;
        alice.send_raw(a.port, packet);
        ASSERT_TRUE(bob.wait_for_rtp());
        bob.discard_rtp();
    }
    EXPECT_EQ(allocations_so_far() - before, 0U);
    EXPECT_EQ(close(b).packets_sent, kPackets + 1);
}

}  // namespace
}  // namespace almon::media
