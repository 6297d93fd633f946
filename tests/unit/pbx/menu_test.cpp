// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/ivr.hpp"
#include "support/call_office.hpp"
#include "support/destinations.hpp"

namespace almon::pbx {
namespace {

using namespace std::chrono_literals;
using test::CallOffice;
using test::to;
using test::to_extension;
using test::to_hang_up;
using test::to_sound;
using testing::ElementsAre;
using testing::HasSubstr;

/// 3000 is a menu: 1 is Bob, 2 a sound, 31 Carol, anything else that begins with 4 the number 1002.
class Menu : public testing::Test {
protected:
    Menu() {
        menu.id = model::IvrId{1};
        menu.name = "main";
        menu.greeting_sound = "welcome";
        menu.menu_sound = "choices";
        menu.invalid_sound = "invalid";
        menu.abort_sound = "goodbye";
        menu.choices = {{"1", to("user", model::UserId{2})},
                        {"2", to_sound("hours")},
                        {"31", to("user", model::UserId{3})},
                        {"_4X", to_extension("1002", "default")}};
        save();
        office.configure([&](model::SnapshotBuilder& builder) {
            model::Extension extension{model::ExtensionId{80}, "3000", "default"};
            extension.leads_to = {&model::declaration_of<model::Ivr>(), 1};
            builder.put(extension);
        });
    }
    void save() {
        office.configure([&](model::SnapshotBuilder& builder) { builder.put(menu); });
    }
    void type(std::string_view keys) {
        for (const char key : keys)
            office.press(alice, key);
    }
    [[nodiscard]] std::string rung() const {
        return office.phones.invited.empty() ? "" : office.phones.invited.back().second.endpoint;
    }
    [[nodiscard]] bool is_over() const { return office.phones.ended.contains(alice); }

