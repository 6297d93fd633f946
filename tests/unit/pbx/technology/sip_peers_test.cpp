// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/technology/sip_peers.hpp"

#include <deque>

#include <gtest/gtest.h>

#include "model/trunk.hpp"
#include "support/sip_network.hpp"

namespace almon::pbx {
namespace {

using sip::TransportKind;
using test::address_of;

class SipPeersTest : public testing::Test {
protected:
    model::EndpointSip& add(std::uint64_t id, std::string type, std::string host,
                            std::vector<std::pair<std::string, std::string>> options = {}) {
        model::EndpointSip endpoint;
        endpoint.id = model::EndpointSipId{id};
        endpoint.username = "trunk" + std::to_string(id);
        endpoint.type = std::move(type);
        endpoint.host = std::move(host);
        endpoint.options = std::move(options);
        builder.put(endpoint);
        model::Trunk trunk;
        trunk.id = model::TrunkId{id};
        trunk.endpoint_sip = endpoint.id;
        builder.put(trunk);
        return endpoints.emplace_back(endpoint);
    }
    void use() {
        if (!snapshot) snapshot = builder.build(1);
        peers.use(*snapshot);
    }
    std::string sender(const NetAddress& from, TransportKind transport = TransportKind::Udp) {
        const auto* found = peers.sender(*snapshot, {transport, listening, from, 0});
        return found == nullptr ? "" : found->username;
    }

    NetAddress listening = address_of("192.0.2.1");
    StepClock clock;
    SipPeers peers{{{TransportKind::Udp, listening}, {TransportKind::Tcp, listening}}, clock};
    model::SnapshotBuilder builder{*model::Snapshot::empty()};
    std::deque<model::EndpointSip> endpoints;
    std::shared_ptr<const model::Snapshot> snapshot;
};

TEST_F(SipPeersTest, APeerIsKnownByItsAddressAFriendProvesItself) {  // ADB-015, ADB-016, ADB-020
    add(1, "peer", "192.0.2.9");
    add(2, "friend", "192.0.2.10");
    add(3, "friend", "192.0.2.11", {{"insecure", "port,invite"}});
    add(4, "peer", "dynamic");
    use();
    EXPECT_EQ(sender(address_of("192.0.2.9")), "trunk1");
    EXPECT_EQ(sender(address_of("192.0.2.9", 5070)), "") << "another port is somebody else";
    EXPECT_EQ(sender(address_of("192.0.2.9", 40'000), TransportKind::Tcp), "trunk1");
    EXPECT_EQ(sender(address_of("192.0.2.10")), "");
    EXPECT_EQ(sender(address_of("192.0.2.11", 5070)), "trunk3");
    EXPECT_EQ(sender(address_of("192.0.2.12")), "");
}

TEST_F(SipPeersTest, OfTwoBehindOneAddressThePortDecides) {
    add(1, "peer", "192.0.2.9", {{"port", "5070"}});
    add(2, "peer", "192.0.2.9", {{"port", "5080"}});
    use();
    EXPECT_EQ(sender(address_of("192.0.2.9", 5080)), "trunk2");
    EXPECT_EQ(sender(address_of("192.0.2.9", 5070)), "trunk1");
}

TEST_F(SipPeersTest, TheWayGoesByPortAndTransport) {
    const auto& plain = add(1, "peer", "192.0.2.9");
    const auto& tcp = add(2, "peer", "192.0.2.9", {{"port", "5070"}, {"transport", "tcp,udp"}});
    const auto& tls = add(3, "peer", "192.0.2.9", {{"transport", "tls"}});
    const auto& six = add(4, "peer", "2001:db8::9");
    use();
    EXPECT_EQ(peers.way_to(plain)->host_port, "192.0.2.9");
    EXPECT_EQ(peers.way_to(plain)->flow.remote, address_of("192.0.2.9"));
    EXPECT_EQ(peers.way_to(tcp)->host_port, "192.0.2.9:5070;transport=tcp");
    EXPECT_EQ(peers.way_to(tcp)->flow.remote.port, 5070);
    EXPECT_EQ(peers.way_to(tcp)->flow.transport, TransportKind::Tcp);
    EXPECT_FALSE(peers.way_to(tls)) << "nothing listens for TLS";
    EXPECT_FALSE(peers.way_to(six)) << "nor for IPv6";
}

TEST_F(SipPeersTest, ANameIsAWayOnceItsAddressIsKnown) {
    const auto& named = add(1, "peer", "sip.example.com");
    use();
    EXPECT_FALSE(peers.way_to(named));
    EXPECT_EQ(peers.names().take_questions(), std::vector<std::string>{"sip.example.com"});
    peers.names().answered("sip.example.com", {address_of("2001:db8::9", 0), address_of("192.0.2.9", 0)});
    ASSERT_TRUE(peers.way_to(named));
    EXPECT_EQ(peers.way_to(named)->flow.remote, address_of("192.0.2.9")) << "of those that we can reach";
    EXPECT_EQ(peers.way_to(named)->host_port, "sip.example.com");
    EXPECT_EQ(sender(address_of("192.0.2.9")), "trunk1");
}

TEST_F(SipPeersTest, WhoIsMonitoredAndSilentIsNotReachable) {  // ADB-021
    add(1, "peer", "192.0.2.9", {{"qualify", "yes"}});
    add(2, "peer", "192.0.2.10", {{"qualify", "yes"}, {"qualifyfreq", "10"}});
    add(3, "peer", "192.0.2.11", {{"qualify", "no"}});
    use();
    using Ids = std::vector<model::EndpointSipId>;
    EXPECT_EQ(peers.take_due(), (Ids{model::EndpointSipId{1}, model::EndpointSipId{2}}));
    peers.asked(model::EndpointSipId{1}, sip::ClientRequestId{7});
    peers.asked(model::EndpointSipId{2}, sip::ClientRequestId{8});
    EXPECT_FALSE(peers.on_completed({sip::ClientRequestId{9}, nullptr}));
    EXPECT_TRUE(peers.is_reachable(model::EndpointSipId{2})) << "until it is known";
    const auto shown = [this] { return peers.monitored().back(); };
    ASSERT_EQ(peers.monitored().size(), 2u);
    EXPECT_EQ(shown().endpoint, model::EndpointSipId{2});
    EXPECT_FALSE(shown().since);
    EXPECT_TRUE(peers.on_completed({sip::ClientRequestId{8}, nullptr}));
    EXPECT_FALSE(peers.is_reachable(model::EndpointSipId{2}));
    EXPECT_TRUE(peers.is_reachable(model::EndpointSipId{3}));
    EXPECT_FALSE(shown().reachable);
    EXPECT_EQ(shown().since, clock.utc());
    clock.now.instant += std::chrono::seconds(10);
    clock.now.utc += std::chrono::seconds(10);
    EXPECT_EQ(peers.take_due(), Ids{model::EndpointSipId{2}});
    peers.asked(model::EndpointSipId{2}, sip::ClientRequestId{10});
    use();
    EXPECT_FALSE(peers.is_reachable(model::EndpointSipId{2})) << "a change elsewhere forgets nothing";
    const auto answer = test::parsed(
        "SIP/2.0 404 Not Found\r\nVia: SIP/2.0/UDP a\r\nFrom: <sip:a@b>\r\n"
        "To: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\n\r\n");
    EXPECT_TRUE(peers.on_completed({sip::ClientRequestId{10}, &answer}));
    EXPECT_TRUE(peers.is_reachable(model::EndpointSipId{2}));
    EXPECT_EQ(shown().since, clock.utc());
}

}  // namespace
}  // namespace almon::pbx
