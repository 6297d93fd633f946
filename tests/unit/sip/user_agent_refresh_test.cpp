// SPDX-License-Identifier: GPL-3.0-or-later
// Session timers between user agents and with scripted peers (RFC 4028).
#include <gtest/gtest.h>

#include "support/sip_network.hpp"

namespace almon::test {
namespace {

using namespace sip;
using std::chrono::seconds;

UserAgentSettings with_timers(seconds interval, seconds minimum) {
    UserAgentSettings settings;
    settings.timers = {interval, minimum};
    return settings;
}

class UserAgentRefresh : public testing::Test {
protected:
    SessionId call(SipParty& from, const NetAddress& to, SessionTimers timers) {
        auto invite = from.invite_to(to);
        invite.timers = timers;
        const auto session = from.agent->invite(invite, network.now());
        network.run_for(50ms);
        return session;
    }
    static int count_of(const SipParty& party, std::string_view start) {
        int count = 0;
        for (const auto& bytes : party.sent)
            count += bytes.starts_with(start) ? 1 : 0;
        return count;
    }

    SipNetwork network;
    SipParty& alice = network.add("alice", "192.0.2.1", with_timers(seconds(1800), seconds(90)));
    SipParty& bob = network.add("bob", "192.0.2.2", with_timers(seconds(300), seconds(90)));
    NetAddress stranger = address_of("192.0.2.3");
};

TEST_F(UserAgentRefresh, CalleeShortensTheIntervalAndTheCallerRefreshesByUpdate) {
    call(alice, bob.address, {seconds(1800), seconds(90)});
    bob.agent->accept(bob.session, sdp("answer"), {}, network.now());
    network.run_for(50ms);
    EXPECT_EQ(header_of(alice.sent[0], "Session-Expires"), "1800");
    EXPECT_EQ(header_of(bob.sent[1], "Session-Expires"), "300;refresher=uac");
    EXPECT_EQ(header_of(bob.sent[1], "Require"), "timer");
    network.run_for(seconds(149));
    EXPECT_EQ(count_of(alice, "UPDATE"), 0);
    network.run_for(seconds(2));
    EXPECT_EQ(count_of(alice, "UPDATE"), 1);
    network.run_for(seconds(3600));
    EXPECT_EQ(count_of(alice, "UPDATE"), 25);
    EXPECT_EQ(count_of(bob, "UPDATE"), 0);
    EXPECT_EQ(alice.count("ended") + bob.count("ended"), 0);
    EXPECT_EQ(bob.count("offered"), 0);
}

TEST_F(UserAgentRefresh, IntervalBelowTheMinimumIsRefusedAndRaised) {
    SipParty& carol = network.add("carol", "192.0.2.4", with_timers(seconds(600), seconds(500)));
    call(alice, carol.address, {seconds(100), seconds(90)});
    EXPECT_EQ(carol.told, std::vector<std::string>{"invite offer"});
    EXPECT_EQ(count_of(carol, "SIP/2.0 422"), 1);
    EXPECT_EQ(header_of(carol.sent[0], "Min-SE"), "500");
    carol.agent->accept(carol.session, sdp("answer"), {}, network.now());
    network.run_for(50ms);
    EXPECT_EQ(alice.told.back(), "answered");
    EXPECT_EQ(header_of(carol.sent.back(), "Session-Expires"), "500;refresher=uac");
}

// RFC 4028 10: less a third or 32 s, whichever is smaller.
TEST_F(UserAgentRefresh, SessionWithoutRefreshExpiresWithBye) {
    network.send_as(stranger, bob, R"(INVITE sip:bob@192.0.2.2 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.3:5060;branch=z9hG4bKa
From: <sip:carol@example.com>;tag=carol
To: <sip:bob@example.com>
Call-ID: one
CSeq: 7 INVITE
Supported: timer
Session-Expires: 120;refresher=uac
Contact: <sip:carol@192.0.2.3>
Content-Type: application/sdp

offer)");
    bob.agent->accept(bob.session, sdp("answer"), {}, network.now());
    network.run_for(10ms);
    const auto answer = network.take(stranger, "SIP/2.0 200");
    EXPECT_EQ(header_of(answer, "Session-Expires"), "120;refresher=uac");
    network.send_as(stranger, bob,
                    "ACK sip:bob@192.0.2.2 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.3:5060;branch=z9hG4bKb\n"
                    "From: <sip:carol@example.com>;tag=carol\nTo: " +
                        header_of(answer, "To") + "\nCall-ID: one\nCSeq: 7 ACK\n\n");
    network.run_for(seconds(87));
    EXPECT_EQ(bob.count("ended"), 0);
    network.run_for(seconds(2));
    EXPECT_EQ(bob.told.back(), "ended expired");
    network.take(stranger, "BYE");
}

TEST_F(UserAgentRefresh, CalleeRefreshesForACallerWithoutSupport) {
    network.send_as(stranger, bob, R"(INVITE sip:bob@192.0.2.2 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.3:5060;branch=z9hG4bKa
From: <sip:carol@example.com>;tag=carol
To: <sip:bob@example.com>
Call-ID: one
CSeq: 7 INVITE
Session-Expires: 200
Contact: <sip:carol@192.0.2.3>
Content-Type: application/sdp

offer)");
    bob.agent->accept(bob.session, sdp("answer"), {}, network.now());
    network.run_for(10ms);
    const auto answer = network.take(stranger, "SIP/2.0 200");
    EXPECT_EQ(header_of(answer, "Session-Expires"), "200;refresher=uas");
    EXPECT_EQ(header_of(answer, "Require"), "");
    network.send_as(stranger, bob,
                    "ACK sip:bob@192.0.2.2 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.3:5060;branch=z9hG4bKb\n"
                    "From: <sip:carol@example.com>;tag=carol\nTo: " +
                        header_of(answer, "To") + "\nCall-ID: one\nCSeq: 7 ACK\n\n");
    network.run_for(seconds(101));
    // It names no UPDATE in Allow: re-INVITE with the description as it stands.
    const auto reinvite = network.take(stranger, "INVITE");
    EXPECT_EQ(body_of(reinvite), "answer");
    EXPECT_EQ(header_of(reinvite, "Session-Expires"), "200;refresher=uac");
    network.send_as(
        stranger, bob,
        response_to(reinvite, 200, "carol",
                    "Contact: <sip:carol@192.0.2.3>\nSession-Expires: 200;refresher=uac\n", "offer"));
    network.take(stranger, "ACK");
    EXPECT_EQ(bob.told, (std::vector<std::string>{"invite offer", "confirmed"})) << "nothing has changed";
    network.run_for(seconds(101));
    network.take(stranger, "INVITE");
}

TEST_F(UserAgentRefresh, RefreshThatMeetsNoDialogEndsTheSession) {
    const auto session = call(alice, stranger, {seconds(1800), seconds(90)});
    const auto invite = network.take(stranger, "INVITE");
    network.send_as(stranger, alice,
                    response_to(invite, 200, "carol",
                                "Contact: <sip:carol@192.0.2.3>\nAllow: INVITE, UPDATE\nRequire: timer\n"
                                "Session-Expires: 100;refresher=uac\n",
                                "answer"));
    network.run_for(seconds(51));
    network.send_as(stranger, alice, response_to(network.take(stranger, "UPDATE"), 481, "carol"));
    EXPECT_EQ(alice.told.back(), "ended dialog lost");
    EXPECT_EQ(alice.session, session);
}

TEST_F(UserAgentRefresh, UpdateThatIsNotAllowedIsReplacedByReinvite) {
    call(alice, stranger, {seconds(1800), seconds(90)});
    const auto invite = network.take(stranger, "INVITE");
    network.send_as(stranger, alice,
                    response_to(invite, 200, "carol",
                                "Contact: <sip:carol@192.0.2.3>\nAllow: INVITE, UPDATE\n"
                                "Session-Expires: 100;refresher=uac\n",
                                "answer"));
    network.run_for(seconds(51));
    network.send_as(stranger, alice, response_to(network.take(stranger, "UPDATE"), 405, "carol"));
    network.run_for(10ms);
    EXPECT_EQ(body_of(network.take(stranger, "INVITE")), "offer");
}

TEST_F(UserAgentRefresh, ZeroIntervalSwitchesTheExtensionOff) {
    SipParty& carol = network.add("carol", "192.0.2.4", with_timers(seconds(0), seconds(90)));
    call(alice, carol.address, {seconds(1800), seconds(90)});
    carol.agent->accept(carol.session, sdp("answer"), {}, network.now());
    network.run_for(50ms);
    EXPECT_EQ(header_of(carol.sent.back(), "Session-Expires"), "");
    network.run_for(seconds(7200));
    EXPECT_EQ(alice.count("ended") + carol.count("ended"), 0);
}

}  // namespace
}  // namespace almon::test