    CallOffice office;
    model::Ivr menu;
    ChannelId alice;
};

TEST_F(Menu, AnswersGreetsAndWaitsForAChoice) {  // API-102, ADB-048
    alice = office.call("alice", "3000");
    EXPECT_EQ(office.phones.verbs, (std::vector<std::string>{"answer 1"}));
    EXPECT_THAT(office.hear_all(), ElementsAre("welcome", "choices"));
    EXPECT_THAT(office.events.chain().back(), HasSubstr("ANSWER"));
    type("1");
    EXPECT_EQ(rung(), "bob");
    office.ringing(office.invited(0));
    EXPECT_EQ(office.played(), "a tone") << "Alice hears that it rings";
    office.answer(office.invited(0));
    EXPECT_EQ(office.core->bridge_count(), 1U);
    EXPECT_EQ(office.phones.count("answer"), 1U);
    EXPECT_THAT(office.why("SIP/alice-00000001"), HasSubstr("chooses 1 in menu main"));
}

TEST_F(Menu, AKeyInterrupts) {  // ADB-048
    alice = office.call("alice", "3000");
    EXPECT_EQ(office.played(), "/sounds/en_US/welcome.wav");
    type("2");
    EXPECT_EQ(office.recorder.all<media::StopPlaying>().size(), 1U);
    EXPECT_THAT(office.hear_all(), ElementsAre("hours"));
    EXPECT_TRUE(is_over());
}

TEST_F(Menu, AChoiceOfSeveralKeysIsWaitedFor) {
    alice = office.call("alice", "3000");
    type("3");
    EXPECT_EQ(rung(), "");
    type("1");
    EXPECT_EQ(rung(), "carol");
    office.hang_up(alice);
    alice = office.call("alice", "3000");
    type("42");
    EXPECT_EQ(rung(), "bob") << "a pattern";
}

TEST_F(Menu, AHalfChoiceMeansNothing) {
    alice = office.call("alice", "3000");
    type("3");
    office.pass(2s);
    EXPECT_THAT(office.hear_all(), ElementsAre("invalid", "choices"));
    type("2");
    EXPECT_EQ(office.hear_all().front(), "hours");
}

TEST_F(Menu, ThreeTriesAndSilenceCounts) {  // ADB-049
    alice = office.call("alice", "3000");
    type("9");
    EXPECT_THAT(office.hear_all(), ElementsAre("invalid", "choices"));
    office.pass(4999ms);
    EXPECT_EQ(office.recorder.all<media::Play>().size(), 3U);
    office.pass(1ms);
    EXPECT_THAT(office.hear_all(), ElementsAre("choices"));
    type("7");
    EXPECT_THAT(office.hear_all(), ElementsAre("invalid", "goodbye"));
    EXPECT_EQ(office.phones.ended.at(alice), Cause::NormalClearing);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(Menu, SilenceNonsenseAndAbortLeadWhereTheyAreSent) {  // API-102
    menu.timeout_destination = to("user", model::UserId{2});
    menu.invalid_destination = to("user", model::UserId{3});
    menu.timeout = 2;
    save();
    alice = office.call("alice", "3000");
    office.hear_all();
    office.pass(2s);
    EXPECT_EQ(rung(), "bob");
    office.hang_up(alice);
    alice = office.call("alice", "3000");
    type("9");
    EXPECT_EQ(rung(), "carol");
    office.hang_up(alice);
    menu.max_tries = 1;
    menu.abort_destination = to_hang_up("busy");
    save();
    alice = office.call("alice", "3000");
    type("9");
    EXPECT_THAT(office.hear_all(), ElementsAre("invalid", "goodbye", "a tone"));
    EXPECT_EQ(office.phones.ended.at(alice), Cause::UserBusy);
}

TEST_F(Menu, ChoicesNamedIAndTAreNonsenseAndSilence) {  // ADB-046
    menu.choices.push_back({"i", to("user", model::UserId{3})});
    menu.choices.push_back({"t", to("user", model::UserId{2})});
    save();
    alice = office.call("alice", "3000");
    type("9");
    EXPECT_EQ(rung(), "carol");
    office.hang_up(alice);
    alice = office.call("alice", "3000");
    office.hear_all();
    office.pass(5s);
    EXPECT_EQ(rung(), "bob");
}

TEST_F(Menu, LeadsToItselfForAsLongAsSomebodyChooses) {  // ADB-051
    menu.choices.push_back({"5", to("ivr", model::IvrId{1})});
    menu.timeout_destination = to("ivr", model::IvrId{1});
    save();
    alice = office.call("alice", "3000");
    for (int round = 0; round < 30; ++round) {
        type("5");
        EXPECT_EQ(office.played(), "/sounds/en_US/welcome.wav");
    }
    for (int round = 0; round < 30 && !is_over(); ++round) {
        office.hear_all();
        office.pass(5s);
    }
    EXPECT_TRUE(is_over()) << "silence does not";
}

TEST_F(Menu, WhoIsNotReachedFromThereHearsABusyTone) {
    alice = office.call("alice", "3000");
    type("1");
    office.refuse(office.invited(0), Cause::UserBusy);
    EXPECT_EQ(office.played(), "a tone");
    EXPECT_FALSE(is_over());
    office.pass(10s);
    EXPECT_EQ(office.phones.ended.at(alice), Cause::UserBusy);
}

TEST_F(Menu, DigitsComeByMediaToo) {  // RFC 4733
    alice = office.call("alice", "3000");
    office.media(media::DigitReceived{office.recorder.leg_at(office.port_of(alice)), '1', 100ms});
    EXPECT_EQ(rung(), "bob");
    EXPECT_THAT(office.phones.told.at(alice).text(), HasSubstr("telephone-event"));
}

TEST_F(Menu, ATransferredCallerHearsIt) {
    const auto bob = office.call("bob", "1001");
    const auto alices = office.invited(0);
    office.answer(alices);
    office.transfer(bob, "3000");
    alice = alices;
    EXPECT_EQ(office.phones.ended.at(bob), Cause::NormalClearing);
    EXPECT_EQ(office.played(), "/sounds/en_US/welcome.wav");
    type("31");
    EXPECT_EQ(rung(), "carol");
}

TEST_F(Menu, OneThatWasErasedMeanwhileEndsTheCall) {
    alice = office.call("alice", "3000");
    office.configure([](model::SnapshotBuilder& builder) { builder.erase(model::IvrId{1}); });
    type("1");
    EXPECT_EQ(office.played(), "a tone");
    office.pass(10s);
    EXPECT_TRUE(is_over());
}

}  // namespace
}  // namespace almon::pbx
