// SPDX-License-Identifier: GPL-3.0-or-later
// Our accounts at a provider, who is scripted (RFC 3261 10.2).
#include "pbx/technology/outward_registrations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/sip_network.hpp"

namespace almon::pbx {
namespace {

using namespace std::chrono_literals;
using test::header_of;
using test::response_to;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class OutwardRegistrationsTest : public testing::Test {
protected:
    OutwardRegistrationsTest() {
        server.act = [this](const sip::UserAgentEvent& event) {
            clock.now = network.now();
            if (const auto* completed = std::get_if<sip::RequestCompleted>(&event)) {
                ASSERT_TRUE(registrations.on_completed(*completed));
            }
        };
        account.id = model::RegisterSipId{1};
        account.sip_username = "alice";
        account.auth_password = "secret";
        account.remote_host = "192.0.2.9";
        account.expiration = 100;
    }
    void configure() {
        model::SnapshotBuilder builder(*model::Snapshot::empty());
        builder.put(account);
        use(builder.build(++change));
    }
    void use(std::shared_ptr<const model::Snapshot> snapshot) {
        clock.now = network.now();
        peers.use(*snapshot);
        registrations.use(*snapshot);
        run(100ms);
    }
    void run(Duration time) {
        for (const auto end = network.now().instant + time; network.now().instant < end;) {
            clock.now = network.now();
            registrations.advance();
            network.run_for(std::min<Duration>(50ms, end - network.now().instant));
        }
        clock.now = network.now();
    }
    std::string take() { return network.take(provider, "REGISTER"); }
    bool silent() { return !network.take(provider); }
    void respond(std::string_view request, int status, std::string_view fields = {}) {
        network.send_as(provider, server, response_to(request, status, "p", fields));
        run(100ms);
    }
    OutwardRegistrations::State state() { return registrations.all().at(0).state; }

    test::SipNetwork network;
    test::SipParty& server = network.add("server", "192.0.2.1");
    NetAddress provider = test::address_of("192.0.2.9");
    StepClock clock;
    SeededRandom random{1};
    SipPeers peers{{{sip::TransportKind::Udp, server.address}}, clock};
    OutwardRegistrations registrations{clock, random, peers, *server.agent, "192.0.2.1"};
    model::RegisterSip account;
    std::uint64_t change = 0;
};

TEST_F(OutwardRegistrationsTest, RegistersWithDigestAndAgainInTime) {  // ADB-013, ADB-020
    configure();
    const auto first = take();
    EXPECT_THAT(first, HasSubstr("REGISTER sip:192.0.2.9 SIP/2.0"));
    EXPECT_THAT(header_of(first, "To"), HasSubstr("<sip:alice@192.0.2.9>"));
    EXPECT_EQ(header_of(first, "Contact"), "<sip:alice@192.0.2.1:5060>");
    EXPECT_EQ(header_of(first, "Expires"), "100");
    respond(first, 401, "WWW-Authenticate: Digest realm=\"p\", nonce=\"n\"\n");
    const auto second = take();
    EXPECT_THAT(header_of(second, "Authorization"), HasSubstr("username=\"alice\""));
    EXPECT_EQ(header_of(second, "Call-ID"), header_of(first, "Call-ID"));
    respond(second, 200, "Contact: <sip:alice@192.0.2.1:5060>;expires=50\n");
    EXPECT_EQ(state(), OutwardRegistrations::State::Registered);
    EXPECT_THAT(registrations.take_news(), ElementsAre("registered as alice@192.0.2.9 for 50 s"));
    run(39s);
    EXPECT_TRUE(silent());
    run(2s);
    const auto refresh = take();
    EXPECT_EQ(header_of(refresh, "Call-ID"), header_of(first, "Call-ID"));
    EXPECT_EQ(header_of(refresh, "CSeq"), "3 REGISTER");
    respond(refresh, 200, "Expires: 50\n");
    EXPECT_THAT(registrations.take_news(), IsEmpty()) << "nothing has changed";
}

TEST_F(OutwardRegistrationsTest, TakesTheIntervalThatTheProviderInsistsOn) {
    configure();
    respond(take(), 423, "Min-Expires: 300\n");
    const auto again = take();
    EXPECT_EQ(header_of(again, "Expires"), "300");
}

TEST_F(OutwardRegistrationsTest, PausesLongerAndLongerWhereItFails) {
    configure();
    respond(take(), 503);
    EXPECT_EQ(state(), OutwardRegistrations::State::Unreachable);
    EXPECT_THAT(registrations.take_news(),
                ElementsAre("registration as alice@192.0.2.9 is unreachable: 503 Service Unavailable"));
    // Each with a fifth at most of chance, and a tenth of a second of the test's own.
    const auto refused_after = [this](std::chrono::seconds least, int status, std::string_view fields = {}) {
        const auto before = network.now().instant;
        std::optional<std::string> next;
        while (!(next = network.take(provider)) && network.now().instant - before < 1h)
            run(100ms);
        const auto pause = network.now().instant - before;
        EXPECT_GE(pause, least - 200ms);
        EXPECT_LE(pause, least + least / 5 + 200ms);
        if (next) respond(*next, status, fields);
    };
    refused_after(10s, 503);
    refused_after(20s, 503, "Retry-After: 200\n");
    refused_after(200s, 403);
    EXPECT_EQ(state(), OutwardRegistrations::State::Refused);
    refused_after(480s, 403);
    refused_after(960s, 403);
    refused_after(1800s, 403);
    refused_after(1800s, 403);
}

TEST_F(OutwardRegistrationsTest, TellsSinceWhenItWorksOrDoesNot) {  // ADB-019
    const auto since = [this] { return registrations.all().at(0).since; };
    configure();
    EXPECT_EQ(registrations.all().at(0).id, account.id);
    EXPECT_FALSE(since()) << "nothing was answered";
    respond(take(), 503);
    const auto failed = since();
    ASSERT_TRUE(failed);
    const auto next = [this] {
        std::optional<std::string> request;
        while (!(request = network.take(provider)))
            run(100ms);
        return *request;
    };
    respond(next(), 403);
    EXPECT_EQ(state(), OutwardRegistrations::State::Refused);
    EXPECT_EQ(since(), failed) << "it still fails, for another reason";
    respond(next(), 200, "Expires: 100\n");
    const auto registered = since();
    EXPECT_GT(registered, failed);
    respond(next(), 200, "Expires: 100\n");
    EXPECT_EQ(since(), registered);
}

TEST_F(OutwardRegistrationsTest, AChangeTakesTheOldAccountBackAndRegistersTheNew) {
    configure();
    respond(take(), 200, "Expires: 100\n");
    static_cast<void>(registrations.take_news());
    account.callback_extension = "0149";
    configure();
    std::vector<std::string> contacts;
    std::vector<std::string> expiries;
    for (int i = 0; i < 2; ++i) {
        const auto request = take();
        contacts.push_back(header_of(request, "Contact"));
        expiries.push_back(header_of(request, "Expires"));
        respond(request, 200, "Expires: 100\n");
    }
    EXPECT_THAT(contacts,
                testing::UnorderedElementsAre("<sip:0149@192.0.2.1:5060>", "<sip:alice@192.0.2.1:5060>"));
    EXPECT_THAT(expiries, testing::UnorderedElementsAre("100", "0"));

    use(model::Snapshot::empty());
    EXPECT_EQ(header_of(take(), "Expires"), "0");
    EXPECT_TRUE(registrations.all().empty());
    run(200s);
    while (const auto left = network.take(provider))
        EXPECT_THAT(*left, HasSubstr("Expires: 0")) << "nothing but repetitions";
}

TEST_F(OutwardRegistrationsTest, WaitsForTheAddressOfAName) {
    account.remote_host = "sip.example.com";
    configure();
    EXPECT_TRUE(silent());
    EXPECT_EQ(state(), OutwardRegistrations::State::Unreachable);
    EXPECT_THAT(peers.names().take_questions(), ElementsAre("sip.example.com"));
    EXPECT_THAT(peers.names().take_questions(), IsEmpty()) << "asked once";
    peers.names().answered("sip.example.com", {test::address_of("192.0.2.9", 0)});
    registrations.host_found("sip.example.com");
    run(100ms);
    EXPECT_THAT(take(), HasSubstr("REGISTER sip:sip.example.com SIP/2.0"));
    // What was found stays while the name server is away.
    run(61s);
    EXPECT_THAT(peers.names().take_questions(), ElementsAre("sip.example.com"));
    peers.names().answered("sip.example.com", {});
    EXPECT_EQ(peers.names().addresses("sip.example.com").size(), 1U);
}

TEST_F(OutwardRegistrationsTest, ASavedStateGoesOnElsewhere) {
    configure();
    respond(take(), 200, "Expires: 50\n");
    Archive archive;
    registrations.save(archive);
    OutwardRegistrations successor{clock, random, peers, *server.agent, "192.0.2.1"};
    ArchiveReader reader(archive.bytes());
    successor.restore(reader);
    EXPECT_TRUE(reader.ok() && reader.at_end());
    EXPECT_EQ(successor.next_deadline(), registrations.next_deadline());
    EXPECT_EQ(successor.all().at(0).state, OutwardRegistrations::State::Registered);
}

}  // namespace
}  // namespace almon::pbx
