// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/invite_client_transaction.hpp"

#include <gtest/gtest.h>

#include "base/archive.hpp"
#include "support/transaction_steps.hpp"

namespace almon::sip {
namespace {

using Send = InviteClientTransaction::Send;
using Response = InviteClientTransaction::Response;
using State = InviteClientTransaction::State;

class InviteClientTransactionTest : public testing::Test {
protected:
    std::string on(const InviteClientTransaction::Input& input) { return in_words(machine.on(input)); }
    std::string fire(Timer timer) { return on(TimerFired{timer}); }

    InviteClientTransaction machine{false};
};

TEST_F(InviteClientTransactionTest, SendingStartsTimersAAndB) {
    EXPECT_EQ(on(Send{}), "send request; start A 500ms; start B 32000ms");
    EXPECT_EQ(machine.state(), State::Calling);
}

TEST_F(InviteClientTransactionTest, Calling_TimerARepeatsTheInviteAtDoublingIntervalsWithoutACeiling) {
    on(Send{});
    EXPECT_EQ(fire(Timer::A), "send request; start A 1000ms");
    EXPECT_EQ(fire(Timer::A), "send request; start A 2000ms");
    EXPECT_EQ(fire(Timer::A), "send request; start A 4000ms");
    EXPECT_EQ(fire(Timer::A), "send request; start A 8000ms");
    EXPECT_EQ(fire(Timer::A), "send request; start A 16000ms");
}

TEST_F(InviteClientTransactionTest, Calling_TimerBReportsATimeout) {
    on(Send{});
    EXPECT_EQ(fire(Timer::B), "report timeout; terminate");
    EXPECT_EQ(machine.state(), State::Terminated);
}

TEST_F(InviteClientTransactionTest, AProvisionalStopsRetransmissionsAndTheTimeout) {
    on(Send{});
    EXPECT_EQ(on(Response{100}), "stop A; stop B; pass response");
    EXPECT_EQ(machine.state(), State::Proceeding);
    EXPECT_EQ(fire(Timer::A), "");
    EXPECT_EQ(fire(Timer::B), "");
    EXPECT_EQ(on(Response{180}), "pass response");
}

TEST_F(InviteClientTransactionTest, A2xxLeadsToAcceptedAndIsNotAcknowledgedHere) {
    on(Send{});
    EXPECT_EQ(on(Response{200}), "stop A; stop B; start M 32000ms; pass response");
    EXPECT_EQ(machine.state(), State::Accepted);
}

TEST_F(InviteClientTransactionTest, Accepted_Every2xxIsPassedUpAndNothingElse) {
    on(Send{});
    on(Response{180});
    EXPECT_EQ(on(Response{200}), "start M 32000ms; pass response");
    EXPECT_EQ(on(Response{200}), "pass response");
    EXPECT_EQ(on(Response{202}), "pass response");
    EXPECT_EQ(on(Response{180}), "");
    EXPECT_EQ(on(Response{486}), "");
}

TEST_F(InviteClientTransactionTest, Accepted_TimerMEndsIt) {
    on(Send{});
    on(Response{200});
    EXPECT_EQ(fire(Timer::M), "terminate");
    EXPECT_EQ(on(Response{200}), "");
}

TEST_F(InviteClientTransactionTest, ARefusalIsAcknowledgedAndPassedUpOnce) {
    on(Send{});
    EXPECT_EQ(on(Response{486}), "stop A; stop B; send ACK; start D 32000ms; pass response");
    EXPECT_EQ(machine.state(), State::Completed);
    EXPECT_EQ(on(Response{486}), "send ACK");
    EXPECT_EQ(on(Response{486}), "send ACK");
    EXPECT_EQ(fire(Timer::D), "terminate");
}

TEST_F(InviteClientTransactionTest, ARefusalAfterRingingIsAcknowledged) {
    on(Send{});
    on(Response{180});
    EXPECT_EQ(on(Response{603}), "send ACK; start D 32000ms; pass response");
}

TEST_F(InviteClientTransactionTest, Completed_ProvisionalsAnd2xxAreIgnored) {
    on(Send{});
    on(Response{486});
    EXPECT_EQ(on(Response{180}), "");
    EXPECT_EQ(on(Response{200}), "");
}

TEST_F(InviteClientTransactionTest, Reliable_TimerAIsNotStartedAndTimerDIsZero) {
    machine = InviteClientTransaction(true);
    EXPECT_EQ(on(Send{}), "send request; start B 32000ms");
    EXPECT_EQ(on(Response{404}), "stop B; send ACK; start D 0ms; pass response");
    EXPECT_EQ(fire(Timer::D), "terminate");
}

TEST_F(InviteClientTransactionTest, ABrokenFlowFailsItBeforeTheFinalResponse) {
    on(Send{});
    EXPECT_EQ(on(FlowBroken{}), "report flow lost; terminate");
    machine = InviteClientTransaction(true);
    on(Send{});
    on(Response{180});
    EXPECT_EQ(on(FlowBroken{}), "report flow lost; terminate");
}

TEST_F(InviteClientTransactionTest, ABrokenFlowAfterTheFinalResponseIsNotReported) {
    on(Send{});
    on(Response{486});
    EXPECT_EQ(on(FlowBroken{}), "terminate");
    machine = InviteClientTransaction(true);
    on(Send{});
    on(Response{200});
    EXPECT_EQ(on(FlowBroken{}), "");
    EXPECT_EQ(machine.state(), State::Accepted);
}

TEST_F(InviteClientTransactionTest, ItIsSentOnce) {
    EXPECT_EQ(on(Response{200}), "");
    on(Send{});
    EXPECT_EQ(on(Send{}), "");
}

TEST_F(InviteClientTransactionTest, RestoredFromItsBytesItGoesOnTheSame) {
    on(Send{});
    fire(Timer::A);
    Archive archive;
    archive.put(machine);
    ArchiveReader reader(archive.bytes());
    machine = reader.get<InviteClientTransaction>();
    EXPECT_TRUE(reader.ok() && reader.at_end());
    EXPECT_EQ(fire(Timer::A), "send request; start A 2000ms");
}

}  // namespace
}  // namespace almon::sip
