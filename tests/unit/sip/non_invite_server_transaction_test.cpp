// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/non_invite_server_transaction.hpp"

#include <gtest/gtest.h>

#include "base/archive.hpp"
#include "support/transaction_steps.hpp"

namespace almon::sip {
namespace {

using Request = NonInviteServerTransaction::Request;
using Respond = NonInviteServerTransaction::Respond;
using State = NonInviteServerTransaction::State;

class NonInviteServerTransactionTest : public testing::Test {
protected:
    std::string on(const NonInviteServerTransaction::Input& input) { return in_words(machine.on(input)); }
    std::string fire(Timer timer) { return on(TimerFired{timer}); }

    NonInviteServerTransaction machine{false};
};

TEST_F(NonInviteServerTransactionTest, TheRequestIsPassedUpOnceAndNothingIsSent) {
    EXPECT_EQ(on(Request{}), "pass request");
    EXPECT_EQ(machine.state(), State::Trying);
}

TEST_F(NonInviteServerTransactionTest, Trying_RetransmissionsAreDiscarded) {
    on(Request{});
    EXPECT_EQ(on(Request{}), "");
}

TEST_F(NonInviteServerTransactionTest, Proceeding_RetransmissionsGetTheLatestProvisionalAgain) {
    on(Request{});
    EXPECT_EQ(on(Respond{100}), "send response");
    EXPECT_EQ(machine.state(), State::Proceeding);
    EXPECT_EQ(on(Request{}), "send response");
    EXPECT_EQ(on(Respond{183}), "send response");
}

TEST_F(NonInviteServerTransactionTest, EveryFinalResponseStartsTimerJ) {
    for (const int status : {200, 302, 404, 503, 603}) {
        machine = NonInviteServerTransaction(false);
        on(Request{});
        EXPECT_EQ(on(Respond{status}), "send response; start J 32000ms") << status;
        EXPECT_EQ(machine.state(), State::Completed);
    }
}

TEST_F(NonInviteServerTransactionTest, Completed_RetransmissionsGetTheFinalResponseAgain) {
    on(Request{});
    on(Respond{200});
    EXPECT_EQ(on(Request{}), "send response");
    EXPECT_EQ(on(Request{}), "send response");
}

TEST_F(NonInviteServerTransactionTest, Completed_FurtherResponsesOfTheUserAreDiscarded) {
    on(Request{});
    on(Respond{200});
    EXPECT_EQ(on(Respond{404}), "");
    EXPECT_EQ(on(Respond{100}), "");
}

TEST_F(NonInviteServerTransactionTest, TimerJEndsIt) {
    on(Request{});
    EXPECT_EQ(fire(Timer::J), "");
    on(Respond{200});
    EXPECT_EQ(fire(Timer::J), "terminate");
    EXPECT_EQ(machine.state(), State::Terminated);
    EXPECT_EQ(on(Request{}), "");
}

TEST_F(NonInviteServerTransactionTest, Reliable_TimerJIsZero) {
    machine = NonInviteServerTransaction(true);
    on(Request{});
    EXPECT_EQ(on(Respond{200}), "send response; start J 0ms");
}

TEST_F(NonInviteServerTransactionTest, ABrokenFlowChangesNothing) {
    on(Request{});
    EXPECT_EQ(on(FlowBroken{}), "");
    EXPECT_EQ(machine.state(), State::Trying);
}

TEST_F(NonInviteServerTransactionTest, RestoredFromItsBytesItGoesOnTheSame) {
    on(Request{});
    on(Respond{183});
    Archive archive;
    archive.put(machine);
    ArchiveReader reader(archive.bytes());
    machine = reader.get<NonInviteServerTransaction>();
    EXPECT_TRUE(reader.ok() && reader.at_end());
    EXPECT_EQ(on(Request{}), "send response");
    EXPECT_EQ(on(Respond{200}), "send response; start J 32000ms");
}

}  // namespace
}  // namespace almon::sip
