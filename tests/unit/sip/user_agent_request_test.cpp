// SPDX-License-Identifier: GPL-3.0-or-later
// What a user agent server checks, in the order of RFC 3261 8.2, and requests that belong to no session.
#include <gtest/gtest.h>

#include "support/sip_network.hpp"

namespace almon::test {
namespace {

using namespace sip;
using std::chrono::seconds;

class UserAgentRequest : public testing::Test {
protected:
    /// Sends a request of a stranger; `fields` are lines that come on top.
    std::string ask(std::string_view method, std::string_view fields = {}, std::string_view body = {},
                    std::string_view to = "<sip:bob@example.com>",
                    std::string_view uri = "sip:bob@192.0.2.2") {
        ++number;
        std::string text = std::string(method) + ' ' + std::string(uri) + " SIP/2.0\n" +
                           "Via: SIP/2.0/UDP 192.0.2.3:5060;branch=z9hG4bK" + std::to_string(number) + "\n" +
                           "From: <sip:carol@example.com>;tag=carol\nTo: " + std::string(to) + "\n" +
                           "Call-ID: call" + std::to_string(number) + "\nCSeq: 7 " + std::string(method) +
                           "\n" + "Contact: <sip:carol@192.0.2.3>\n" + std::string(fields) + '\n' +
                           std::string(body);
        network.send_as(stranger, bob, text);
        std::string last;
        while (auto bytes = network.take(stranger))
            last = *bytes;
        return last;
    }
    static int status_of(std::string_view bytes) { return parsed(bytes).status(); }

