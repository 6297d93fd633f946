// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/transaction_layer.hpp"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/transaction_rig.hpp"

namespace almon::sip {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr char kBranch[] = "z9hG4bKone";

class TransactionLayerTest : public testing::Test {
protected:
    void over_tcp() {
        rig.flow.transport = TransportKind::Tcp;
        rig.flow.connection = 5;
    }

    TransactionRig rig;
};

// Server side

TEST_F(TransactionLayerTest, AnInviteIsAnsweredWith100BeforeTheUserSeesIt) {
    rig.receive(rig.request("INVITE", kBranch));
    EXPECT_THAT(rig.happened(), ElementsAre("request INVITE", "send 192.0.2.1:40000 SIP/2.0 100 Trying"));
    EXPECT_EQ(rig.layer->size(), 1U);
}

TEST_F(TransactionLayerTest, AnInviteThatIsAnsweredAtOnceGetsNo100) {
    rig.answers_at_once = true;
    rig.receive(rig.request("INVITE", kBranch));
    EXPECT_THAT(rig.happened(), ElementsAre("request INVITE", "send 192.0.2.1:40000 SIP/2.0 200 OK"));
}

TEST_F(TransactionLayerTest, The100CopiesTimestampAndHasReceivedAndRportAndNoToTag) {
    rig.receive(rig.request("INVITE", kBranch, "Timestamp: 54.2\r\n"));
    const auto trying = Message::parse(rig.sent_bytes).value();
    EXPECT_EQ(trying.header(HeaderName::Timestamp), "54.2");
    EXPECT_EQ(trying.via()->received(), "192.0.2.1");
    EXPECT_EQ(trying.via()->rport(), 40000);
    EXPECT_EQ(trying.to()->tag(), "");
    EXPECT_EQ(trying.call_id(), "call-of-z9hG4bKone");
}

TEST_F(TransactionLayerTest, ARetransmittedInviteGetsTheLatestResponseAndIsNotPassedUp) {
    rig.receive(rig.request("INVITE", kBranch));
    rig.respond(180);
    (void)rig.happened();
    rig.receive(rig.request("INVITE", kBranch));
    EXPECT_THAT(rig.happened(), ElementsAre("send 192.0.2.1:40000 SIP/2.0 180 Ringing"));
    EXPECT_EQ(rig.layer->counters().absorbed_requests, 1U);
}

TEST_F(TransactionLayerTest, BranchAndSentByAreComparedWithoutCase) {
    rig.receive(rig.request("OPTIONS", "z9hG4bKAbC"));
    rig.receive(rig.request("OPTIONS", "z9hG4bKaBc"));
    EXPECT_THAT(rig.happened(), ElementsAre("request OPTIONS"));
}

TEST_F(TransactionLayerTest, TheSameBranchOfAnotherSentByIsAnotherTransaction) {
    rig.receive(rig.request("OPTIONS", kBranch));
    std::string other = rig.request("OPTIONS", kBranch);
    other.replace(other.find("192.0.2.1:5062"), 14, "192.0.2.1:5063");
    rig.receive(other);
    EXPECT_THAT(rig.happened(), ElementsAre("request OPTIONS", "request OPTIONS"));
    EXPECT_EQ(rig.layer->size(), 2U);
}

TEST_F(TransactionLayerTest, TheSameBranchWithAnotherMethodIsAnotherTransaction) {
    rig.receive(rig.request("OPTIONS", kBranch));
    rig.receive(rig.request("MESSAGE", kBranch));
    rig.receive(rig.request("BREW", kBranch));
    rig.receive(rig.request("PROPFIND", kBranch));
    EXPECT_THAT(rig.happened(),
                ElementsAre("request OPTIONS", "request MESSAGE", "request BREW", "request PROPFIND"));
}

TEST_F(TransactionLayerTest, ARefusalIsRepeatedUntilAckWhichIsNotPassedUp) {
    rig.receive(rig.request("INVITE", kBranch));
    rig.respond(486);
    (void)rig.happened();
    rig.pass(3600ms);
    EXPECT_THAT(rig.happened(), ElementsAre("send 192.0.2.1:40000 SIP/2.0 486 Busy Here",
                                            "send 192.0.2.1:40000 SIP/2.0 486 Busy Here",
                                            "send 192.0.2.1:40000 SIP/2.0 486 Busy Here"));
    rig.receive(rig.request("ACK", kBranch));
    rig.pass(4999ms);
    EXPECT_THAT(rig.happened(), IsEmpty());
    rig.receive(rig.request("ACK", kBranch));
    rig.pass(1ms);
    EXPECT_THAT(rig.happened(), ElementsAre("terminated"));
    EXPECT_EQ(rig.layer->size(), 0U);
    EXPECT_EQ(rig.layer->next_deadline(), std::nullopt);
}

TEST_F(TransactionLayerTest, ARefusalWithoutAckEndsAfter32Seconds) {
    rig.receive(rig.request("INVITE", kBranch));
    rig.respond(404);
    rig.pass(31999ms);
    // 0.5, 1.5, 3.5, 7.5 ... 31.5 s
    EXPECT_THAT(rig.happened(), SizeIs(3 + 10));
    rig.pass(1ms);
    EXPECT_THAT(rig.happened(), ElementsAre("terminated"));
    EXPECT_EQ(rig.layer->counters().missing_acks, 1U);
}

TEST_F(TransactionLayerTest, Reliable_ARefusalIsSentOnceAndTheTransactionEndsWithTheAck) {
    over_tcp();
    rig.receive(rig.request("INVITE", kBranch));
    rig.respond(404);
    (void)rig.happened();
    rig.pass(10s);
    rig.receive(rig.request("ACK", kBranch));
    EXPECT_THAT(rig.happened(), IsEmpty());
    rig.pass(0s);
    EXPECT_THAT(rig.happened(), ElementsAre("terminated"));
}

TEST_F(TransactionLayerTest, AfterA2xxRetransmittedInvitesAreAbsorbedFor32Seconds) {
    rig.receive(rig.request("INVITE", kBranch));
    rig.respond(200);
    (void)rig.happened();
    rig.receive(rig.request("INVITE", kBranch));
    rig.pass(31999ms);
    rig.receive(rig.request("INVITE", kBranch));
    EXPECT_THAT(rig.happened(), IsEmpty());
    rig.pass(1ms);
    EXPECT_THAT(rig.happened(), ElementsAre("terminated"));
}

TEST_F(TransactionLayerTest, TheUserRepeatsIts2xxWithRespond) {
    rig.receive(rig.request("INVITE", kBranch));
    rig.respond(200);
    (void)rig.happened();
    rig.respond(200);
    EXPECT_THAT(rig.happened(), ElementsAre("send 192.0.2.1:40000 SIP/2.0 200 OK"));
}

TEST_F(TransactionLayerTest, AnAckOfItsOwnBranchIsPassedUp) {
    rig.receive(rig.request("INVITE", kBranch));
    rig.respond(200);
    (void)rig.happened();
    rig.receive(rig.request("ACK", "z9hG4bKtwo"));
    EXPECT_THAT(rig.happened(), ElementsAre("ACK"));
    EXPECT_EQ(rig.layer->size(), 1U);
}

TEST_F(TransactionLayerTest, AnAckToA2xxThatReusesTheBranchIsPassedUpToo) {
    rig.receive(rig.request("INVITE", kBranch));
    rig.respond(200);
    (void)rig.happened();
    rig.receive(rig.request("ACK", kBranch));
    EXPECT_THAT(rig.happened(), ElementsAre("ACK"));
}

TEST_F(TransactionLayerTest, ANonInviteIsPassedUpOnceAndItsResponseRepeatedOnDemand) {
    rig.receive(rig.request("OPTIONS", kBranch));
    rig.receive(rig.request("OPTIONS", kBranch));
    EXPECT_THAT(rig.happened(), ElementsAre("request OPTIONS"));
    rig.respond(200);
    rig.receive(rig.request("OPTIONS", kBranch));
    EXPECT_THAT(rig.happened(),
                ElementsAre("send 192.0.2.1:40000 SIP/2.0 200 OK", "send 192.0.2.1:40000 SIP/2.0 200 OK"));
    rig.pass(32s);
    EXPECT_THAT(rig.happened(), ElementsAre("terminated"));
    EXPECT_EQ(rig.layer->size(), 0U);
}

TEST_F(TransactionLayerTest, Reliable_ANonInviteEndsWithItsResponseButNotWithinRespond) {
    over_tcp();
    rig.answers_at_once = true;
    rig.receive(rig.request("OPTIONS", kBranch));
    EXPECT_THAT(rig.happened(), ElementsAre("request OPTIONS", "send 192.0.2.1:40000 SIP/2.0 200 OK"));
    rig.pass(0s);
    EXPECT_THAT(rig.happened(), ElementsAre("terminated"));
}

TEST_F(TransactionLayerTest, OnlyOneFinalResponseIsSent) {
    rig.receive(rig.request("OPTIONS", kBranch));
    rig.respond(404);
    (void)rig.happened();
    rig.respond(200);
    EXPECT_THAT(rig.happened(), IsEmpty());
    rig.receive(rig.request("OPTIONS", kBranch));
    EXPECT_THAT(rig.happened(), ElementsAre("send 192.0.2.1:40000 SIP/2.0 404 Not Found"));
}

TEST_F(TransactionLayerTest, WithoutRportTheResponseGoesToThePortOfSentBy) {
    std::string invite = rig.request("INVITE", kBranch);
    invite.replace(invite.find(";rport"), 6, "");
    rig.receive(invite);
    EXPECT_THAT(rig.happened(), ElementsAre("request INVITE", "send 192.0.2.1:5062 SIP/2.0 100 Trying"));
    EXPECT_EQ(rig.layer->flow_of(rig.server)->remote.port, 5062);
}

TEST_F(TransactionLayerTest, WithoutRportAndPortTheResponseGoesTo5060) {
    std::string options = rig.request("OPTIONS", kBranch);
    options.replace(options.find(":5062;rport"), 11, "");
    rig.receive(options);
    rig.respond(200);
    EXPECT_THAT(rig.happened(), ElementsAre("request OPTIONS", "send 192.0.2.1:5060 SIP/2.0 200 OK"));
}

TEST_F(TransactionLayerTest, MaddrDoesNotAimResponsesElsewhere) {
    std::string options = rig.request("OPTIONS", kBranch);
    options.replace(options.find(";rport"), 6, ";rport;maddr=198.51.100.7");
    rig.receive(options);
    rig.respond(200);
    EXPECT_THAT(rig.happened(), ElementsAre("request OPTIONS", "send 192.0.2.1:40000 SIP/2.0 200 OK"));
}

TEST_F(TransactionLayerTest, ARetransmissionFromANewPortOfTheNatIsAnsweredThere) {
    rig.receive(rig.request("OPTIONS", kBranch));
    rig.flow.remote.port = 40001;
    rig.receive(rig.request("OPTIONS", kBranch));
    rig.respond(200);
    EXPECT_THAT(rig.happened(), ElementsAre("request OPTIONS", "send 192.0.2.1:40001 SIP/2.0 200 OK"));
}

TEST_F(TransactionLayerTest, ARetransmissionFromAnotherHostDoesNotDrawTheAnswerThere) {
    rig.receive(rig.request("OPTIONS", kBranch));
    rig.flow.remote = NetAddress::parse("198.51.100.7", 40000).value();
    rig.receive(rig.request("OPTIONS", kBranch));
    rig.respond(200);
    EXPECT_THAT(rig.happened(), ElementsAre("request OPTIONS", "send 192.0.2.1:40000 SIP/2.0 200 OK"));
}

TEST_F(TransactionLayerTest, ALostConnectionIsReplacedByOneToSentBy) {
    over_tcp();
    rig.receive(rig.request("INVITE", kBranch));
    (void)rig.happened();
    rig.layer->flow_lost(rig.flow, rig.now);
    EXPECT_THAT(rig.happened(), IsEmpty());
    rig.respond(180);
    EXPECT_THAT(rig.happened(), ElementsAre("send 192.0.2.1:5062 SIP/2.0 180 Ringing"));
    EXPECT_EQ(rig.layer->flow_of(rig.server)->connection, 0U);
}

// CANCEL

TEST_F(TransactionLayerTest, CancelIsAnswered200AndToldOnce) {
    rig.receive(rig.request("INVITE", kBranch));
    rig.respond(180, "bell");
    (void)rig.happened();
    rig.receive(rig.request("CANCEL", kBranch));
    EXPECT_THAT(rig.happened(), ElementsAre("send 192.0.2.1:40000 SIP/2.0 200 OK", "cancelled"));
    const auto ok = Message::parse(rig.sent_bytes).value();
    EXPECT_EQ(ok.method(), Method::Cancel);
    EXPECT_EQ(ok.to()->tag(), "bell");
    EXPECT_EQ(ok.via()->received(), "192.0.2.1");
    rig.receive(rig.request("CANCEL", kBranch));
    EXPECT_THAT(rig.happened(), ElementsAre("send 192.0.2.1:40000 SIP/2.0 200 OK"));
    rig.respond(487);
    EXPECT_THAT(rig.happened(), ElementsAre("send 192.0.2.1:40000 SIP/2.0 487 Request Terminated"));
}

TEST_F(TransactionLayerTest, CancelBeforeAnyResponseOfTheUserHasATagToo) {
    rig.receive(rig.request("INVITE", kBranch));
    rig.receive(rig.request("CANCEL", kBranch));
    EXPECT_THAT(std::string(Message::parse(rig.sent_bytes)->to()->tag()), SizeIs(10));
}

TEST_F(TransactionLayerTest, CancelOfNothingIsAnswered481) {
    rig.receive(rig.request("CANCEL", kBranch));
    EXPECT_THAT(rig.happened(),
                ElementsAre("send 192.0.2.1:40000 SIP/2.0 481 Call/Transaction Does Not Exist"));
    rig.pass(32s);
    EXPECT_THAT(rig.happened(), IsEmpty());
    EXPECT_EQ(rig.layer->size(), 0U);
}

TEST_F(TransactionLayerTest, CancelAfterTheFinalResponseChangesNothing) {
    rig.receive(rig.request("INVITE", kBranch));
    rig.respond(200);
    (void)rig.happened();
    rig.receive(rig.request("CANCEL", kBranch));
    EXPECT_THAT(rig.happened(), ElementsAre("send 192.0.2.1:40000 SIP/2.0 200 OK"));
}

// RFC 2543 clients

TEST_F(TransactionLayerTest, Rfc2543_RetransmissionsAreFoundByTheirFields) {
    rig.receive(rig.request("INVITE", "1"));
    rig.receive(rig.request("INVITE", "1"));
    EXPECT_THAT(rig.happened(), ElementsAre("request INVITE", "send 192.0.2.1:40000 SIP/2.0 100 Trying",
                                            "send 192.0.2.1:40000 SIP/2.0 100 Trying"));
}

TEST_F(TransactionLayerTest, Rfc2543_TheSameBranchOfAnotherCallIsAnotherTransaction) {
    rig.receive(rig.request("OPTIONS", "1"));
    std::string other = rig.request("OPTIONS", "1");
    other.replace(other.find("call-of-1"), 9, "another-1");
    rig.receive(other);
    EXPECT_THAT(rig.happened(), ElementsAre("request OPTIONS", "request OPTIONS"));
}

TEST_F(TransactionLayerTest, Rfc2543_AckMatchesByTheTagOfOurRefusal) {
    rig.receive(rig.request("INVITE", "1"));
    rig.respond(404, "ours");
    (void)rig.happened();
    std::string ack = rig.request("ACK", "1");
    rig.receive(ack);
    EXPECT_THAT(rig.happened(), ElementsAre("ACK"));  // Without our tag it is not for the refusal.
    ack.replace(ack.find("To: <sip:1002@192.0.2.100>"), 26, "To: <sip:1002@192.0.2.100>;tag=ours");
    rig.receive(ack);
    rig.pass(4999ms);
    EXPECT_THAT(rig.happened(), IsEmpty());
    rig.pass(1ms);
    EXPECT_THAT(rig.happened(), ElementsAre("terminated"));
}

TEST_F(TransactionLayerTest, Rfc2543_CancelFindsItsInvite) {
    rig.receive(rig.request("INVITE", "1"));
    (void)rig.happened();
    rig.receive(rig.request("CANCEL", "1"));
    EXPECT_THAT(rig.happened(), ElementsAre("send 192.0.2.1:40000 SIP/2.0 200 OK", "cancelled"));
}

// What cannot be served

TEST_F(TransactionLayerTest, ARequestWithoutUsableViaIsDropped) {
    std::string options = rig.request("OPTIONS", kBranch);
    options.replace(options.find("Via:"), 4, "Xia:");
    rig.receive(options);
    EXPECT_THAT(rig.happened(), IsEmpty());
    EXPECT_EQ(rig.layer->counters().unusable_messages, 1U);
}

TEST_F(TransactionLayerTest, ABrokenRequestThatCanBeAnsweredIsPassedUp) {
    std::string options = rig.request("OPTIONS", kBranch);
    options.replace(options.find("Call-ID:"), 8, "Xall-ID:");
    rig.receive(options);
    EXPECT_THAT(rig.happened(), ElementsAre("request OPTIONS"));
}

TEST_F(TransactionLayerTest, AtTheLimitRequestsAreRefusedWithoutState) {
    TransactionRig small({.transactions = 2});
    small.receive(small.request("INVITE", "z9hG4bK1"));
    small.receive(small.request("OPTIONS", "z9hG4bK2"));
    (void)small.happened();
    small.receive(small.request("INVITE", "z9hG4bK3"));
    EXPECT_THAT(small.happened(), ElementsAre("send 192.0.2.1:40000 SIP/2.0 503 Service Unavailable"));
    EXPECT_EQ(Message::parse(small.sent_bytes)->header(HeaderName::RetryAfter), "10");
    EXPECT_EQ(small.layer->size(), 2U);
    // Its ACK belongs to nothing, a retransmission finds its transaction, and a CANCEL frees one.
    small.receive(small.request("ACK", "z9hG4bK3"));
    small.receive(small.request("INVITE", "z9hG4bK1"));
    small.receive(small.request("CANCEL", "z9hG4bK1"));
    small.receive(small.request("CANCEL", "z9hG4bK7"));
    EXPECT_THAT(small.happened(), ElementsAre("ACK", "send 192.0.2.1:40000 SIP/2.0 100 Trying",
                                              "send 192.0.2.1:40000 SIP/2.0 200 OK", "cancelled another",
                                              "send 192.0.2.1:40000 SIP/2.0 503 Service Unavailable"));
    EXPECT_EQ(small.layer->counters().refused_requests, 2U);
}

TEST_F(TransactionLayerTest, ACopyThatCameByAnotherPathIsMerged) {
    rig.receive(rig.request("INVITE", kBranch));
    const auto first = rig.server;
    std::string copy = rig.request("INVITE", kBranch);
    copy.replace(copy.find("branch=z9hG4bKone"), 17, "branch=z9hG4bKtwo");
    rig.receive(copy);
    EXPECT_NE(rig.server, first);
    EXPECT_FALSE(rig.layer->is_merged(first));
    EXPECT_TRUE(rig.layer->is_merged(rig.server));
}

TEST_F(TransactionLayerTest, ARequestWithinADialogIsNeverMerged) {
    for (const char* branch : {"z9hG4bKone", "z9hG4bKtwo"}) {
        std::string bye = rig.request("BYE", branch);
        bye.replace(bye.find("To: <sip:1002@192.0.2.100>"), 26, "To: <sip:1002@192.0.2.100>;tag=ours");
        bye.replace(bye.find("call-of-z9hG4bK"), 18, "the-call");
        rig.receive(bye);
        EXPECT_FALSE(rig.layer->is_merged(rig.server));
    }
}

// Client side

TEST_F(TransactionLayerTest, NewBranchesHaveTheCookieAndDiffer) {
    const std::string branch = rig.layer->new_branch();
    EXPECT_THAT(branch, testing::StartsWith("z9hG4bK"));
    EXPECT_GE(branch.size(), 7U + 16U);
    EXPECT_NE(branch, rig.layer->new_branch());
}

TEST_F(TransactionLayerTest, AnInviteIsRepeatedSixTimesIn32SecondsThenTimesOut) {
    rig.send("INVITE");
    rig.pass(31999ms);
    EXPECT_THAT(rig.happened(), SizeIs(7));  // 0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5 s
    rig.pass(1ms);
    EXPECT_THAT(rig.happened(), ElementsAre("timeout"));
    EXPECT_EQ(rig.layer->size(), 0U);
    EXPECT_EQ(rig.layer->counters().retransmitted_requests, 6U);
}

TEST_F(TransactionLayerTest, ANonInviteIsRepeatedTenTimesIn32SecondsThenTimesOut) {
    rig.send("OPTIONS");
    rig.pass(31999ms);
    EXPECT_THAT(rig.happened(), SizeIs(11));  // 0, 0.5, 1.5, 3.5, 7.5 ... 31.5 s
    rig.pass(1ms);
    EXPECT_THAT(rig.happened(), ElementsAre("timeout"));
    EXPECT_EQ(rig.layer->size(), 0U);
}

TEST_F(TransactionLayerTest, Reliable_RequestsAreSentOnceAndTimeOutAfter32Seconds) {
    over_tcp();
    for (const char* method : {"INVITE", "OPTIONS"}) {
        rig.send(method);
        rig.pass(31999ms);
        EXPECT_THAT(rig.happened(), SizeIs(1));
        rig.pass(1ms);
        EXPECT_THAT(rig.happened(), ElementsAre("timeout"));
    }
}

TEST_F(TransactionLayerTest, AProvisionalStopsTheRetransmissionsOfAnInviteForGood) {
    rig.send("INVITE");
    rig.receive(rig.response(100));
    rig.receive(rig.response(180));
    (void)rig.happened();
    rig.pass(180s);
    EXPECT_THAT(rig.happened(), IsEmpty());
    EXPECT_EQ(rig.layer->size(), 1U);
}

TEST_F(TransactionLayerTest, ARefusalIsAcknowledgedEachTimeItComesAndPassedUpOnce) {
    rig.send("INVITE");
    rig.receive(rig.response(486));
    rig.receive(rig.response(486));
    EXPECT_THAT(rig.happened(), ElementsAre("send 192.0.2.1:40000 INVITE", "send 192.0.2.1:40000 ACK",
                                            "response 486", "send 192.0.2.1:40000 ACK"));
    rig.pass(32s);
    EXPECT_EQ(rig.layer->size(), 0U);
}

// RFC 3261 17.1.1.3
TEST_F(TransactionLayerTest, TheAckOfARefusalIsMadeOfTheInviteAndTheToOfTheResponse) {
    rig.send("INVITE");
    const std::string invite_bytes = rig.sent_request;
    rig.receive(rig.response(486, "theirs"));
    const auto ack = Message::parse(rig.sent_bytes).value();
    const auto invite = Message::parse(invite_bytes).value();
    EXPECT_EQ(ack.method(), Method::Ack);
    EXPECT_EQ(ack.request_uri(), invite.request_uri());
    for (const HeaderName name : {HeaderName::Via, HeaderName::From, HeaderName::CallId, HeaderName::Route}) {
        EXPECT_EQ(ack.header(name), invite.header(name)) << name_of(name);
        EXPECT_EQ(ack.list(name).size(), 1U);
    }
    EXPECT_EQ(ack.to()->tag(), "theirs");
    EXPECT_EQ(ack.header(HeaderName::CSeq), "31 ACK");
    EXPECT_EQ(ack.defect(), std::nullopt);
}

TEST_F(TransactionLayerTest, Every2xxOfAnInviteIsPassedUpFor32SecondsAndThenStrays) {
    rig.send("INVITE");
    rig.receive(rig.response(200));
    rig.pass(31999ms);
    rig.receive(rig.response(200));
    EXPECT_THAT(rig.happened(), ElementsAre("send 192.0.2.1:40000 INVITE", "response 200", "response 200"));
    rig.pass(1ms);
    rig.receive(rig.response(200));
    EXPECT_THAT(rig.happened(), ElementsAre("stray 200"));
    EXPECT_EQ(rig.layer->size(), 0U);
}

TEST_F(TransactionLayerTest, ANonInviteResponseIsPassedUpOnceAndRepetitionsAreAbsorbedForT4) {
    rig.send("OPTIONS");
    rig.receive(rig.response(200));
    rig.receive(rig.response(200));
    rig.pass(4999ms);
    rig.receive(rig.response(200));
    EXPECT_THAT(rig.happened(), ElementsAre("send 192.0.2.1:40000 OPTIONS", "response 200"));
    rig.pass(1ms);
    EXPECT_EQ(rig.layer->size(), 0U);
}

TEST_F(TransactionLayerTest, CancelIsATransactionOfItsOwnOnTheBranchOfItsInvite) {
    const auto invite = rig.send("INVITE", kBranch);
    rig.receive(rig.response(180));
    const std::string invite_response = rig.response(487);
    const auto cancel = rig.send("CANCEL", kBranch);
    EXPECT_NE(cancel, invite);
    (void)rig.happened();
    rig.receive(rig.response(200));
    EXPECT_THAT(rig.happened(), ElementsAre("response 200"));
    rig.receive(invite_response);
    EXPECT_THAT(rig.happened(), ElementsAre("send 192.0.2.1:40000 ACK", "response 487 to another"));
}

TEST_F(TransactionLayerTest, AResponseMustMatchBranchAndMethod) {
    rig.send("OPTIONS");
    std::string other = rig.response(200);
    other.replace(other.find("31 OPTIONS"), 10, "31 MESSAGE");
    rig.receive(other);
    other = rig.response(200);
    other.replace(other.find("z9hG4bK") + 7, 3, "zzz");
    rig.receive(other);
    EXPECT_THAT(rig.happened(), ElementsAre("send 192.0.2.1:40000 OPTIONS", "stray 200", "stray 200"));
    EXPECT_EQ(rig.layer->counters().stray_responses, 2U);
}

TEST_F(TransactionLayerTest, ABrokenResponseIsDropped) {
    rig.send("OPTIONS");
    (void)rig.happened();
    std::string broken = rig.response(200);
    broken.replace(broken.find("Call-ID:"), 8, "Xall-ID:");
    rig.receive(broken);
    EXPECT_THAT(rig.happened(), IsEmpty());
    EXPECT_EQ(rig.layer->counters().unusable_messages, 1U);
}

TEST_F(TransactionLayerTest, ALostConnectionFailsWhatWaitsOnItAndNothingElse) {
    over_tcp();
    const auto first = rig.send("INVITE");
    Flow lost = rig.flow;
    rig.flow.remote.port = 40001;
    rig.flow.connection = 6;
    rig.send("OPTIONS");
    (void)rig.happened();
    rig.client = first;
    rig.layer->flow_lost(lost, rig.now);
    EXPECT_THAT(rig.happened(), ElementsAre("flow lost"));
    EXPECT_EQ(rig.layer->size(), 1U);
}

TEST_F(TransactionLayerTest, ARequestSentWithoutAConnectionFailsWithTheOneThatWasOpenedForIt) {
    over_tcp();
    rig.flow.connection = 0;
    rig.send("INVITE");
    (void)rig.happened();
    Flow lost = rig.flow;
    lost.connection = 77;
    rig.layer->flow_lost(lost, rig.now);
    EXPECT_THAT(rig.happened(), ElementsAre("flow lost"));
}

// State as a value

/// A life of transactions of all kinds, cut into steps; each returns what happened.
std::vector<std::function<void(TransactionRig&)>> scenario() {
    return {
        [](TransactionRig& rig) { rig.receive(rig.request("INVITE", "z9hG4bKa")); },
        [](TransactionRig& rig) { rig.respond(180); },
        [](TransactionRig& rig) { rig.send("INVITE"); },
        [](TransactionRig& rig) { rig.pass(700ms); },
        [](TransactionRig& rig) { rig.receive(rig.response(180)); },
        [](TransactionRig& rig) { rig.receive(rig.request("INVITE", "z9hG4bKa")); },
        [](TransactionRig& rig) { rig.receive(rig.response(486)); },
        [](TransactionRig& rig) { rig.respond(486); },
        [](TransactionRig& rig) { rig.pass(2s); },
        [](TransactionRig& rig) { rig.receive(rig.response(486)); },
        [](TransactionRig& rig) { rig.receive(rig.request("ACK", "z9hG4bKa")); },
        [](TransactionRig& rig) { rig.send("OPTIONS"); },
        [](TransactionRig& rig) { rig.pass(1s); },
        [](TransactionRig& rig) { rig.receive(rig.response(200)); },
        [](TransactionRig& rig) { rig.receive(rig.request("REGISTER", "z9hG4bKb")); },
        [](TransactionRig& rig) { rig.respond(401); },
        [](TransactionRig& rig) { rig.receive(rig.request("REGISTER", "z9hG4bKb")); },
        [](TransactionRig& rig) { rig.receive(rig.request("INVITE", "z9hG4bKc")); },
        [](TransactionRig& rig) { rig.receive(rig.request("CANCEL", "z9hG4bKc")); },
        [](TransactionRig& rig) { rig.respond(487); },
        [](TransactionRig& rig) { rig.receive(rig.request("INVITE", "rfc2543")); },
        [](TransactionRig& rig) { rig.respond(200); },
        [](TransactionRig& rig) { rig.receive(rig.request("ACK", "z9hG4bKd")); },
        [](TransactionRig& rig) {
            rig.flow.transport = TransportKind::Tcp;
            rig.flow.connection = 9;
            rig.receive(rig.request("INVITE", "z9hG4bKe"));
        },
        [](TransactionRig& rig) { rig.send("MESSAGE"); },
        [](TransactionRig& rig) { rig.send("INVITE"); },
        [](TransactionRig& rig) { rig.receive(rig.response(200)); },
        [](TransactionRig& rig) { rig.layer->flow_lost(rig.flow, rig.now); },
        [](TransactionRig& rig) { rig.respond(603); },
        [](TransactionRig& rig) { rig.send("BYE"); },
        [](TransactionRig& rig) { rig.pass(3s); },
        [](TransactionRig& rig) { rig.pass(12s); },
        [](TransactionRig& rig) { rig.pass(60s); },
    };
}

TEST(TransactionLayerStateTest, SavedAndRestoredAtAnyStepItGoesOnIdentically) {
    const auto steps = scenario();
    TransactionRig reference;
    for (const auto& step : steps)
        step(reference);
    const auto expected = reference.happened();
    EXPECT_THAT(expected, Not(IsEmpty()));
    EXPECT_EQ(reference.layer->size(), 0U);

    for (std::size_t cut = 0; cut <= steps.size(); ++cut) {
        TransactionRig rig;
        for (std::size_t i = 0; i < steps.size(); ++i) {
            if (i == cut) rig.save_and_restore();
            steps[i](rig);
        }
        EXPECT_EQ(rig.happened(), expected) << "restored before step " << cut;
        EXPECT_EQ(rig.random.state, reference.random.state);
    }
}

TEST(TransactionLayerStateTest, BytesThatEndEarlyAreNoticed) {
    TransactionRig rig;
    rig.receive(rig.request("INVITE", kBranch));
    Archive archive;
    archive.put(*rig.layer);
    for (std::size_t size = 0; size < archive.bytes().size(); ++size) {
        TransactionRig other;
        ArchiveReader reader(std::string_view(archive.bytes()).substr(0, size));
        reader.get(*other.layer);
        EXPECT_FALSE(reader.ok()) << size;
    }
}

}  // namespace
}  // namespace almon::sip
