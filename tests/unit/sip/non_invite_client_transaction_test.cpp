// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/non_invite_client_transaction.hpp"

#include <gtest/gtest.h>

#include "base/archive.hpp"
#include "support/transaction_steps.hpp"

namespace almon::sip {
namespace {

using Send = NonInviteClientTransaction::Send;
using Response = NonInviteClientTransaction::Response;
using State = NonInviteClientTransaction::State;

class NonInviteClientTransactionTest : public testing::Test {
protected:
    std::string on(const NonInviteClientTransaction::Input& input) { return in_words(machine.on(input)); }
    std::string fire(Timer timer) { return on(TimerFired{timer}); }

    NonInviteClientTransaction machine{false};
};

TEST_F(NonInviteClientTransactionTest, SendingStartsTimersEAndF) {
    EXPECT_EQ(on(Send{}), "send request; start E 500ms; start F 32000ms");
    EXPECT_EQ(machine.state(), State::Trying);
}

TEST_F(NonInviteClientTransactionTest, Trying_TimerERepeatsTheRequestAtDoublingIntervalsUpToT2) {
    on(Send{});
    EXPECT_EQ(fire(Timer::E), "send request; start E 1000ms");
    EXPECT_EQ(fire(Timer::E), "send request; start E 2000ms");
    EXPECT_EQ(fire(Timer::E), "send request; start E 4000ms");
    EXPECT_EQ(fire(Timer::E), "send request; start E 4000ms");
}

TEST_F(NonInviteClientTransactionTest, Proceeding_TimerERepeatsTheRequestEveryT2) {
    on(Send{});
    EXPECT_EQ(on(Response{100}), "pass response");
    EXPECT_EQ(machine.state(), State::Proceeding);
    EXPECT_EQ(fire(Timer::E), "send request; start E 4000ms");
    EXPECT_EQ(fire(Timer::E), "send request; start E 4000ms");
}

TEST_F(NonInviteClientTransactionTest, TimerFReportsATimeoutInTryingAndInProceeding) {
    on(Send{});
    EXPECT_EQ(fire(Timer::F), "report timeout; terminate");
    machine = NonInviteClientTransaction(false);
    on(Send{});
    on(Response{183});
    EXPECT_EQ(fire(Timer::F), "report timeout; terminate");
}

TEST_F(NonInviteClientTransactionTest, EveryFinalResponseIsPassedUpOnce) {
    for (const int status : {200, 302, 401, 503, 606}) {
        machine = NonInviteClientTransaction(false);
        on(Send{});
        EXPECT_EQ(on(Response{status}), "stop E; stop F; start K 5000ms; pass response") << status;
        EXPECT_EQ(on(Response{status}), "");
        EXPECT_EQ(fire(Timer::E), "");
        EXPECT_EQ(fire(Timer::F), "");
        EXPECT_EQ(fire(Timer::K), "terminate");
    }
}

TEST_F(NonInviteClientTransactionTest, Reliable_TimerEIsNotStartedAndTimerKIsZero) {
    machine = NonInviteClientTransaction(true);
    EXPECT_EQ(on(Send{}), "send request; start F 32000ms");
    EXPECT_EQ(on(Response{200}), "stop F; start K 0ms; pass response");
}

TEST_F(NonInviteClientTransactionTest, ABrokenFlowFailsItBeforeTheFinalResponse) {
    on(Send{});
    EXPECT_EQ(on(FlowBroken{}), "report flow lost; terminate");
    machine = NonInviteClientTransaction(true);
    on(Send{});
    on(Response{200});
    EXPECT_EQ(on(FlowBroken{}), "terminate");
}

TEST_F(NonInviteClientTransactionTest, RestoredFromItsBytesItGoesOnTheSame) {
    on(Send{});
    fire(Timer::E);
    Archive archive;
    archive.put(machine);
    ArchiveReader reader(archive.bytes());
    machine = reader.get<NonInviteClientTransaction>();
    EXPECT_TRUE(reader.ok() && reader.at_end());
    EXPECT_EQ(fire(Timer::E), "send request; start E 2000ms");
}

}  // namespace
}  // namespace almon::sip
