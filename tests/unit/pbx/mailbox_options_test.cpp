// SPDX-License-Identifier: GPL-3.0-or-later
// Greetings of one's own voice, and the password of a mailbox changed by telephone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/voicemail_office.hpp"

namespace almon::pbx {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class MailboxOptions : public test::VoicemailOffice {
protected:
    /// Bob has opened his mailbox and asked for what can be done with it.
    void bob_opens_options() {
        bob_listens();
        office.hear_all();
        type(bob, "0");
        EXPECT_THAT(office.hear_all(), ElementsAre("vm-options"));
    }
    void bob_speaks(std::string_view greeting) {
        type(bob, greeting);
        office.hear_all();
        type(bob, "1");
        EXPECT_THAT(office.hear_all(), ElementsAre("vm-greeting-record", "a tone"));
    }
    [[nodiscard]] media::MoveRecording moved() const {
        return office.recorder.all<media::MoveRecording>().back();
    }
};

TEST_F(MailboxOptions, CallersHearTheGreetingThatFitsBest) {
    const auto greeted = [&](std::set<std::string> greetings) {
        office.greetings = std::move(greetings);
        call_in_vain();
        auto heard = office.hear_all();
        office.hang_up(alice);
        end_recording(10ms);
        EXPECT_EQ(heard.back(), "a tone");
        return heard;
    };
    const std::string temp = "/voicemail/7/greetings/temp";
    const std::string busy = "/voicemail/7/greetings/busy";
    const std::string unavailable = "/voicemail/7/greetings/unavailable";
    EXPECT_THAT(greeted({temp, busy, unavailable}), ElementsAre(temp, "vm-instructions", "a tone"));
    EXPECT_THAT(greeted({busy, unavailable}), ElementsAre(busy, "vm-instructions", "a tone"));
    EXPECT_THAT(greeted({unavailable}), ElementsAre(unavailable, "vm-instructions", "a tone"));
    EXPECT_EQ(greeted({}).front(), "vm-person");
}

TEST_F(MailboxOptions, WhoDoesNotAnswerIsNotSaidToBeBusy) {
    office.greetings = {"/voicemail/7/greetings/busy"};
    alice = office.call("alice", "*971002");
    EXPECT_THAT(office.hear_all(), AllOf(Contains("vm-unavailable"), Not(Contains(HasSubstr("greetings")))));
}

TEST_F(MailboxOptions, AGreetingIsSpokenAndTakesThePlaceOfTheFormerOne) {
    bob_opens_options();
    bob_speaks("2");
    const auto record = office.recorder.all<media::Record>().back();
    EXPECT_THAT(record.path, HasSubstr("/voicemail/7/greetings/"));
    EXPECT_THAT(record.path, Not(HasSubstr("busy"))) << "the former one is there until this one is whole";
    type(bob, "5");
    EXPECT_THAT(office.recorder.all<media::StopRecording>(), IsEmpty()) << "only # ends it";
    type(bob, "#");
    end_recording();
    EXPECT_EQ(moved().from, record.path);
    EXPECT_EQ(moved().to, "/voicemail/7/greetings/busy.wav");
    EXPECT_THAT(office.hear_all(), ElementsAre("vm-greeting-saved", "vm-greeting-busy", "vm-greeting-keys"));
    office.greetings = {"/voicemail/7/greetings/busy"};
    type(bob, "2");
    EXPECT_THAT(office.hear_all(),
                ElementsAre("/voicemail/7/greetings/busy", "vm-greeting-busy", "vm-greeting-keys"));
    type(bob, "3");
    EXPECT_EQ(moved().from, "/voicemail/7/greetings/busy.wav");
    EXPECT_EQ(moved().to, "");
    EXPECT_THAT(office.hear_all(), ElementsAre("vm-greeting-erased", "vm-options"));
    EXPECT_EQ(counts().fresh + counts().old, 0U) << "it is no message";
}

TEST_F(MailboxOptions, OneThatIsNotThereSaysSo) {
    bob_opens_options();
    type(bob, "3");
    EXPECT_THAT(office.hear_all(), ElementsAre("vm-greeting-temp", "vm-greeting-keys"));
    type(bob, "2");
    EXPECT_THAT(office.hear_all(), ElementsAre("vm-greeting-none", "vm-greeting-temp", "vm-greeting-keys"));
}

TEST_F(MailboxOptions, WhoHangsUpOrSaysNothingKeepsTheFormerGreeting) {
    bob_opens_options();
    bob_speaks("1");
    type(bob, "#");
    end_recording(900ms);
    EXPECT_EQ(moved().to, "");
    EXPECT_EQ(office.hear_all().front(), "vm-too-short");
    type(bob, "1");
    office.hear_all();
    type(bob, "#");
    end_recording(3s, false);
    EXPECT_EQ(office.hear_all().front(), "not-possible") << "the disk is full";
    type(bob, "1");
    office.hear_all();
    office.hang_up(bob);
    end_recording(3s);
    EXPECT_EQ(moved().from, office.recorder.all<media::Record>().back().path);
    EXPECT_EQ(moved().to, "");
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(MailboxOptions, StarLeadsBackAndOtherKeysAskAgain) {
    leave_message();
    bob_opens_options();
    EXPECT_EQ(counts().old, 1U) << "the message was heard";
    type(bob, "9");
    EXPECT_THAT(office.hear_all(), ElementsAre("vm-options"));
    type(bob, "1");
    office.hear_all();
    type(bob, "7");
    EXPECT_THAT(office.hear_all(), ElementsAre("vm-greeting-unavailable", "vm-greeting-keys"));
    type(bob, "*");
    EXPECT_THAT(office.hear_all(), ElementsAre("vm-options"));
    type(bob, "*");
    EXPECT_EQ(office.hear_all().front(), "vm-youhave");
    type(bob, "0");
    office.hear_all();
    office.pass(10s);
    EXPECT_THAT(office.hear_all(), ElementsAre("goodbye"));
}

TEST_F(MailboxOptions, ThePasswordIsChangedByTypingItTwice) {
    bob_opens_options();
    type(bob, "5");
    EXPECT_THAT(office.hear_all(), ElementsAre("vm-new-password"));
    type(bob, "777#");
    EXPECT_THAT(office.hear_all(), ElementsAre("vm-password-again"));
    type(bob, "778#");
    EXPECT_THAT(office.hear_all(), ElementsAre("vm-password-differs", "vm-options"));
    type(bob, "5");
    type(bob, "777#");
    type(bob, "777#");
    EXPECT_EQ(office.make_changes(), 1U);
    EXPECT_THAT(office.hear_all(), ElementsAre("vm-password-on"));
    EXPECT_EQ(office.snapshot->find(box.id)->password, "777");
    EXPECT_THAT(office.why("SIP/bob-00000001"), Not(HasSubstr("777")));
    bob = office.call("bob", "*98");
    type(bob, "777#");
    EXPECT_EQ(office.hear_all().front(), "vm-no-messages");
}

TEST_F(MailboxOptions, APasswordIsNotTakenAway) {
    bob_opens_options();
    type(bob, "5");
    type(bob, "#");
    EXPECT_EQ(office.make_changes(), 0U);
    EXPECT_EQ(office.snapshot->find(box.id)->password, "42");
}

}  // namespace
}  // namespace almon::pbx
