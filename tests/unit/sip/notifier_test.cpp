// SPDX-License-Identifier: GPL-3.0-or-later
// The notifying side of RFC 6665, towards a scripted subscriber.
#include "sip/notifier.hpp"

#include <gtest/gtest.h>

#include "support/sip_network.hpp"

namespace almon::test {
namespace {

using namespace sip;
using std::chrono::seconds;

class NotifierTest : public testing::Test {
protected:
    NotifierTest() {
        server.act = [this](const UserAgentEvent& event) {
            if (const auto* request = std::get_if<IncomingRequest>(&event)) {
                last = notifier->on_subscribe(*request, {"dialog", "presence"}, network.now());
                if (!last) return;
                if (last->is_over) {
                    notifier->end(last->subscription, "timeout", state("at the end"), network.now());
                } else {
                    notifier->notify(last->subscription, state("now"), network.now());
                }
            } else if (const auto* completed = std::get_if<RequestCompleted>(&event)) {
                notified = notifier->on_completed(*completed, network.now());
                EXPECT_TRUE(notified);
            }
        };
    }

    static Body state(std::string_view text) { return {"text/plain", std::string(text)}; }

    /// Sends a SUBSCRIBE; `tag` within its dialog.
    void subscribe(int cseq, std::string_view expires, std::string_view tag = {},
                   std::string_view event = "dialog") {
        std::string message = "SUBSCRIBE sip:1002@192.0.2.1 SIP/2.0\n";
        message += "Via: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKsub" + std::to_string(cseq) + "\n";
        message += "Max-Forwards: 70\nFrom: <sip:watcher@192.0.2.9>;tag=w\nTo: <sip:1002@192.0.2.1>";
        if (!tag.empty()) message.append(";tag=").append(tag);
        message += "\nCall-ID: watching\nCSeq: " + std::to_string(cseq) + " SUBSCRIBE\n";
        message += "Contact: <sip:watcher@192.0.2.9:5060>\n";
        if (!event.empty()) message.append("Event: ").append(event).append("\n");
        if (!expires.empty()) message.append("Expires: ").append(expires).append("\n");
        network.send_as(watcher, server, message + "\n");
        network.run_for(50ms);
    }
    /// Takes the next NOTIFY and answers it.
    std::string take_notify(int status = 200) {
        auto notify = network.take(watcher, "NOTIFY");
        network.send_as(watcher, server, response_to(notify, status, "w"));
        network.run_for(50ms);
        return notify;
    }
    std::string tag_of(const std::string& message) { return std::string(parsed(message).to()->tag()); }
    void pass(Duration time) {
        for (const auto until = network.now().instant + time; network.now().instant < until;) {
            const auto due = notifier->next_deadline();
            network.run_for(due && *due < until ? *due - network.now().instant
                                                : until - network.now().instant);
            notifier->advance(network.now());
        }
        network.run_for(50ms);
    }

