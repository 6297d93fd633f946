// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/paging.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/call_office.hpp"

namespace almon::pbx {
namespace {

using namespace std::chrono_literals;
using model::UserId;
using test::CallOffice;
using testing::ElementsAre;
using testing::IsEmpty;

/// *11601 pages Bob and Carol.
class Paging : public testing::Test {
protected:
    Paging() {
        paging.id = model::PagingId{1};
        paging.number = "601";
        paging.name = "workshop";
        paging.caller_notification = false;
        paging.members = {UserId{2}, UserId{3}};
        save();
    }
    void save() {
        office.configure([&](model::SnapshotBuilder& builder) { builder.put(paging); });
    }
    /// How the channel was last put into a room; none: it was not.
    std::optional<media::EnterRoom> entered(ChannelId channel) {
        std::optional<media::EnterRoom> last;
        const auto leg = office.recorder.leg_at(office.port_of(channel));
        for (const auto& enter : office.recorder.all<media::EnterRoom>()) {
            if (enter.leg == leg) last = enter;
        }
        return last;
    }
    bool is_over(ChannelId channel) const { return office.phones.ended.contains(channel); }
    void expect_nothing_left() {
        office.settle_media();
        EXPECT_TRUE(office.core->idle());
    }

    CallOffice office;
    model::Paging paging;
};

TEST_F(Paging, AllPhonesAreAskedToAnswerAndHearWhoSpeaks) {  // ADB-079
    const auto alice = office.call("alice", "*11601");
    ASSERT_EQ(office.phones.invited.size(), 2U);
    for (const auto& [channel, call] : office.phones.invited) {
        EXPECT_TRUE(call.answers_itself);
        EXPECT_EQ(call.caller.number, "1001");
    }
    const auto bob = office.invited(0);
    const auto carol = office.invited(1);
    ASSERT_TRUE(entered(alice));
    EXPECT_FALSE(entered(alice)->muted);
    office.answer(bob);
    office.answer(carol);
    for (const auto listening : {bob, carol}) {
        ASSERT_TRUE(entered(listening));
        EXPECT_TRUE(entered(listening)->muted);
        EXPECT_EQ(entered(listening)->room, entered(alice)->room);
    }
    office.hang_up(bob);
    EXPECT_FALSE(is_over(alice));
    office.hang_up(alice);
    EXPECT_TRUE(is_over(carol));
    expect_nothing_left();
}

TEST_F(Paging, KeysDoNothing) {
    const auto alice = office.call("alice", "*11601");
    office.answer(office.invited(0));
    const auto commands = office.recorder.commands.size();
    for (const char key : {'*', '0', '1', '2', '3'}) {
        office.press(alice, key);
        office.press(office.invited(0), key);
    }
    EXPECT_EQ(office.recorder.commands.size(), commands);
    EXPECT_TRUE(entered(office.invited(0))->muted);
}

TEST_F(Paging, FullDuplexLetsAllTalk) {  // ADB-080
    paging.duplex = true;
    save();
    office.call("alice", "*11601");
    office.answer(office.invited(0));
    EXPECT_FALSE(entered(office.invited(0))->muted);
}

TEST_F(Paging, PhonesHaveSoLongToAnswer) {  // ADB-080
    paging.timeout = 5;
    save();
    const auto alice = office.call("alice", "*11601");
    office.answer(office.invited(0));
    office.pass(5s);
    EXPECT_TRUE(is_over(office.invited(1)));
    EXPECT_FALSE(is_over(alice));
    office.hang_up(office.invited(0));
    EXPECT_EQ(office.played(), "a tone") << "nobody listens any more";
    office.hang_up(alice);
    expect_nothing_left();
}

TEST_F(Paging, TheAnnouncementIsHeardByPhonesAndAsConfiguredByTheCaller) {  // ADB-080
    paging.announce_sound = "attention";
    paging.announce_caller = false;
    save();
    office.call("alice", "*11601");
    EXPECT_EQ(office.played(), "");
    office.answer(office.invited(0));
    EXPECT_THAT(office.hear_all(), ElementsAre("attention"));
    paging.announce_caller = true;
    paging.caller_notification = true;
    save();
    office.call("carol", "*11601");
    EXPECT_EQ(office.played(), "a tone") << "the beep";
    EXPECT_THAT(office.hear_all(), testing::Contains("attention"));
}

TEST_F(Paging, WhoDoesNotWantToBeDisturbedIsNotPaged) {
    office.change_user(2, [](model::User& bob) { bob.do_not_disturb = true; });
    office.call("carol", "*11601");
    EXPECT_THAT(office.phones.invited, IsEmpty());
    EXPECT_EQ(office.played(), "a tone") << "nobody could be paged";
}

TEST_F(Paging, OnlyItsCallersMayPage) {
    paging.callers = {UserId{3}};
    save();
    office.call("alice", "*11601");
    EXPECT_THAT(office.phones.invited, IsEmpty());
    EXPECT_THAT(office.hear_all(), ElementsAre("not-possible"));
    office.call("carol", "*11601");
    EXPECT_EQ(office.phones.invited.size(), 1U) << "Bob; who speaks is not rung";
}

TEST_F(Paging, ANumberOfNoneOrOneThatIsSwitchedOffIsUnknown) {
    for (const bool exists : {false, true}) {
        paging.enabled = false;
        save();
        const auto alice = office.call("alice", exists ? "*11601" : "*11602");
        EXPECT_THAT(office.phones.invited, IsEmpty());
        office.hear_all();
        EXPECT_EQ(office.phones.ended.at(alice), Cause::UnallocatedNumber);
    }
    expect_nothing_left();
}

TEST_F(Paging, WhoSpeaksMayHangUpBeforeAnybodyAnswers) {
    const auto alice = office.call("alice", "*11601");
    office.ringing(office.invited(0));
    office.hang_up(alice);
    EXPECT_TRUE(is_over(office.invited(0)));
    EXPECT_TRUE(is_over(office.invited(1)));
    expect_nothing_left();
}

TEST_F(Paging, APhoneThatSeveralShareIsRungOnce) {
    office.configure([&](model::SnapshotBuilder& builder) {
        // Dave shares Bob's line, and Carol that of who speaks.
        builder.put(model::UserLine{UserId{4}, model::LineId{2}});
        builder.put(model::UserLine{UserId{3}, model::LineId{1}});
    });
    paging.members = {UserId{2}, UserId{4}, UserId{3}};
    save();
    office.call("alice", "*11601");
    std::vector<std::string> rung;
    for (const auto& [channel, call] : office.phones.invited)
        rung.push_back(call.endpoint);
    EXPECT_THAT(rung, testing::UnorderedElementsAre("bob", "carol"));
}

}  // namespace
}  // namespace almon::pbx
