// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/technology/registrar.hpp"

#include <gtest/gtest.h>

namespace almon::pbx {
namespace {

class Recorder final : public bus::EventSink {
public:
    void emit(bus::Event event) override { events.push_back(std::move(event)); }
    std::vector<bus::Event> events;
};

class RegistrarTest : public testing::Test {
protected:
    RegistrarTest() {
        clock.now.utc = UtcTime(std::chrono::hours(400'000));
        clock.now.instant = Instant(std::chrono::hours(1));
    }

    static RegisterRequest request(std::string uri, std::uint32_t cseq,
                                   std::optional<std::chrono::seconds> expires = 300s) {
        RegisterRequest wanted;
        wanted.username = "alice";
        wanted.flow.remote = *NetAddress::parse("192.0.2.7", 5062);
        wanted.flow.local = *NetAddress::parse("192.0.2.1", 5060);
        wanted.call_id = "one";
        wanted.cseq = cseq;
        wanted.contacts.push_back({std::move(uri), expires, 1.0, {}, 0});
        return wanted;
    }

    void pass(Duration time) {
        clock.now.instant += time;
        clock.now.utc += std::chrono::duration_cast<std::chrono::microseconds>(time);
    }

    StepClock clock;
    Recorder recorder;
    RegistrarSettings settings;
    Registrar registrar{settings, clock, recorder};
};

TEST_F(RegistrarTest, BindsAContactAndTellsItForStorage) {
    ASSERT_TRUE(registrar.apply(request("sip:alice@192.0.2.7:5062", 1)));
    const auto bindings = registrar.bindings("alice");
    ASSERT_EQ(bindings.size(), 1U);
    EXPECT_EQ(bindings[0]->stored.uri, "sip:alice@192.0.2.7:5062");
    EXPECT_EQ(registrar.remaining(*bindings[0]), 300s);
    ASSERT_EQ(recorder.events.size(), 1U);
    EXPECT_EQ(std::get<bus::ContactBound>(recorder.events[0]).contact, bindings[0]->stored);
}

TEST_F(RegistrarTest, ABrowserIsReachedThroughItsConnectionAndGoesWithIt) {  // RFC 7118
    auto wanted = request("sip:alice@df7jal23ls0d.invalid;transport=ws", 1);
    wanted.flow.transport = sip::TransportKind::Wss;
    wanted.flow.connection = 7;
    ASSERT_TRUE(registrar.apply(wanted));
    const auto stored = registrar.bindings("alice").at(0)->stored;
    registrar.flow_lost(wanted.flow);
    EXPECT_TRUE(registrar.bindings("alice").empty());
    ASSERT_EQ(recorder.events.size(), 2U);
    EXPECT_EQ(std::get<bus::ContactRemoved>(recorder.events[1]).uri, stored.uri);
    // Nobody can connect to a browser, so the next process does not know it.
    registrar.load({stored});
    EXPECT_TRUE(registrar.bindings("alice").empty());
}

TEST_F(RegistrarTest, AContactExpiresAtItsTimeAndNotBefore) {
    ASSERT_TRUE(registrar.apply(request("sip:alice@a", 1, 100s)));
    pass(99s);
    (void)registrar.advance();
    EXPECT_EQ(registrar.bindings("alice").size(), 1U);
    pass(1s);
    (void)registrar.advance();
    EXPECT_TRUE(registrar.bindings("alice").empty());
    EXPECT_EQ(registrar.size(), 0U);
    EXPECT_FALSE(registrar.next_deadline());
    EXPECT_EQ(std::get<bus::ContactRemoved>(recorder.events.back()).uri, "sip:alice@a");
}

TEST_F(RegistrarTest, ARefreshMovesTheExpiryAndAddsNothing) {
    ASSERT_TRUE(registrar.apply(request("sip:alice@a", 1, 100s)));
    pass(90s);
    ASSERT_TRUE(registrar.apply(request("sip:alice@a", 2, 100s)));
    pass(90s);
    (void)registrar.advance();
    EXPECT_EQ(registrar.bindings("alice").size(), 1U);
}

TEST_F(RegistrarTest, ExpiresZeroRemovesOneContactAndTheStarRemovesAll) {
    ASSERT_TRUE(registrar.apply(request("sip:alice@a", 1)));
    ASSERT_TRUE(registrar.apply(request("sip:alice@b", 2)));
    ASSERT_TRUE(registrar.apply(request("sip:alice@c", 3)));
    ASSERT_TRUE(registrar.apply(request("sip:alice@b", 4, 0s)));
    EXPECT_EQ(registrar.bindings("alice").size(), 2U);
    RegisterRequest all;
    all.username = "alice";
    all.call_id = "one";
    all.cseq = 5;
    all.remove_all = true;
    ASSERT_TRUE(registrar.apply(all));
    EXPECT_TRUE(registrar.bindings("alice").empty());
    EXPECT_FALSE(registrar.next_deadline());
}

TEST_F(RegistrarTest, AShorterExpiryThanTheMinimumIsRefusedAndALongerOneCut) {
    const auto brief = registrar.apply(request("sip:alice@a", 1, 59s));
    ASSERT_FALSE(brief);
    EXPECT_EQ(brief.error().field, "Expires");
    ASSERT_TRUE(registrar.apply(request("sip:alice@a", 1, 999'999s)));
    EXPECT_EQ(registrar.remaining(*registrar.bindings("alice")[0]), settings.maximum_expiry);
    ASSERT_TRUE(registrar.apply(request("sip:alice@b", 2, std::nullopt)));
    EXPECT_EQ(registrar.remaining(*registrar.find("alice", "sip:alice@b")), settings.default_expiry);
}

TEST_F(RegistrarTest, AnOlderCSeqOfTheSameCallIdChangesNothing) {
    ASSERT_TRUE(registrar.apply(request("sip:alice@a", 7, 100s)));
    auto late = request("sip:alice@new", 6, 300s);
    late.contacts.push_back({"sip:alice@a", 300s, 1.0, {}, 0});
    const auto refused = registrar.apply(late);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Conflict);
    EXPECT_EQ(registrar.bindings("alice").size(), 1U);
    EXPECT_EQ(registrar.remaining(*registrar.bindings("alice")[0]), 100s);
}

TEST_F(RegistrarTest, TheSameInstanceComesBackWithANewAddressAndReplacesItsOld) {
    auto first = request("sip:alice@old", 1);
    first.contacts[0].instance = "urn:uuid:1";
    ASSERT_TRUE(registrar.apply(first));
    auto second = request("sip:alice@new", 2);
    second.contacts[0].instance = "urn:uuid:1";
    ASSERT_TRUE(registrar.apply(second));
    ASSERT_EQ(registrar.bindings("alice").size(), 1U);
    EXPECT_EQ(registrar.bindings("alice")[0]->stored.uri, "sip:alice@new");
}

TEST_F(RegistrarTest, BeyondTheLimitANewContactReplacesTheFirstToExpire) {
    for (std::uint32_t i = 0; i < settings.contacts_per_endpoint; ++i) {
        ASSERT_TRUE(registrar.apply(request("sip:alice@" + std::to_string(i), i + 1, i == 4 ? 100s : 300s)));
    }
    ASSERT_TRUE(registrar.apply(request("sip:alice@next", 99)));
    EXPECT_EQ(registrar.bindings("alice").size(), settings.contacts_per_endpoint);
    EXPECT_EQ(registrar.find("alice", "sip:alice@4"), nullptr);
    EXPECT_NE(registrar.find("alice", "sip:alice@next"), nullptr);
}

TEST_F(RegistrarTest, PreferredContactsComeFirst) {
    auto low = request("sip:alice@low", 1, 3000s);
    low.contacts[0].q = 0.2;
    ASSERT_TRUE(registrar.apply(low));
    ASSERT_TRUE(registrar.apply(request("sip:alice@high", 2, 100s)));
    EXPECT_EQ(registrar.bindings("alice")[0]->stored.uri, "sip:alice@high");
}

TEST_F(RegistrarTest, EachContactIsAskedAtTheIntervalUntilItIsGone) {
    ASSERT_TRUE(registrar.apply(request("sip:alice@a", 1, 150s)));
    pass(settings.qualify_interval);
    auto due = registrar.advance();
    ASSERT_EQ(due.size(), 1U);
    EXPECT_EQ(due[0].uri, "sip:alice@a");
    registrar.qualified("alice", "sip:alice@a", false, {});
    EXPECT_FALSE(registrar.bindings("alice")[0]->reachable);
    pass(settings.qualify_interval);
    EXPECT_EQ(registrar.advance().size(), 1U);
    registrar.qualified("alice", "sip:alice@a", true, 1500us);
    EXPECT_TRUE(registrar.bindings("alice")[0]->reachable);
    pass(settings.qualify_interval);
    EXPECT_TRUE(registrar.advance().empty());
    EXPECT_FALSE(registrar.next_deadline());
}

TEST_F(RegistrarTest, StoredContactsAreReachableAtOnceAfterARestartAndExpiredOnesAreForgotten) {
    auto stored = request("sip:alice@a", 1, 100s);
    stored.flow.transport = sip::TransportKind::Tcp;
    stored.flow.connection = 42;
    ASSERT_TRUE(registrar.apply(stored));
    ASSERT_TRUE(registrar.apply(request("sip:alice@b", 2, 400s)));
    const std::vector<bus::StoredContact> rows{registrar.find("alice", "sip:alice@a")->stored,
                                               registrar.find("alice", "sip:alice@b")->stored};
    pass(50s);
    Registrar next(settings, clock, recorder);
    next.load(rows);
    ASSERT_EQ(next.bindings("alice").size(), 2U);
    EXPECT_EQ(next.find("alice", "sip:alice@a")->flow.connection, 0U)
        << "the connection died with the process";
    EXPECT_EQ(next.remaining(*next.find("alice", "sip:alice@a")), 50s);
    pass(100s);
    Registrar later(settings, clock, recorder);
    later.load(rows);
    ASSERT_EQ(later.bindings("alice").size(), 1U);
    EXPECT_EQ(std::get<bus::ContactRemoved>(recorder.events.back()).uri, "sip:alice@a");
}

TEST_F(RegistrarTest, ALostConnectionKeepsTheBindingWithoutIt) {
    auto wanted = request("sip:alice@a", 1);
    wanted.flow.transport = sip::TransportKind::Tcp;
    wanted.flow.connection = 42;
    ASSERT_TRUE(registrar.apply(wanted));
    registrar.flow_lost(wanted.flow);
    ASSERT_EQ(registrar.bindings("alice").size(), 1U);
    EXPECT_EQ(registrar.bindings("alice")[0]->flow.connection, 0U);
}

TEST_F(RegistrarTest, SavedAndRestoredItGoesOnIdentically) {
    ASSERT_TRUE(registrar.apply(request("sip:alice@a", 1, 100s)));
    ASSERT_TRUE(registrar.apply(request("sip:alice@b", 2, 200s)));
    Archive before;
    registrar.save(before);
    Registrar next(settings, clock, recorder);
    ArchiveReader reader(before.bytes());
    next.restore(reader);
    ASSERT_TRUE(reader.ok());
    Archive after;
    next.save(after);
    EXPECT_EQ(before.bytes(), after.bytes());
    EXPECT_EQ(next.size(), 2U);
    pass(100s);
    (void)next.advance();
    EXPECT_EQ(next.size(), 1U);
}

}  // namespace
}  // namespace almon::pbx
