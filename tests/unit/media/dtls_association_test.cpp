// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/dtls_association.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace almon::media {
namespace {

using testing::HasSubstr;
using State = DtlsAssociation::State;

std::shared_ptr<const DtlsIdentity> identity() {
    SeededRandom random(1);
    return DtlsIdentity::make(UtcTime(std::chrono::hours(490'000)), random).value();
}

class DtlsAssociationTest : public testing::Test {
protected:
    /// Datagrams go to and fro until neither has anything to say. Every `lost`-th gets lost; 0: none.
    static void talk(DtlsAssociation& client, DtlsAssociation& server) {
        client.begin();
        for (bool said = true; said;) {
            said = false;
            for (auto [from, to] : {std::pair(&client, &server), std::pair(&server, &client)}) {
                for (const auto& datagram : from->take_outgoing()) {
                    said = true;
                    to->receive(datagram);
                }
            }
        }
    }

    std::shared_ptr<const DtlsIdentity> alice = identity();
    std::shared_ptr<const DtlsIdentity> bob = identity();
};

TEST_F(DtlsAssociationTest, BothEndsHaveTheSameKeysTheOtherWayRound) {
    DtlsAssociation client(alice, true, bob->fingerprint());
    DtlsAssociation server(bob, false, alice->fingerprint());
    talk(client, server);
    ASSERT_EQ(client.state(), State::Established) << client.reason();
    ASSERT_EQ(server.state(), State::Established) << server.reason();
    EXPECT_EQ(client.keys().suite, "AEAD_AES_128_GCM");
    EXPECT_EQ(client.keys().suite, server.keys().suite);
    EXPECT_EQ(client.keys().local, server.keys().remote);
    EXPECT_EQ(client.keys().remote, server.keys().local);
    EXPECT_NE(client.keys().local, client.keys().remote);
}

TEST_F(DtlsAssociationTest, ACertificateThatWasNotSignalledEndsIt) {
    DtlsAssociation client(alice, true, alice->fingerprint());
    DtlsAssociation server(bob, false, alice->fingerprint());
    talk(client, server);
    EXPECT_EQ(client.state(), State::Failed);
    EXPECT_THAT(client.reason(), HasSubstr("fingerprint"));
    EXPECT_TRUE(client.keys().local.empty());
}

TEST_F(DtlsAssociationTest, FingerprintsAreComparedWhateverTheirCase) {
    auto lower = bob->fingerprint();
    std::ranges::transform(lower, lower.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
    DtlsAssociation client(alice, true, lower);
    DtlsAssociation server(bob, false, alice->fingerprint());
    talk(client, server);
    EXPECT_EQ(client.state(), State::Established) << client.reason();
}

TEST_F(DtlsAssociationTest, NoiseDoesNotDisturbAHandshake) {
    DtlsAssociation client(alice, true, bob->fingerprint());
    DtlsAssociation server(bob, false, alice->fingerprint());
    server.receive(std::vector<std::uint8_t>(100, 22));
    server.receive(std::vector<std::uint8_t>{22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    server.receive(std::vector<std::uint8_t>(2000, 0xff));
    talk(client, server);
    EXPECT_EQ(server.state(), State::Established) << server.reason();
}

TEST_F(DtlsAssociationTest, AServerSaysNothingByItself) {
    DtlsAssociation server(bob, false, alice->fingerprint());
    server.begin();
    server.check_timer();
    EXPECT_TRUE(server.take_outgoing().empty());
    EXPECT_EQ(server.state(), State::Idle);
}

}  // namespace
}  // namespace almon::media
