// SPDX-License-Identifier: GPL-3.0-or-later
// Messages that callers leave, and what their user does with them.
#include "model/voicemail.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/feature_code.hpp"
#include "support/destinations.hpp"
#include "support/voicemail_office.hpp"

namespace almon::pbx {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Voicemail = test::VoicemailOffice;

TEST_F(Voicemail, WhoIsNotReachedHearsTheGreetingAndTheBeepAndIsRecorded) {  // ADB-209
    call_in_vain();
    EXPECT_EQ(office.phones.count("answer"), 1U);
    EXPECT_THAT(office.hear_all(), ElementsAre("vm-person", "digits/1", "digits/0", "digits/0", "digits/2",
                                               "vm-busy", "vm-instructions", "a tone"));
    const auto records = office.recorder.all<media::Record>();
    ASSERT_EQ(records.size(), 1U);
    EXPECT_EQ(records[0].path, "/voicemail/7/new/1448037433-1-1001.wav");
    EXPECT_EQ(records[0].leg, office.recorder.leg_at(office.port_of(alice)));
    EXPECT_FALSE(office.core->idle());
    type(alice, "5");
    EXPECT_THAT(office.recorder.all<media::StopRecording>(), IsEmpty()) << "only # ends it";
    type(alice, "#");
    EXPECT_FALSE(office.phones.ended.contains(alice)) << "it is not on the disk yet";
    end_recording();
    EXPECT_THAT(office.hear_all(), ElementsAre("vm-saved"));
    EXPECT_EQ(office.phones.ended.at(alice), Cause::NormalClearing);
    EXPECT_EQ(counts().fresh, 1U);
    EXPECT_THAT(office.phones.mailboxes, ElementsAre(box.id));
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(Voicemail, WhoHangsUpHasLeftTheMessage) {
    leave_message();
    EXPECT_EQ(counts().fresh, 1U);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(Voicemail, WhoSaysNothingHasLeftNone) {
    call_in_vain();
    office.hear_all();
    office.hang_up(alice);
    end_recording(999ms);
    EXPECT_EQ(counts().fresh, 0U);
    const auto moves = office.recorder.all<media::MoveRecording>();
    ASSERT_EQ(moves.size(), 1U);
    EXPECT_EQ(moves[0].to, "");
}

TEST_F(Voicemail, AFullDiskIsNotKeptSecret) {
    call_in_vain();
    office.hear_all();
    type(alice, "#");
    end_recording(3s, false);
    EXPECT_THAT(office.hear_all(), ElementsAre("not-possible"));
    EXPECT_EQ(counts().fresh, 0U);
}

TEST_F(Voicemail, AMessageHasAnEnd) {
    call_in_vain();
    office.hear_all();
    office.pass(10min);
    end_recording(10min);
    EXPECT_THAT(office.hear_all(), ElementsAre("vm-saved"));
}

TEST_F(Voicemail, AFullMailboxTakesNoMore) {  // API-115
    box.max_messages = 1;
    save();
    leave_message();
    call_in_vain();
    EXPECT_THAT(office.hear_all(), ElementsAre("vm-full"));
    EXPECT_EQ(office.recorder.all<media::Record>().size(), 1U);
}

TEST_F(Voicemail, IsADestinationWithAGreetingOfItsOwn) {  // API-097
    auto to = test::to("voicemail", box.id);
    to.greeting = "unavailable";
    to.skip_instructions = true;
    auto carol = office.user(3);
    carol.fallback_busy = to;
    office.configure([&](model::SnapshotBuilder& builder) { builder.put(carol); });
    office.call("alice", "1003");
    office.refuse(office.invited(0), Cause::UserBusy);
    EXPECT_THAT(office.hear_all(), ElementsAre("vm-person", "digits/1", "digits/0", "digits/0", "digits/2",
                                               "vm-unavailable", "a tone"));
}

TEST_F(Voicemail, OneThatIsSwitchedOffTakesNothing) {  // ADB-211
    box.enabled = false;
    save();
    call_in_vain();
    EXPECT_EQ(office.phones.ended.at(alice), Cause::UserBusy);
}

TEST_F(Voicemail, IsListenedToBehindAPassword) {
    leave_message();
    bob = office.call("bob", "*98");
    EXPECT_THAT(office.hear_all(), ElementsAre("password"));
    type(bob, "41#");
    EXPECT_THAT(office.hear_all(), ElementsAre("password-wrong", "password"));
    type(bob, "42#");
    EXPECT_THAT(office.hear_all(), ElementsAre("vm-youhave", "digits/1", "vm-new-messages", "vm-message",
                                               "digits/1", "vm-from", "digits/1", "digits/0", "digits/0",
                                               "digits/1", "/voicemail/7/new/1448037433-1-1001", "vm-keys"));
    type(bob, "#");
    EXPECT_THAT(office.hear_all(), ElementsAre("goodbye"));
    EXPECT_TRUE(office.phones.ended.contains(bob));
    EXPECT_EQ(counts().fresh, 0U);
    EXPECT_EQ(counts().old, 1U);
    const auto moves = office.recorder.all<media::MoveRecording>();
    ASSERT_EQ(moves.size(), 1U);
    EXPECT_EQ(moves[0].from, "/voicemail/7/new/1448037433-1-1001.wav");
    EXPECT_EQ(moves[0].to, "/voicemail/7/old/1448037433-1-1001.wav");
    EXPECT_THAT(office.why("SIP/bob-00000003"), testing::Not(HasSubstr("42")));
}

TEST_F(Voicemail, WithoutAPasswordOrWhereItIsNotAskedForItOpensAtOnce) {  // ADB-213
    leave_message();
    box.ask_password = false;
    save();
    bob = office.call("bob", "*98");
    EXPECT_EQ(office.hear_all().front(), "vm-youhave");
}

TEST_F(Voicemail, KeysLeadThroughTheMessages) {
    leave_message();
    office.pass(60s);
    leave_message();
    bob_listens();
    EXPECT_THAT(office.hear_all(), testing::Contains("/voicemail/7/new/1448037433-1-1001"));
    type(bob, "6");
    EXPECT_THAT(office.hear_all(), testing::Contains(HasSubstr("new/1448037493-2-1001")));
    type(bob, "4");
    EXPECT_THAT(office.hear_all(), testing::Contains("/voicemail/7/old/1448037433-1-1001")) << "it was heard";
    type(bob, "7");
    EXPECT_THAT(office.hear_all(), testing::AllOf(testing::Contains("vm-deleted"),
                                                  testing::Contains(HasSubstr("1448037493-2"))));
    EXPECT_EQ(office.recorder.all<media::MoveRecording>().back().to, "");
    type(bob, "6");
    EXPECT_THAT(office.hear_all(), ElementsAre("vm-no-more", "vm-options-key"));
    type(bob, "4");
    EXPECT_THAT(office.hear_all(), testing::Contains(HasSubstr("1448037493-2")));
    type(bob, "6");
    office.hear_all();
    office.pass(10s);
    EXPECT_THAT(office.hear_all(), ElementsAre("goodbye"));
    EXPECT_TRUE(office.phones.ended.contains(bob));
    EXPECT_EQ(counts().old, 1U);
}

TEST_F(Voicemail, AnEmptyMailboxAndNoneAtAllSaySo) {
    bob_listens();
    EXPECT_THAT(office.hear_all(), ElementsAre("vm-no-messages", "vm-options-key"));
    type(bob, "6");
    EXPECT_THAT(office.hear_all(), ElementsAre("goodbye"));
    office.call("carol", "*98");
    EXPECT_THAT(office.hear_all(), ElementsAre("not-possible"));
}

TEST_F(Voicemail, OthersReachItByItsNumber) {  // ADB-213, ADB-214
    leave_message();
    office.configure([](model::SnapshotBuilder& builder) {
        auto code = *builder.so_far().find(model::FeatureCodeId{28});
        code.enabled = true;
        builder.put(code);
    });
    const auto carol = office.call("carol", "*991002");
    EXPECT_THAT(office.hear_all(), ElementsAre("password"));
    type(carol, "42#");
    EXPECT_EQ(office.hear_all().front(), "vm-youhave");
    office.call("carol", "*971002");
    EXPECT_EQ(office.hear_all().front(), "vm-person") << "straight to the mailbox";
}

TEST_F(Voicemail, FromOutsideItsNumberAndItsPasswordAreAskedFor) {  // ADB-008, ADB-215
    box.ask_password = false;
    save();
    leave_message();
    model::Destination access;
    access.type = "application";
    access.action = "voicemail";
    access.context = "default";
    auto carols = office.user(3);
    carols.fallback_busy = access;
    office.configure([&](model::SnapshotBuilder& builder) { builder.put(carols); });
    const auto calls = [&](std::string_view number) {
        alice = office.call("alice", "1003");
        office.refuse(office.invited(office.phones.invited.size() - 1), Cause::UserBusy);
        EXPECT_THAT(office.hear_all(), ElementsAre("vm-number"));
        type(alice, number);
        EXPECT_THAT(office.hear_all(), ElementsAre("password"));
    };
    calls("1002#");
    type(alice, "42#");
    EXPECT_EQ(office.hear_all().front(), "vm-youhave");
    office.hang_up(alice);
    calls("7777#");
    for (int tries = 0; tries < 3; ++tries) {
        type(alice, "42#");
        EXPECT_EQ(office.hear_all().front(), "password-wrong") << "as if there were such a mailbox";
    }
    EXPECT_TRUE(office.phones.ended.contains(alice));
    box.password.clear();
    save();
    calls("1002#");
    type(alice, "#");
    EXPECT_EQ(office.hear_all().front(), "password-wrong") << "without a password it stays closed";
}

TEST_F(Voicemail, AllMessagesAreErasedAtOnce) {  // API-129
    leave_message();
    bob = office.call("bob", "*92");
    EXPECT_THAT(office.hear_all(), ElementsAre("password"));
    type(bob, "42#");
    EXPECT_THAT(office.hear_all(), ElementsAre("vm-purged"));
    EXPECT_EQ(counts().fresh, 0U);
    EXPECT_EQ(office.recorder.all<media::MoveRecording>().back().to, "");
}

TEST_F(Voicemail, MessagesGoWithTheVoicemail) {  // ADB-212
    leave_message();
    office.configure([&](model::SnapshotBuilder& builder) { builder.erase(box.id); });
    const auto moves = office.recorder.all<media::MoveRecording>();
    ASSERT_EQ(moves.size(), 1U);
    EXPECT_EQ(moves[0].from, "/voicemail/7");
    EXPECT_EQ(counts().fresh, 0U);
}

TEST(VoiceMessage, IsToldByTheNameOfItsFile) {
    const auto made = VoiceMessage::make(UtcTime{1'448'037'433s}, 12, "+33/../1 a");
    EXPECT_EQ(made.file, "1448037433-12-+331");
    EXPECT_EQ(VoiceMessage::named(made.file), made);
    for (const auto* other : {"", "x", "1", "1-", "1-2", "1-2-../x", "-1-2-3", "1-2-3a", "01-2-3"})
        EXPECT_FALSE(VoiceMessage::named(other)) << other;
    EXPECT_TRUE(VoiceMessage::named("1-2-"));
}

TEST_F(Voicemail, ProgramsMoveAndEraseMessagesAndTheLightsFollow) {  // API-144
    leave_message();
    leave_message();
    const auto [first, second] = std::pair(office.core->mailbox(box.id).fresh.at(0).file,
                                           office.core->mailbox(box.id).fresh.at(1).file);
    const auto order = [&](auto work) { return office.order(work); };
    office.phones.mailboxes.clear();
    EXPECT_TRUE(order([&](CallCore& core) { return core.move_message(box.id, first, false); }));
    EXPECT_EQ(office.recorder.all<media::MoveRecording>().back().to, "/voicemail/7/old/" + first + ".wav");
    EXPECT_EQ(counts().fresh, 1U);
    EXPECT_EQ(counts().old, 1U);
    EXPECT_THAT(office.phones.mailboxes, ElementsAre(box.id));
    EXPECT_TRUE(order([&](CallCore& core) { return core.move_message(box.id, first, false); }));
    EXPECT_THAT(office.phones.mailboxes, ElementsAre(box.id)) << "it is there already";
    EXPECT_TRUE(order([&](CallCore& core) { return core.move_message(box.id, first, true); }));
    EXPECT_THAT(office.core->mailbox(box.id).fresh, ElementsAre(testing::Field(&VoiceMessage::file, first),
                                                                testing::Field(&VoiceMessage::file, second)))
        << "it stands where it came";
    EXPECT_TRUE(order([&](CallCore& core) { return core.erase_message(box.id, first); }));
    EXPECT_EQ(office.recorder.all<media::MoveRecording>().back().to, "");
    for (const auto& name : {first, std::string("../new/") + second, std::string()}) {
        const auto moved = order([&](CallCore& core) { return core.move_message(box.id, name, false); });
        const auto erased = order([&](CallCore& core) { return core.erase_message(box.id, name); });
        EXPECT_EQ(moved.error().code, ErrorCode::NotFound);
        EXPECT_EQ(erased.error().code, ErrorCode::NotFound);
    }
    EXPECT_EQ(counts().fresh, 1U);
}

TEST_F(Voicemail, WhatHappensToAMessageIsTold) {  // API-021
    const auto told = [&] {
        std::vector<bus::VoiceMessageChanged> changes;
        for (const auto& event : std::exchange(office.events.events, {})) {
            if (const auto* changed = std::get_if<bus::VoiceMessageChanged>(&event))
                changes.push_back(*changed);
        }
        return changes;
    };
    leave_message();
    auto changes = told();
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].change, bus::MessageChange::Created);
    EXPECT_EQ(changes[0].voicemail, box.id.value);
    EXPECT_EQ(changes[0].caller, "1001");
    EXPECT_EQ(changes[0].length, 3s);
    EXPECT_TRUE(changes[0].fresh);
    bob_listens();
    office.hear_all();
    type(bob, "5");
    changes = told();
    ASSERT_EQ(changes.size(), 1U) << "it was heard";
    EXPECT_EQ(changes[0].change, bus::MessageChange::Updated);
    EXPECT_FALSE(changes[0].fresh);
    office.hear_all();
    type(bob, "7");
    changes = told();
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].change, bus::MessageChange::Deleted);
    EXPECT_EQ(changes[0].length, 3s);
}

}  // namespace
}  // namespace almon::pbx
