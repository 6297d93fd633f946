// SPDX-License-Identifier: GPL-3.0-or-later
// Reliable provisional responses (RFC 3262) and what offers and answers they carry (RFC 6337).
#include <gtest/gtest.h>

#include "support/sip_network.hpp"

namespace almon::test {
namespace {

using namespace sip;
using std::chrono::seconds;

class UserAgentReliable : public testing::Test {
protected:
    void call(std::string_view offer = "offer") {
        auto invite = alice.invite_to(bob.address, offer);
        invite.answers_early_offer = true;
        session = alice.agent->invite(invite, network.now());
        network.run_for(50ms);
    }
    void ring(int status, std::string_view body = {}) {
        bob.agent->progress(bob.session, status, body.empty() ? Body{} : sdp(body), Reliability::IfSupported,
                            {}, network.now());
        network.run_for(50ms);
    }
    void answer(std::string_view body) {
        bob.agent->accept(bob.session, body.empty() ? Body{} : sdp(body), {}, network.now());
        network.run_for(50ms);
    }
    static int count_of(const SipParty& party, std::string_view start) {
        int count = 0;
        for (const auto& bytes : party.sent)
            count += bytes.starts_with(start) ? 1 : 0;
        return count;
    }

    SipNetwork network;
    SipParty& alice = network.add("alice", "192.0.2.1");
    SipParty& bob = network.add("bob", "192.0.2.2");
    NetAddress stranger = address_of("192.0.2.3");
    SessionId session;
};

TEST_F(UserAgentReliable, RingingIsAcknowledgedByPrack) {
    call();
    ring(180);
    EXPECT_EQ(alice.told, std::vector<std::string>{"progress 180 reliable"});
    EXPECT_EQ(count_of(alice, "PRACK"), 1);
    network.run_for(seconds(2));
    EXPECT_EQ(count_of(bob, "SIP/2.0 180"), 1);
    answer("answer");
    EXPECT_EQ(alice.told.back(), "answered");
    EXPECT_TRUE(alice.was_told("answer answer"));
}

// RFC 3262 5: the answer stands in the reliable response; the 2xx need not repeat it.
TEST_F(UserAgentReliable, AnswerInAReliableResponseIsToldOnce) {
    call();
    ring(183, "answer");
    EXPECT_EQ(alice.told, (std::vector<std::string>{"answer answer", "progress 183 reliable answer"}));
    answer("answer");
    EXPECT_EQ(alice.told.back(), "answered");
    EXPECT_EQ(alice.count("answer answer"), 1);
    for (const auto& bytes : bob.sent) {
        if (bytes.starts_with("SIP/2.0 200") && bytes.find("INVITE") != std::string::npos) {
            EXPECT_EQ(body_of(bytes), "");
        }
    }
}

TEST_F(UserAgentReliable, OfferInAReliableResponseIsAnsweredInPrack) {
    call("");
    ring(183, "offer of bob");
    EXPECT_EQ(alice.told, std::vector<std::string>{"progress 183 reliable offer of bob"});
    EXPECT_EQ(count_of(alice, "PRACK"), 0);
    alice.agent->answer_offer(session, sdp("answer of alice"), network.now());
    network.run_for(50ms);
    EXPECT_EQ(bob.told.back(), "answer answer of alice");
    answer("");
    EXPECT_EQ(alice.told.back(), "answered");
    EXPECT_EQ(bob.told.back(), "confirmed");
}

// RFC 3262 3: the next one waits for PRACK, and so does the 2xx where the response carries a description.
TEST_F(UserAgentReliable, ResponsesWaitForThePrackOfTheOneBefore) {
    call();
    bob.agent->progress(bob.session, 180, {}, Reliability::IfSupported, {}, network.now());
    bob.agent->progress(bob.session, 183, sdp("answer"), Reliability::IfSupported, {}, network.now());
    EXPECT_EQ(count_of(bob, "SIP/2.0 183"), 0);
    network.run_for(11ms);
    EXPECT_EQ(count_of(bob, "SIP/2.0 183"), 1);
    bob.agent->accept(bob.session, {}, {}, network.now());
    EXPECT_EQ(bob.told.back(), "invite offer");
    EXPECT_TRUE(bob.sent.back().starts_with("SIP/2.0 183"));
    network.run_for(50ms);
    EXPECT_EQ(alice.told, (std::vector<std::string>{"progress 180 reliable", "answer answer",
                                                    "progress 183 reliable answer", "answered"}));
}

TEST_F(UserAgentReliable, UpdateChangesEarlyMedia) {
    call();
    ring(183, "answer");
    bob.agent->offer(bob.session, sdp("other"), true, network.now());
    network.run_for(50ms);
    EXPECT_EQ(alice.told.back(), "offered UPDATE other");
    alice.agent->answer_offer(session, sdp("agreed"), network.now());
    network.run_for(50ms);
    EXPECT_EQ(bob.told.back(), "answer agreed");
    alice.agent->offer(session, sdp("mine"), true, network.now());
    network.run_for(50ms);
    EXPECT_EQ(bob.told.back(), "offered UPDATE mine");
    bob.agent->answer_offer(bob.session, sdp("yours"), network.now());
    network.run_for(50ms);
    EXPECT_EQ(alice.told.back(), "answer yours");
    answer("");
    EXPECT_EQ(alice.told.back(), "answered");
    EXPECT_EQ(alice.count("answer "), 2);
}

// RFC 6337: nothing but UPDATE may offer before the answer; without it the offer waits.
TEST_F(UserAgentReliable, OfferBeforeTheAnswerWaitsWhereUpdateIsNotPossible) {
    call();
    bob.agent->progress(bob.session, 180, {}, Reliability::IfRequired, {}, network.now());
    bob.agent->offer(bob.session, sdp("other"), true, network.now());
    network.run_for(seconds(1));
    EXPECT_EQ(alice.count("offered"), 0);
    answer("answer");
    EXPECT_EQ(alice.told.back(), "offered UPDATE other");
}

TEST_F(UserAgentReliable, CallerThatRequires100relGetsItAlways) {
    auto invite = alice.invite_to(bob.address);
    invite.headers = {{"Require", "100rel"}};
    alice.agent->invite(invite, network.now());
    network.run_for(50ms);
    bob.agent->progress(bob.session, 180, {}, Reliability::IfRequired, {}, network.now());
    network.run_for(50ms);
    EXPECT_EQ(alice.told, std::vector<std::string>{"progress 180 reliable"});
}

// RFC 3262 3: T1, doubled each time, 64*T1 in all; then a 5xx.
TEST_F(UserAgentReliable, ResponseWithoutPrackIsRepeatedAndThenRefused) {
    network.send_as(stranger, bob, R"(INVITE sip:bob@192.0.2.2 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.3:5060;branch=z9hG4bKa
From: <sip:carol@example.com>;tag=carol
To: <sip:bob@example.com>
Call-ID: one
CSeq: 7 INVITE
Supported: 100rel
Contact: <sip:carol@192.0.2.3>
Content-Type: application/sdp

offer)");
    ring(180);
    network.run_for(seconds(33));
    EXPECT_EQ(count_of(bob, "SIP/2.0 180"), 7);  // 0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5 s
    network.take(stranger, "SIP/2.0 504");
    EXPECT_EQ(bob.told.back(), "ended no acknowledgement");
    EXPECT_EQ(bob.agent->session_count(), 0U);
}

TEST_F(UserAgentReliable, PrackThatAcknowledgesNothingGets481) {
    network.send_as(stranger, bob, R"(INVITE sip:bob@192.0.2.2 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.3:5060;branch=z9hG4bKa
From: <sip:carol@example.com>;tag=carol
To: <sip:bob@example.com>
Call-ID: one
CSeq: 7 INVITE
Supported: 100rel
Contact: <sip:carol@192.0.2.3>
Content-Type: application/sdp

offer)");
    ring(180);
    const auto ringing = network.take(stranger, "SIP/2.0 180");
    EXPECT_TRUE(parsed(ringing).has_token(HeaderName::Require, "100rel"));
    const auto rseq = header_of(ringing, "RSeq");
    const auto prack = [&](std::string_view branch, std::string_view rack) {
        return "PRACK sip:bob@192.0.2.2 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.3:5060;branch=z9hG4bK" +
               std::string(branch) +
               "\nFrom: <sip:carol@example.com>;tag=carol\nTo: " + header_of(ringing, "To") +
               "\nMax-Forwards: 70\nCall-ID: one\nCSeq: 8 PRACK\nRAck: " + std::string(rack) + "\n\n";
    };
    network.send_as(stranger, bob, prack("p1", rseq + " 6 INVITE"));
    network.take(stranger, "SIP/2.0 481");
    network.send_as(stranger, bob, prack("p2", "nonsense"));
    network.take(stranger, "SIP/2.0 400");
    network.send_as(stranger, bob, prack("p3", rseq + " 7 INVITE"));
    network.take(stranger, "SIP/2.0 200");
    network.send_as(stranger, bob, prack("p4", rseq + " 7 INVITE"));
    network.take(stranger, "SIP/2.0 481");
}

// RFC 3262 4: only the next in order is taken.
TEST_F(UserAgentReliable, ResponseOutOfOrderIsDropped) {
    session = alice.agent->invite(alice.invite_to(stranger), network.now());
    network.run_for(50ms);
    const auto invite = network.take(stranger, "INVITE");
    const auto ringing = [&](int rseq) {
        return response_to(
            invite, 180, "carol",
            "Require: 100rel\nRSeq: " + std::to_string(rseq) + "\nContact: <sip:carol@192.0.2.3>\n");
    };
    network.send_as(stranger, alice, ringing(10));
    EXPECT_EQ(header_of(network.take(stranger, "PRACK"), "RAck"), "10 1 INVITE");
    network.send_as(stranger, alice, ringing(12));
    network.send_as(stranger, alice, ringing(10));
    EXPECT_EQ(alice.count("progress"), 1);
    network.send_as(stranger, alice, ringing(11));
    EXPECT_EQ(alice.count("progress"), 2);
    EXPECT_EQ(count_of(alice, "PRACK"), 2);
}

}  // namespace
}  // namespace almon::test
