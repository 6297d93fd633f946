// SPDX-License-Identifier: GPL-3.0-or-later
// A caller whose INVITE meets proxies: forks (RFC 3261 13.2.2.4), challenges, routes, redirections.
#include <gtest/gtest.h>

#include "support/sip_network.hpp"

namespace almon::test {
namespace {

using namespace sip;
using std::chrono::seconds;

class UserAgentFork : public testing::Test {
protected:
    std::string call(std::string_view offer = "offer") {
        session = alice.agent->invite(alice.invite_to(proxy, offer), network.now());
        network.run_for(20ms);
        return network.take(proxy, "INVITE");
    }
    void reply(std::string_view request, int status, std::string_view tag, std::string_view fields = {},
               std::string_view body = {}) {
        network.send_as(proxy, alice, response_to(request, status, tag, fields, body));
    }

    SipNetwork network;
    SipParty& alice = network.add("alice", "192.0.2.1");
    NetAddress proxy = address_of("192.0.2.9");
    SessionId session;
    static constexpr auto kFirst = "Contact: <sip:first@192.0.2.9>\n";
    static constexpr auto kSecond = "Contact: <sip:second@192.0.2.9>\n";
};

TEST_F(UserAgentFork, SecondAnswerIsAcknowledgedAndEnded) {
    const auto invite = call();
    reply(invite, 200, "one", kFirst, "first");
    EXPECT_EQ(alice.told.back(), "answered");
    EXPECT_TRUE(network.take(proxy, "ACK").starts_with("ACK sip:first@192.0.2.9 SIP/2.0"));
    reply(invite, 200, "two", kSecond, "second");
    const auto ack = network.take(proxy, "ACK");
    EXPECT_TRUE(ack.starts_with("ACK sip:second@192.0.2.9 SIP/2.0"));
    EXPECT_EQ(header_of(ack, "CSeq"), "1 ACK");
    const auto bye = network.take(proxy, "BYE");
    EXPECT_EQ(header_of(bye, "To"), "<sip:peer@example.com>;tag=two");
    EXPECT_EQ(header_of(bye, "CSeq"), "2 BYE");
    EXPECT_EQ(alice.count("answered"), 1);
    EXPECT_EQ(alice.count("ended"), 0);
}

// RFC 3261 13.2.2.4: ACK each time the 2xx comes.
TEST_F(UserAgentFork, RepeatedAnswerIsAcknowledgedAgain) {
    const auto invite = call();
    reply(invite, 200, "one", kFirst, "first");
    const auto ack = network.take(proxy, "ACK");
    for (int i = 0; i < 3; ++i) {
        network.run_for(seconds(i == 2 ? 40 : 1));  // even when the transaction is long gone
        reply(invite, 200, "one", kFirst, "first");
        EXPECT_EQ(network.take(proxy, "ACK"), ack);
    }
    EXPECT_EQ(alice.count("answered"), 1);
}

TEST_F(UserAgentFork, AnswerOfAnotherForkThanTheOneThatRangIsTold) {
    const auto invite = call();
    reply(invite, 183, "one", std::string("Require: 100rel\nRSeq: 1\n") + kFirst, "first");
    reply(invite, 183, "two", std::string("Require: 100rel\nRSeq: 5\n") + kSecond, "second");
    EXPECT_EQ(alice.told, (std::vector<std::string>{"answer first", "progress 183 reliable first",
                                                    "answer second", "progress 183 reliable second"}));
    reply(invite, 200, "one", kFirst);
    EXPECT_EQ(alice.told[4], "answer first");
    EXPECT_EQ(alice.told[5], "answered");
    alice.agent->end(session, {}, network.now());
    network.run_for(20ms);
    EXPECT_TRUE(network.take(proxy, "BYE").starts_with("BYE sip:first@192.0.2.9"));
}

TEST_F(UserAgentFork, DescriptionOfAnUnreliableResponseCountsWhereTheAnswerHasNone) {
    const auto invite = call();
    reply(invite, 183, "one", kFirst, "early");
    EXPECT_EQ(alice.told, std::vector<std::string>{"progress 183 early"});
    reply(invite, 200, "one", kFirst);
    EXPECT_EQ(alice.told, (std::vector<std::string>{"progress 183 early", "answer early", "answered"}));
}

TEST_F(UserAgentFork, RecordedRouteIsFollowed) {
    const auto invite = call();
    reply(
        invite, 200, "one",
        "Record-Route: <sip:192.0.2.9;lr>\nRecord-Route: <sip:10.0.0.2;lr>\nContact: <sip:first@10.0.0.7>\n",
        "first");
    const auto ack = network.take(proxy, "ACK");
    EXPECT_TRUE(ack.starts_with("ACK sip:first@10.0.0.7 SIP/2.0"));
    EXPECT_EQ(parsed(ack).list(HeaderName::Route).size(), 2U);
    EXPECT_EQ(header_of(ack, "Route"), "<sip:10.0.0.2;lr>");
}

// RFC 3261 12.2.1.1: a router without lr.
TEST_F(UserAgentFork, StrictRouterBecomesTheRequestUri) {
    const auto invite = call();
    reply(invite, 200, "one", "Record-Route: <sip:192.0.2.9>\nContact: <sip:first@10.0.0.7>\n", "first");
    const auto ack = network.take(proxy, "ACK");
    EXPECT_TRUE(ack.starts_with("ACK sip:192.0.2.9 SIP/2.0"));
    EXPECT_EQ(header_of(ack, "Route"), "<sip:first@10.0.0.7>");
}

TEST_F(UserAgentFork, ChallengesOfProxyAndServerAreAnswered) {
    auto settings = alice.invite_to(proxy);
    settings.credentials = Credentials{"alice", "secret"};
    alice.agent->invite(settings, network.now());
    network.run_for(20ms);
    const auto first = network.take(proxy, "INVITE");
    reply(first, 407, "p", "Proxy-Authenticate: Digest realm=\"proxy\", nonce=\"n1\", qop=\"auth\"\n");
    network.take(proxy, "ACK");
    const auto second = network.take(proxy, "INVITE");
    EXPECT_EQ(header_of(second, "CSeq"), "2 INVITE");
    EXPECT_EQ(header_of(second, "Call-ID"), header_of(first, "Call-ID"));
    EXPECT_NE(header_of(second, "Proxy-Authorization"), "");
    reply(second, 401, "s", "WWW-Authenticate: Digest realm=\"server\", nonce=\"n2\", algorithm=SHA-256\n");
    const auto third = network.take(proxy, "INVITE");
    EXPECT_NE(header_of(third, "Proxy-Authorization"), "");
    EXPECT_NE(header_of(third, "Authorization"), "");
    reply(third, 200, "s", kFirst, "answer");
    EXPECT_EQ(alice.told.back(), "answered");
    // RFC 3261 22.1: the ACK repeats what the INVITE carried.
    const auto ack = network.take(proxy, "ACK");
    EXPECT_EQ(header_of(ack, "Authorization"), header_of(third, "Authorization"));
    alice.agent->end(alice.session, {}, network.now());
    network.run_for(20ms);
    const auto bye = network.take(proxy, "BYE");
    EXPECT_NE(header_of(bye, "Authorization"), header_of(third, "Authorization"));
    reply(bye, 407, "s", "Proxy-Authenticate: Digest realm=\"proxy\", nonce=\"n3\", qop=\"auth\"\n");
    const auto again = network.take(proxy, "BYE");
    EXPECT_NE(header_of(again, "Proxy-Authorization").find("n3"), std::string::npos);
    reply(again, 200, "s");
    EXPECT_EQ(alice.agent->session_count(), 0U);
}

TEST_F(UserAgentFork, WrongPasswordIsToldAfterOneTry) {
    auto settings = alice.invite_to(proxy);
    settings.credentials = Credentials{"alice", "wrong"};
    alice.agent->invite(settings, network.now());
    network.run_for(20ms);
    reply(network.take(proxy, "INVITE"), 401, "s",
          "WWW-Authenticate: Digest realm=\"server\", nonce=\"n1\"\n");
    reply(network.take(proxy, "INVITE"), 401, "s",
          "WWW-Authenticate: Digest realm=\"server\", nonce=\"n2\"\n");
    EXPECT_EQ(alice.told, std::vector<std::string>{"failed 401"});
    EXPECT_EQ(alice.agent->session_count(), 0U);
}

TEST_F(UserAgentFork, RedirectionIsToldToTheListener) {
    reply(call(), 302, "s", "Contact: <sip:elsewhere@example.com>\n");
    EXPECT_EQ(alice.told, std::vector<std::string>{"failed 302"});
}

// RFC 3261 9.1: 64*T1 after CANCEL the INVITE is given up.
TEST_F(UserAgentFork, CancelledInviteWithoutFinalResponseIsForgotten) {
    const auto invite = call();
    reply(invite, 180, "one", kFirst);
    alice.agent->end(session, {}, network.now());
    network.run_for(20ms);
    const auto cancel = network.take(proxy, "CANCEL");
    EXPECT_EQ(header_of(cancel, "Via"), header_of(invite, "Via"));
    EXPECT_EQ(header_of(cancel, "CSeq"), "1 CANCEL");
    EXPECT_EQ(header_of(cancel, "To"), header_of(invite, "To"));
    reply(cancel, 200, "one");
    network.run_for(seconds(40));
    EXPECT_EQ(alice.agent->session_count(), 0U);
    EXPECT_EQ(alice.agent->transaction_count(), 0U);
}

// RFC 3891: the caller's early dialog and any confirmed one can be replaced.
TEST_F(UserAgentFork, ReplacedDialogIsFound) {
    const auto invite = call();
    const std::string call_id = header_of(invite, "Call-ID");
    const std::string local(parsed(invite).from()->tag());
    reply(invite, 180, "one", kFirst);
    const auto replaces = call_id + ";to-tag=" + local + ";from-tag=one";
    EXPECT_EQ(alice.agent->find_replaced(replaces), session);
    EXPECT_EQ(alice.agent->find_replaced(call_id + ";to-tag=" + local + ";from-tag=two").error(), 481);
    EXPECT_EQ(alice.agent->find_replaced("other;to-tag=" + local + ";from-tag=one").error(), 481);
    EXPECT_EQ(alice.agent->find_replaced("broken").error(), 400);
    EXPECT_EQ(alice.agent->find_replaced(replaces + ";early-only"), session);
    reply(invite, 200, "one", kFirst, "answer");
    EXPECT_EQ(alice.agent->find_replaced(replaces), session);
    EXPECT_EQ(alice.agent->find_replaced(replaces + ";early-only").error(), 486);
}

// RFC 3261 12.2.1.2: 481 within the dialog means that it is gone.
TEST_F(UserAgentFork, LostDialogEndsTheSession) {
    const auto invite = call();
    reply(invite, 200, "one", kFirst, "answer");
    alice.agent->offer(session, sdp("hold"), false, network.now());
    network.run_for(20ms);
    const auto reinvite = network.take(proxy, "INVITE");
    reply(reinvite, 481, "one");
    EXPECT_EQ(alice.told.back(), "ended dialog lost");
    reply(network.take(proxy, "BYE"), 481, "one");
    EXPECT_EQ(alice.agent->session_count(), 0U);
}

TEST_F(UserAgentFork, FailureOfANotifyLeavesTheSession) {
    const auto invite = call();
    reply(invite, 200, "one", kFirst, "answer");
    alice.agent->request_in(session, "NOTIFY", {}, {{"Event", "refer"}}, network.now());
    network.run_for(20ms);
    reply(network.take(proxy, "NOTIFY"), 481, "one");
    EXPECT_EQ(alice.told.back(), "completed 481");
    alice.agent->request_in(session, "INFO", {}, {}, network.now());
    network.run_for(20ms);
    reply(network.take(proxy, "INFO"), 481, "one");
    EXPECT_EQ(alice.told.back(), "ended dialog lost");
}

}  // namespace
}  // namespace almon::test