    SipNetwork network;
    SipParty& bob = network.add("bob", "192.0.2.2");
    NetAddress stranger = address_of("192.0.2.3");
    int number = 0;
};

TEST_F(UserAgentRequest, UnknownMethodGets405WithAllow) {
    const auto response = ask("FLY", "Max-Forwards: 70\n");
    EXPECT_EQ(status_of(response), 405);
    EXPECT_EQ(header_of(response, "Allow"),
              "INVITE, ACK, BYE, CANCEL, OPTIONS, REGISTER, PRACK, UPDATE, INFO, REFER, SUBSCRIBE, NOTIFY, "
              "MESSAGE");
    EXPECT_TRUE(bob.told.empty());
}

TEST_F(UserAgentRequest, UnknownUriSchemeGets416) {
    EXPECT_EQ(status_of(ask("OPTIONS", "Max-Forwards: 70\n", {}, "<sip:bob@example.com>", "nobody:bob")),
              416);
}

TEST_F(UserAgentRequest, RequiredExtensionThatIsUnknownGets420) {
    const auto response = ask("INVITE", "Max-Forwards: 70\nRequire: timer, teleport\n");
    EXPECT_EQ(status_of(response), 420);
    EXPECT_EQ(header_of(response, "Unsupported"), "teleport");
}

TEST_F(UserAgentRequest, UnknownBodyOfInviteGets415WithAccept) {
    const auto response =
        ask("INVITE", "Max-Forwards: 70\nContent-Type: application/pidf+xml\n", "<presence/>");
    EXPECT_EQ(status_of(response), 415);
    EXPECT_EQ(header_of(response, "Accept"), "application/sdp");
}

TEST_F(UserAgentRequest, EncodedBodyGets415WithAcceptEncoding) {
    const auto response =
        ask("INVITE", "Max-Forwards: 70\nContent-Type: application/sdp\nContent-Encoding: gzip\n", "xyz");
    EXPECT_EQ(status_of(response), 415);
    EXPECT_EQ(header_of(response, "Accept-Encoding"), "identity");
}

// RFC 3261 20.11: handling=optional.
TEST_F(UserAgentRequest, OptionalBodyOfUnknownTypeIsPassedOver) {
    ask("INVITE", "Max-Forwards: 70\nContent-Type: text/x\nContent-Disposition: render;handling=optional\n",
        "x");
    EXPECT_EQ(bob.told, std::vector<std::string>{"invite without offer"});
}

TEST_F(UserAgentRequest, SessionDescriptionIsFoundInAMultipartBody) {
    ask("INVITE", "Max-Forwards: 70\nContent-Type: multipart/mixed;boundary=b\n",
        "--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\nContent-Type: "
        "application/sdp\r\n\r\noffer\r\n--b--\r\n");
    EXPECT_EQ(bob.told, std::vector<std::string>{"invite offer"});
}

TEST_F(UserAgentRequest, NoHopsLeftGets483ButOptionsIsAnswered) {
    EXPECT_EQ(status_of(ask("INVITE", "Max-Forwards: 0\n")), 483);
    EXPECT_TRUE(bob.told.empty());
    ask("OPTIONS", "Max-Forwards: 0\n");
    EXPECT_EQ(bob.told, std::vector<std::string>{"request OPTIONS"});
}

TEST_F(UserAgentRequest, DialogThatIsUnknownGets481) {
    for (const auto* method : {"INVITE", "BYE", "UPDATE", "PRACK", "INFO", "MESSAGE"}) {
        SCOPED_TRACE(method);
        EXPECT_EQ(status_of(ask(method, "Max-Forwards: 70\n", {}, "<sip:bob@example.com>;tag=nobody")), 481);
    }
    for (const auto* method : {"BYE", "UPDATE", "PRACK", "INFO"}) {
        SCOPED_TRACE(method);
        EXPECT_EQ(status_of(ask(method, "Max-Forwards: 70\n")), 481);
    }
    EXPECT_TRUE(bob.told.empty());
}

TEST_F(UserAgentRequest, SubscriptionsOfTheListenerArePassedUp) {
    ask("SUBSCRIBE", "Max-Forwards: 70\nEvent: dialog\n");
    EXPECT_EQ(bob.told.back(), "request SUBSCRIBE");
    const std::string tag(bob.agent->local_tag(bob.request));
    bob.agent->respond(bob.request, 200, {}, {{"Expires", "60"}}, {}, network.now());
    network.run_for(50ms);
    const auto response = network.take(stranger, "SIP/2.0 200");
    EXPECT_EQ(header_of(response, "To"), "<sip:bob@example.com>;tag=" + tag);
    EXPECT_EQ(header_of(response, "Contact"), "<sip:almon@192.0.2.2:5060>");
    EXPECT_TRUE(bob.agent->local_tag(bob.request).empty());
    ask("SUBSCRIBE", "Max-Forwards: 70\nEvent: dialog\n", {}, "<sip:bob@example.com>;tag=" + tag);
    EXPECT_EQ(bob.count("request SUBSCRIBE"), 2);
}

// RFC 3261 8.2.2.2
/// RFC 3261 26.3.2.4: memory and retransmissions are not for those who have proven nothing.
TEST_F(UserAgentRequest, WhoHasProvenNothingCostsNothingOnceAnswered) {
    bob.act = [this](const UserAgentEvent& event) {
        if (const auto* invite = std::get_if<IncomingInvite>(&event))
            bob.agent->reject(invite->session, 401, {}, {}, network.now());
        if (const auto* request = std::get_if<IncomingRequest>(&event)) {
            const bool options = request->request.method() == Method::Options;
            bob.agent->respond(request->request_id, options ? 200 : 401, {}, {}, {}, network.now());
        }
    };
    const auto ask_twice = [&](std::string_view method, std::string_view to) {
        const auto first = ask(method, "Max-Forwards: 70\n", {}, to);
        --number;  // it was lost, and the same request comes again
        const auto second = ask(method, "Max-Forwards: 70\n", {}, to);
        EXPECT_EQ(bob.agent->transaction_count(), 0U);
        EXPECT_EQ(header_of(first, "Server"), "") << first;
        if (method != "INVITE") {
            EXPECT_EQ(header_of(first, "To"), header_of(second, "To"));
        }
        return std::pair(status_of(first), status_of(second));
    };
    const auto* const bob_himself = "<sip:bob@example.com>";
    EXPECT_EQ(ask_twice("INVITE", bob_himself), std::pair(401, 401));
    EXPECT_EQ(ask_twice("REGISTER", bob_himself), std::pair(401, 401));
    EXPECT_EQ(ask_twice("OPTIONS", bob_himself), std::pair(200, 200));
    EXPECT_EQ(ask_twice("FLY", bob_himself), std::pair(405, 405));
    EXPECT_EQ(ask_twice("INVITE", "<sip:bob@example.com>;tag=guess"), std::pair(481, 481));
    EXPECT_EQ(bob.agent->session_count(), 0U);
    network.run_for(seconds(60));
    EXPECT_FALSE(network.take(stranger)) << "nothing is sent again";
}

TEST_F(UserAgentRequest, MergedRequestGets482) {
    const std::string head =
        "INVITE sip:bob@192.0.2.2 SIP/2.0\nMax-Forwards: 70\nFrom: <sip:c@e.com>;tag=c\n"
        "To: <sip:bob@e.com>\nCall-ID: m\nCSeq: 1 INVITE\nContact: <sip:c@192.0.2.3>\n"
        "Via: SIP/2.0/UDP 192.0.2.3;branch=z9hG4bK";
    network.send_as(stranger, bob, head + "one\n\n");
    network.send_as(stranger, bob, head + "two\n\n");
    EXPECT_EQ(bob.count("invite"), 1);
    EXPECT_EQ(status_of(network.take(stranger, "SIP/2.0 482")), 482);
}

TEST_F(UserAgentRequest, OurOwnRequestThatComesBackGets482) {
    RequestSettings settings;
    settings.flow = bob.flow_to(stranger);
    settings.method = "OPTIONS";
    settings.request_uri = "sip:bob@192.0.2.2";
    settings.from = "<sip:almon@192.0.2.2>";
    settings.to = "<sip:bob@192.0.2.2>";
    bob.agent->request(settings, network.now());
    network.run_for(50ms);
    std::string looped = network.take(stranger, "OPTIONS");
    looped.insert(looped.find("Via:"), "Via: SIP/2.0/UDP 192.0.2.3;branch=z9hG4bKproxy\r\n");
    std::erase(looped, '\r');
    looped.erase(looped.find("Content-Length"), looped.find("\n\n") - looped.find("Content-Length") + 1);
    network.send_as(stranger, bob, looped);
    EXPECT_EQ(status_of(network.take(stranger, "SIP/2.0")), 482);
    EXPECT_TRUE(bob.told.empty());
}

TEST_F(UserAgentRequest, InviteWithoutContactGets400) {
    network.send_as(stranger, bob, R"(INVITE sip:bob@192.0.2.2 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.3;branch=z9hG4bKx
From: <sip:c@e.com>;tag=c
To: <sip:bob@e.com>
Call-ID: m
CSeq: 1 INVITE
Max-Forwards: 70

)");
    EXPECT_EQ(status_of(network.take(stranger, "SIP/2.0 4")), 400);
}

// RFC 3261 12.2.2
TEST_F(UserAgentRequest, OldCSeqWithinADialogGets500) {
    ask("INVITE", "Max-Forwards: 70\nContent-Type: application/sdp\n", "offer");
    bob.agent->accept(bob.session, sdp("answer"), {}, network.now());
    network.run_for(50ms);
    const auto to = header_of(network.take(stranger, "SIP/2.0 200"), "To");
    const auto in_dialog = [&](int cseq, std::string_view branch) {
        return "INFO sip:bob@192.0.2.2 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.3;branch=z9hG4bK" +
               std::string(branch) +
               "\nMax-Forwards: 70\nFrom: <sip:carol@example.com>;tag=carol\nTo: " + to +
               "\nCall-ID: call1\nCSeq: " + std::to_string(cseq) + " INFO\n\n";
    };
    network.send_as(stranger, bob, in_dialog(9, "x"));
    EXPECT_EQ(bob.told.back(), "session request INFO");
    network.send_as(stranger, bob, in_dialog(8, "y"));
    network.take(stranger, "SIP/2.0 500");
    EXPECT_EQ(bob.count("session request"), 1);
}

TEST_F(UserAgentRequest, ByeOfAStrangerDoesNotEndTheCall) {
    ask("INVITE", "Max-Forwards: 70\nContent-Type: application/sdp\n", "offer");
    bob.agent->accept(bob.session, sdp("answer"), {}, network.now());
    network.run_for(50ms);
    const auto to = header_of(network.take(stranger, "SIP/2.0 200"), "To");
    network.send_as(
        stranger, bob,
        "BYE sip:bob@192.0.2.2 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.3;branch=z9hG4bKq\nMax-Forwards: 70\n"
        "From: <sip:carol@example.com>;tag=guess\nTo: " +
            to + "\nCall-ID: call1\nCSeq: 8 BYE\n\n");
    network.take(stranger, "SIP/2.0 481");
    EXPECT_EQ(bob.count("ended"), 0);
}

TEST_F(UserAgentRequest, AdvertisedHostStandsInViaAndContactOfAnUnspecifiedAddress) {
    UserAgentSettings settings;
    settings.advertised_host = "pbx.example.com";
    SipParty& any = network.add("any", "0.0.0.0", settings);
    auto invite = any.invite_to(stranger);
    invite.flow.transport = TransportKind::Tcp;
    any.agent->invite(invite, network.now());
    EXPECT_EQ(header_of(any.sent.back(), "Contact"), "<sip:almon@pbx.example.com:5060;transport=tcp>");
    EXPECT_TRUE(
        header_of(any.sent.back(), "Via").starts_with("SIP/2.0/TCP pbx.example.com:5060;branch=z9hG4bK"));
}

TEST_F(UserAgentRequest, ChallengeIsAnsweredOnce) {
    for (const bool right : {true, false}) {
        SCOPED_TRACE(right);
        RequestSettings settings;
        settings.flow = bob.flow_to(stranger);
        settings.method = "REGISTER";
        settings.request_uri = "sip:example.com";
        settings.from = settings.to = "<sip:bob@example.com>";
        settings.credentials = Credentials{"bob", "secret"};
        bob.agent->request(settings, network.now());
        network.run_for(50ms);
        const auto first = network.take(stranger, "REGISTER");
        EXPECT_EQ(header_of(first, "Authorization"), "");
        constexpr auto kChallenge =
            "WWW-Authenticate: Digest realm=\"example.com\", nonce=\"n1\", qop=\"auth\"\n";
        network.send_as(stranger, bob, response_to(first, 401, "r", kChallenge));
        const auto second = network.take(stranger, "REGISTER");
        EXPECT_EQ(header_of(second, "CSeq"), "2 REGISTER");
        EXPECT_EQ(header_of(second, "Call-ID"), header_of(first, "Call-ID"));
        EXPECT_EQ(header_of(second, "From"), header_of(first, "From"));
        const std::string kept = header_of(second, "Authorization");
        ASSERT_TRUE(DigestCredentials::parse(kept));
        EXPECT_TRUE(DigestCredentials::parse(kept)->prove(
            digest_a1(DigestAlgorithm::Md5, "bob", "example.com", "secret"), "REGISTER"));
        network.send_as(stranger, bob,
                        right ? response_to(second, 200, "r") : response_to(second, 401, "r", kChallenge));
        EXPECT_EQ(bob.told.back(), right ? "completed 200" : "completed 401");
    }
}

TEST_F(UserAgentRequest, RequestWithoutResponseIsToldAfter32Seconds) {
    RequestSettings settings;
    settings.flow = bob.flow_to(stranger);
    settings.method = "OPTIONS";
    settings.request_uri = "sip:carol@192.0.2.3";
    settings.from = "<sip:almon@192.0.2.2>;tag=kept";
    settings.to = "<sip:carol@192.0.2.3>";
    bob.agent->request(settings, network.now());
    EXPECT_EQ(header_of(bob.sent.back(), "From"), "<sip:almon@192.0.2.2>;tag=kept");
    network.run_for(seconds(33));
    EXPECT_EQ(bob.told, std::vector<std::string>{"completed without response"});
}

}  // namespace
}  // namespace almon::test
