// SPDX-License-Identifier: GPL-3.0-or-later
// Calls between two user agents: RFC 3261 13, 14, 15, 9.
#include <gtest/gtest.h>

#include "support/sip_network.hpp"

namespace almon::test {
namespace {

using namespace sip;
using std::chrono::seconds;

class UserAgentCall : public testing::Test {
protected:
    void call(std::string_view offer = "offer") {
        session = alice.agent->invite(alice.invite_to(bob.address, offer), network.now());
        network.run_for(50ms);
    }
    void answer(std::string_view body = "answer") {
        bob.agent->accept(bob.session, sdp(body), {}, network.now());
        network.run_for(50ms);
    }
    /// Every session and transaction ends in the end.
    void expect_nothing_left() {
        network.run_for(seconds(70));
        EXPECT_EQ(alice.agent->session_count(), 0U);
        EXPECT_EQ(bob.agent->session_count(), 0U);
        EXPECT_EQ(alice.agent->transaction_count(), 0U);
        EXPECT_EQ(bob.agent->transaction_count(), 0U);
    }

    SipNetwork network;
    SipParty& alice = network.add("alice", "192.0.2.1");
    SipParty& bob = network.add("bob", "192.0.2.2");
    SessionId session;
};

TEST_F(UserAgentCall, RingsIsAnsweredAndIsEndedByTheCaller) {
    call();
    EXPECT_EQ(bob.told, std::vector<std::string>{"invite offer"});
    bob.agent->progress(bob.session, 180, {}, Reliability::IfRequired, {}, network.now());
    network.run_for(50ms);
    EXPECT_EQ(alice.told, std::vector<std::string>{"progress 180"});
    answer();
    EXPECT_EQ(alice.told, (std::vector<std::string>{"progress 180", "answer answer", "answered"}));
    EXPECT_EQ(bob.told, (std::vector<std::string>{"invite offer", "confirmed"}));
    alice.agent->end(session, {{"Reason", "Q.850;cause=16"}}, network.now());
    network.run_for(50ms);
    EXPECT_EQ(bob.told.back(), "ended bye");
    EXPECT_EQ(header_of(alice.sent.back(), "Reason"), "Q.850;cause=16");
    EXPECT_TRUE(alice.told.back() == "answered") << "nothing is told after end()";
    expect_nothing_left();
}

TEST_F(UserAgentCall, IsEndedByTheCallee) {
    call();
    answer();
    bob.agent->end(bob.session, {}, network.now());
    network.run_for(50ms);
    EXPECT_EQ(alice.told.back(), "ended bye");
    expect_nothing_left();
}

TEST_F(UserAgentCall, IsRefused) {
    call();
    bob.agent->reject(bob.session, 486, {}, {}, network.now());
    network.run_for(50ms);
    EXPECT_EQ(alice.told, std::vector<std::string>{"failed 486"});
    expect_nothing_left();
}

TEST_F(UserAgentCall, IsCancelledWhileItRings) {
    call();
    bob.agent->progress(bob.session, 180, {}, Reliability::IfRequired, {}, network.now());
    network.run_for(50ms);
    alice.agent->end(session, {{"Reason", "SIP;cause=200"}}, network.now());
    network.run_for(50ms);
    EXPECT_EQ(bob.told.back(), "ended cancelled");
    EXPECT_EQ(alice.count("failed"), 0);
    expect_nothing_left();
}

// RFC 3261 9.1: a CANCEL before any provisional response has to wait for one.
TEST_F(UserAgentCall, CancelWaitsForAProvisionalResponse) {
    session = alice.agent->invite(alice.invite_to(bob.address), network.now());
    alice.agent->end(session, {}, network.now());
    EXPECT_EQ(alice.sent.size(), 1U);
    network.run_for(50ms);
    EXPECT_EQ(bob.told.back(), "ended cancelled");
    expect_nothing_left();
}

// RFC 3261 9.1: the 2xx crossed the CANCEL: ACK, then BYE.
TEST_F(UserAgentCall, AnswerThatCrossesCancelIsAcknowledgedAndEnded) {
    call();
    bob.agent->accept(bob.session, sdp("answer"), {}, network.now());
    alice.agent->end(session, {}, network.now());
    network.run_for(100ms);
    EXPECT_EQ(bob.told, (std::vector<std::string>{"invite offer", "confirmed", "ended bye"}));
    EXPECT_EQ(alice.count("answered"), 0);
    expect_nothing_left();
}

TEST_F(UserAgentCall, NobodyAnswersIsToldAs408) {
    session = alice.agent->invite(alice.invite_to(address_of("192.0.2.99")), network.now());
    network.run_for(seconds(33));
    EXPECT_EQ(alice.told, std::vector<std::string>{"failed 408 locally"});
    expect_nothing_left();
}

// RFC 3261 13.2.1: the offer in the 2xx is answered in the ACK.
TEST_F(UserAgentCall, InviteWithoutOfferIsAnsweredInTheAck) {
    call("");
    EXPECT_EQ(bob.told, std::vector<std::string>{"invite without offer"});
    answer("offer of bob");
    EXPECT_EQ(alice.told, std::vector<std::string>{"answered with offer offer of bob"});
    alice.agent->answer_offer(session, sdp("answer of alice"), network.now());
    network.run_for(50ms);
    EXPECT_EQ(bob.told,
              (std::vector<std::string>{"invite without offer", "answer answer of alice", "confirmed"}));
    EXPECT_EQ(bob.count("answer"), 1);
    alice.agent->end(session, {}, network.now());
    expect_nothing_left();
}

// RFC 3261 13.3.1.4: BYE when no ACK comes within 64*T1.
TEST_F(UserAgentCall, AnswerWithoutAckIsRepeatedAndThenEnded) {
    const auto phone = address_of("192.0.2.3");
    network.send_as(phone, bob, R"(INVITE sip:bob@192.0.2.2 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.3:5060;branch=z9hG4bKa
From: <sip:carol@example.com>;tag=carol
To: <sip:bob@example.com>
Call-ID: one
CSeq: 7 INVITE
Contact: <sip:carol@192.0.2.3>
Content-Type: application/sdp

offer)");
    bob.agent->accept(bob.session, sdp("answer"), {}, network.now());
    network.run_for(seconds(33));
    int repeated = 0;
    for (const auto& bytes : bob.sent)
        repeated += bytes.starts_with("SIP/2.0 200") ? 1 : 0;
    EXPECT_EQ(repeated, 11);  // 0, 0.5, 1.5, 3.5, 7.5, then every 4 s
    EXPECT_EQ(bob.told, (std::vector<std::string>{"invite offer", "ended no acknowledgement"}));
    EXPECT_EQ(header_of(network.take(phone, "BYE"), "To"), "<sip:carol@example.com>;tag=carol");
    network.run_for(seconds(33));
    EXPECT_EQ(bob.agent->session_count(), 0U);
}

// RFC 3261 15: the callee's BYE waits for the ACK.
TEST_F(UserAgentCall, ByeOfTheCalleeWaitsForTheAck) {
    call();
    bob.agent->accept(bob.session, sdp("answer"), {}, network.now());
    bob.agent->end(bob.session, {}, network.now());
    EXPECT_TRUE(bob.sent.back().starts_with("SIP/2.0 200"));
    network.run_for(50ms);
    EXPECT_EQ(alice.told.back(), "ended bye");
    expect_nothing_left();
}

TEST_F(UserAgentCall, ByesThatCrossAreBothAnswered) {
    call();
    answer();
    alice.agent->end(session, {}, network.now());
    bob.agent->end(bob.session, {}, network.now());
    expect_nothing_left();
}

TEST_F(UserAgentCall, HoldByReinviteIsOfferedAndAnswered) {
    call();
    answer();
    alice.agent->offer(session, sdp("hold"), false, network.now());
    network.run_for(50ms);
    EXPECT_EQ(bob.told.back(), "offered INVITE hold");
    bob.agent->answer_offer(bob.session, sdp("held"), network.now());
    network.run_for(50ms);
    EXPECT_EQ(alice.told.back(), "answer held");
    alice.agent->offer(session, sdp("resume"), false, network.now());
    network.run_for(50ms);
    bob.agent->refuse_offer(bob.session, 488, network.now());
    network.run_for(50ms);
    EXPECT_EQ(alice.told.back(), "offer refused 488");
    alice.agent->end(session, {}, network.now());
    expect_nothing_left();
}

TEST_F(UserAgentCall, UpdateIsPreferredWhereAskedFor) {
    call();
    answer();
    alice.agent->offer(session, sdp("hold"), true, network.now());
    network.run_for(50ms);
    EXPECT_EQ(bob.told.back(), "offered UPDATE hold");
    bob.agent->answer_offer(bob.session, sdp("held"), network.now());
    network.run_for(50ms);
    EXPECT_EQ(alice.told.back(), "answer held");
    alice.agent->end(session, {}, network.now());
    expect_nothing_left();
}

// RFC 3261 14.1: 491, and the two try again at different times.
TEST_F(UserAgentCall, GlareIsResolvedForBothSides) {
    for (const bool update : {false, true}) {
        SCOPED_TRACE(update);
        call();
        answer();
        const auto reply = [this](SipParty& party) {
            return [this, &party](const UserAgentEvent& event) {
                if (const auto* offered = std::get_if<SessionOffered>(&event)) {
                    party.agent->answer_offer(offered->session, sdp("agreed"), network.now());
                }
            };
        };
        alice.act = reply(alice);
        bob.act = reply(bob);
        alice.told.clear();
        bob.told.clear();
        alice.agent->offer(session, sdp("a"), update, network.now());
        bob.agent->offer(bob.session, sdp("b"), update, network.now());
        network.run_for(seconds(10));
        EXPECT_EQ(alice.count("answer agreed"), 1);
        EXPECT_EQ(bob.count("answer agreed"), 1);
        EXPECT_EQ(alice.count("offered"), 1);
        EXPECT_EQ(bob.count("offered"), 1);
        alice.act = {};
        bob.act = {};
        alice.agent->end(session, {}, network.now());
        network.run_for(seconds(1));
    }
    expect_nothing_left();
}

TEST_F(UserAgentCall, RequestsWithinTheDialogArePassedUpAndAnswered) {
    call();
    answer();
    alice.agent->request_in(session, "INFO", {"application/dtmf-relay", "Signal=5\r\nDuration=100\r\n"}, {},
                            network.now());
    network.run_for(50ms);
    EXPECT_EQ(bob.told.back(), "session request INFO");
    bob.agent->respond(bob.request, 200, {}, {}, {}, network.now());
    network.run_for(50ms);
    EXPECT_EQ(alice.told.back(), "completed 200");
    alice.agent->end(session, {}, network.now());
    expect_nothing_left();
}

TEST_F(UserAgentCall, OptionsOutsideADialogIsAnsweredByWhoeverListens) {
    RequestSettings settings;
    settings.flow = alice.flow_to(bob.address);
    settings.method = "OPTIONS";
    settings.request_uri = "sip:bob@192.0.2.2";
    settings.from = "<sip:alice@example.com>";
    settings.to = "<sip:bob@example.com>";
    alice.agent->request(settings, network.now());
    network.run_for(50ms);
    EXPECT_EQ(bob.told.back(), "request OPTIONS");
    bob.agent->respond(bob.request, 200, {}, {}, {}, network.now());
    network.run_for(50ms);
    EXPECT_EQ(alice.told.back(), "completed 200");
    EXPECT_NE(header_of(bob.sent.back(), "Allow"), "");
    EXPECT_EQ(header_of(bob.sent.back(), "Accept"), "application/sdp");
    expect_nothing_left();
}

}  // namespace
}  // namespace almon::test