    SipNetwork network;
    SipParty& server = network.add("server", "192.0.2.1");
    NetAddress watcher = address_of("192.0.2.9");
    std::unique_ptr<Notifier> notifier = std::make_unique<Notifier>(NotifierSettings{}, *server.agent);
    std::optional<Notifier::Subscribed> last;
    std::optional<Notifier::Notified> notified;
};

TEST_F(NotifierTest, AcceptsASubscriptionAndTellsTheStateAtOnce) {
    subscribe(1, "600");
    const auto response = network.take(watcher, "SIP/2.0 200");
    EXPECT_EQ(header_of(response, "Expires"), "600");
    const auto notify = take_notify();
    EXPECT_EQ(header_of(notify, "Event"), "dialog");
    EXPECT_EQ(header_of(notify, "Subscription-State"), "active;expires=600");
    EXPECT_EQ(header_of(notify, "Call-ID"), "watching");
    EXPECT_EQ(body_of(notify), "now");
    EXPECT_EQ(tag_of(response), std::string(parsed(notify).from()->tag()));
    EXPECT_EQ(tag_of(notify), "w");
    EXPECT_TRUE(notify.starts_with("NOTIFY sip:watcher@192.0.2.9:5060 "));
    EXPECT_EQ(notifier->size(), 1U);
}

TEST_F(NotifierTest, RefusesAPackageThatIsNotOfferedAndSaysWhichAre) {
    subscribe(1, "600", {}, "conference");
    EXPECT_EQ(header_of(network.take(watcher, "SIP/2.0 489"), "Allow-Events"), "dialog, presence");
    EXPECT_EQ(notifier->size(), 0U);
}

TEST_F(NotifierTest, RefusesASubscriptionToNothing) {
    subscribe(1, "600", {}, "");
    EXPECT_FALSE(network.take(watcher, "SIP/2.0 400").empty());
}

TEST_F(NotifierTest, RefusesAnExpiryThatIsTooBriefAndCutsOneThatIsTooLong) {
    subscribe(1, "10");
    EXPECT_EQ(header_of(network.take(watcher, "SIP/2.0 423"), "Min-Expires"), "60");
    subscribe(2, "999999");
    EXPECT_EQ(header_of(network.take(watcher, "SIP/2.0 200"), "Expires"), "3600");
}

TEST_F(NotifierTest, ARefreshMovesTheExpiryAndTellsTheStateAgain) {
    subscribe(1, "100");
    const auto tag = tag_of(network.take(watcher, "SIP/2.0 200"));
    (void)take_notify();
    pass(seconds(90));
    subscribe(2, "100", tag);
    (void)network.take(watcher, "SIP/2.0 200");
    EXPECT_EQ(header_of(take_notify(), "Subscription-State"), "active;expires=100");
    pass(seconds(90));
    EXPECT_EQ(notifier->size(), 1U);
}

TEST_F(NotifierTest, WhatIsNotRefreshedExpiresWithANotifyThatSaysSo) {
    subscribe(1, "100");
    (void)network.take(watcher, "SIP/2.0 200");
    (void)take_notify();
    pass(seconds(100));
    EXPECT_EQ(header_of(take_notify(), "Subscription-State"), "terminated;reason=timeout");
    EXPECT_EQ(notifier->size(), 0U);
    EXPECT_EQ(notifier->take_ended().size(), 1U);
    EXPECT_FALSE(notifier->next_deadline());
}

TEST_F(NotifierTest, ExpiresZeroEndsItWithALastState) {
    subscribe(1, "600");
    const auto tag = tag_of(network.take(watcher, "SIP/2.0 200"));
    (void)take_notify();
    subscribe(2, "0", tag);
    (void)network.take(watcher, "SIP/2.0 200");
    const auto notify = take_notify();
    EXPECT_EQ(header_of(notify, "Subscription-State"), "terminated;reason=timeout");
    EXPECT_EQ(body_of(notify), "at the end");
    EXPECT_EQ(notifier->size(), 0U);
}

TEST_F(NotifierTest, ExpiresZeroAtFirstIsAFetchOfTheState) {
    subscribe(1, "0");
    (void)network.take(watcher, "SIP/2.0 200");
    EXPECT_EQ(header_of(take_notify(), "Subscription-State"), "terminated;reason=timeout");
    EXPECT_EQ(notifier->size(), 0U);
}

TEST_F(NotifierTest, WhileANotifyIsUnderWayOnlyTheLatestStateWaits) {
    subscribe(1, "600");
    (void)network.take(watcher, "SIP/2.0 200");
    notifier->notify(last->subscription, state("older"), network.now());
    notifier->notify(last->subscription, state("newer"), network.now());
    EXPECT_EQ(body_of(take_notify()), "now");
    EXPECT_EQ(body_of(take_notify()), "newer");
    EXPECT_FALSE(network.take(watcher));
}

TEST_F(NotifierTest, ASubscriberThatKnowsNothingOfItEndsTheSubscription) {
    subscribe(1, "600");
    (void)network.take(watcher, "SIP/2.0 200");
    (void)take_notify(481);
    EXPECT_EQ(notifier->size(), 0U);
}

TEST_F(NotifierTest, ASubscriberThatNeverAnswersEndsTheSubscription) {
    subscribe(1, "600");
    network.run_for(seconds(40));
    EXPECT_EQ(notifier->size(), 0U);
}

TEST_F(NotifierTest, ATroubleThatPassesDoesNot) {
    subscribe(1, "600");
    (void)network.take(watcher, "SIP/2.0 200");
    (void)take_notify(503);
    EXPECT_EQ(notifier->size(), 1U);
    ASSERT_TRUE(notified);
    EXPECT_EQ(notified->subscription, last->subscription);
    EXPECT_FALSE(notified->was_taken);
    notifier->notify(last->subscription, state("again"), network.now());
    network.run_for(50ms);
    EXPECT_EQ(body_of(take_notify()), "again");
    EXPECT_TRUE(notified->was_taken);
}

TEST_F(NotifierTest, AStrangerCannotRefreshOrEndIt) {
    subscribe(1, "600");
    (void)network.take(watcher, "SIP/2.0 200");
    (void)take_notify();
    subscribe(2, "0", "guessed");
    EXPECT_FALSE(network.take(watcher, "SIP/2.0 481").empty());
    EXPECT_EQ(notifier->size(), 1U);
}

TEST_F(NotifierTest, AnOlderSubscribeThatComesLateIsRefused) {
    subscribe(5, "600");
    const auto tag = tag_of(network.take(watcher, "SIP/2.0 200"));
    (void)take_notify();
    subscribe(4, "0", tag);
    EXPECT_FALSE(network.take(watcher, "SIP/2.0 500").empty());
    EXPECT_EQ(notifier->size(), 1U);
}

TEST_F(NotifierTest, SavedAndRestoredItGoesOnIdentically) {
    subscribe(1, "100");
    const auto tag = tag_of(network.take(watcher, "SIP/2.0 200"));
    notifier->notify(last->subscription, state("waits"), network.now());
    Archive before;
    notifier->save(before);
    notifier = std::make_unique<Notifier>(NotifierSettings{}, *server.agent);
    ArchiveReader reader(before.bytes());
    notifier->restore(reader);
    ASSERT_TRUE(reader.ok());
    Archive after;
    notifier->save(after);
    EXPECT_EQ(before.bytes(), after.bytes());
    EXPECT_EQ(body_of(take_notify()), "now");
    EXPECT_EQ(body_of(take_notify()), "waits");
    subscribe(2, "100", tag);
    EXPECT_FALSE(network.take(watcher, "SIP/2.0 200").empty());
}

}  // namespace
}  // namespace almon::test
