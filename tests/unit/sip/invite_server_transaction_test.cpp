// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/invite_server_transaction.hpp"

#include <gtest/gtest.h>

#include "base/archive.hpp"
#include "support/transaction_steps.hpp"

namespace almon::sip {
namespace {

using Invite = InviteServerTransaction::Invite;
using Ack = InviteServerTransaction::Ack;
using Respond = InviteServerTransaction::Respond;
using State = InviteServerTransaction::State;

constexpr bool kUnreliable = false;
constexpr bool kReliable = true;

class InviteServerTransactionTest : public testing::Test {
protected:
    std::string on(const InviteServerTransaction::Input& input) { return in_words(machine.on(input)); }
    std::string fire(Timer timer) { return on(TimerFired{timer}); }

    InviteServerTransaction machine{kUnreliable};
};

TEST_F(InviteServerTransactionTest, TheInviteIsAnsweredWith100AndPassedUpOnce) {
    EXPECT_EQ(on(Invite{}), "pass request; send 100");
    EXPECT_EQ(machine.state(), State::Proceeding);
}

TEST_F(InviteServerTransactionTest, Proceeding_ARetransmittedInviteGetsTheLatestProvisionalAgain) {
    on(Invite{});
    EXPECT_EQ(on(Invite{}), "send response");
    EXPECT_EQ(on(Respond{180}), "send response");
    EXPECT_EQ(on(Invite{}), "send response");
    EXPECT_EQ(on(Respond{183}), "send response");
    EXPECT_EQ(machine.state(), State::Proceeding);
}

TEST_F(InviteServerTransactionTest, A2xxLeadsToAcceptedAndStartsTimerL) {
    on(Invite{});
    EXPECT_EQ(on(Respond{200}), "send response; start L 32000ms");
    EXPECT_EQ(machine.state(), State::Accepted);
}

TEST_F(InviteServerTransactionTest, Accepted_RetransmittedInvitesAreAbsorbed) {
    on(Invite{});
    on(Respond{200});
    EXPECT_EQ(on(Invite{}), "");
}

TEST_F(InviteServerTransactionTest, Accepted_TheUserRepeatsIts2xxThroughTheTransaction) {
    on(Invite{});
    on(Respond{200});
    EXPECT_EQ(on(Respond{200}), "send response");
    EXPECT_EQ(on(Respond{486}), "");
    EXPECT_EQ(on(Respond{180}), "");
}

TEST_F(InviteServerTransactionTest, Accepted_AMatchingAckIsPassedUp) {
    on(Invite{});
    on(Respond{200});
    EXPECT_EQ(on(Ack{}), "pass ACK");
    EXPECT_EQ(on(Ack{}), "pass ACK");
}

TEST_F(InviteServerTransactionTest, Accepted_TimerLEndsIt) {
    on(Invite{});
    on(Respond{200});
    EXPECT_EQ(fire(Timer::L), "terminate");
    EXPECT_EQ(machine.state(), State::Terminated);
}

TEST_F(InviteServerTransactionTest, ARefusalIsRepeatedByTimerGAtDoublingIntervalsUpToT2) {
    on(Invite{});
    EXPECT_EQ(on(Respond{486}), "send response; start G 500ms; start H 32000ms");
    EXPECT_EQ(fire(Timer::G), "send response; start G 1000ms");
    EXPECT_EQ(fire(Timer::G), "send response; start G 2000ms");
    EXPECT_EQ(fire(Timer::G), "send response; start G 4000ms");
    EXPECT_EQ(fire(Timer::G), "send response; start G 4000ms");
}

TEST_F(InviteServerTransactionTest, Completed_ARetransmittedInviteGetsTheRefusalAgain) {
    on(Invite{});
    on(Respond{404});
    EXPECT_EQ(on(Invite{}), "send response");
}

TEST_F(InviteServerTransactionTest, Completed_FurtherResponsesOfTheUserAreDiscarded) {
    on(Invite{});
    on(Respond{404});
    EXPECT_EQ(on(Respond{200}), "");
    EXPECT_EQ(on(Respond{500}), "");
    EXPECT_EQ(on(Respond{180}), "");
}

TEST_F(InviteServerTransactionTest, AckStopsTimersGAndHAndConfirmsWithoutBeingPassedUp) {
    on(Invite{});
    on(Respond{404});
    EXPECT_EQ(on(Ack{}), "stop G; stop H; start I 5000ms");
    EXPECT_EQ(machine.state(), State::Confirmed);
    EXPECT_EQ(on(Ack{}), "");
    EXPECT_EQ(on(Invite{}), "");
    EXPECT_EQ(fire(Timer::G), "");
    EXPECT_EQ(fire(Timer::H), "");
    EXPECT_EQ(fire(Timer::I), "terminate");
}

TEST_F(InviteServerTransactionTest, WithoutAckTimerHReportsATimeout) {
    on(Invite{});
    on(Respond{404});
    EXPECT_EQ(fire(Timer::H), "report timeout; terminate");
    EXPECT_EQ(machine.state(), State::Terminated);
}

TEST_F(InviteServerTransactionTest, Reliable_TimerGIsNotStartedAndTimerIIsZero) {
    machine = InviteServerTransaction(kReliable);
    on(Invite{});
    EXPECT_EQ(on(Respond{603}), "send response; start H 32000ms");
    EXPECT_EQ(on(Ack{}), "stop G; stop H; start I 0ms");
    EXPECT_EQ(fire(Timer::I), "terminate");
}

TEST_F(InviteServerTransactionTest, Reliable_AcceptedLastsAsLongAsOverUdp) {
    machine = InviteServerTransaction(kReliable);
    on(Invite{});
    EXPECT_EQ(on(Respond{200}), "send response; start L 32000ms");
}

TEST_F(InviteServerTransactionTest, AckBeforeAFinalResponseMeansNothing) {
    EXPECT_EQ(on(Ack{}), "");
    on(Invite{});
    EXPECT_EQ(on(Ack{}), "");
    EXPECT_EQ(machine.state(), State::Proceeding);
}

TEST_F(InviteServerTransactionTest, ABrokenFlowChangesNothing) {
    on(Invite{});
    EXPECT_EQ(on(FlowBroken{}), "");
    EXPECT_EQ(machine.state(), State::Proceeding);
    on(Respond{404});
    EXPECT_EQ(on(FlowBroken{}), "");
    EXPECT_EQ(machine.state(), State::Completed);
}

TEST_F(InviteServerTransactionTest, RestoredFromItsBytesItGoesOnTheSame) {
    on(Invite{});
    on(Respond{486});
    fire(Timer::G);
    Archive archive;
    archive.put(machine);
    ArchiveReader reader(archive.bytes());
    machine = reader.get<InviteServerTransaction>();
    EXPECT_TRUE(reader.ok() && reader.at_end());
    EXPECT_EQ(machine.state(), State::Completed);
    EXPECT_EQ(fire(Timer::G), "send response; start G 2000ms");
}

}  // namespace
}  // namespace almon::sip
