// SPDX-License-Identifier: GPL-3.0-or-later
// Services that users switch by telephone: what they hear, and what is configured afterwards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/call_filter.hpp"
#include "model/feature_code.hpp"
#include "support/call_office.hpp"

namespace almon::pbx {
namespace {

using namespace std::chrono_literals;
using test::CallOffice;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class FeatureCodes : public testing::Test {
protected:
    /// Alice dials the code, hears what it says, and is hung up.
    std::vector<std::string> dial(std::string code) {
        last = office.call("alice", std::move(code));
        office.make_changes();
        auto heard = office.hear_all();
        EXPECT_TRUE(is_over());
        return heard;
    }
    [[nodiscard]] bool is_over() const { return office.phones.ended.contains(last); }
    [[nodiscard]] model::User alice() const { return office.user(1); }
    void change_alice(const std::function<void(model::User&)>& change) {
        auto user = alice();
        change(user);
        office.configure([&](model::SnapshotBuilder& builder) { builder.put(user); });
    }
    void type(std::string_view keys) {
        for (const char key : keys)
            office.press(last, key);
    }

    CallOffice office;
    ChannelId last;
};

TEST_F(FeatureCodes, DoNotDisturbGoesOnAndOffAndSaysSo) {  // INS-102, API-160
    EXPECT_THAT(dial("*25"), ElementsAre("dnd-on"));
    EXPECT_TRUE(alice().do_not_disturb);
    EXPECT_EQ(office.phones.ended.at(last), Cause::NormalClearing);
    EXPECT_THAT(dial("*25"), ElementsAre("dnd-off"));
    EXPECT_FALSE(alice().do_not_disturb);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(FeatureCodes, AnswersFirstAndSpeaksOnceTheChangeIsMade) {
    last = office.call("alice", "*25");
    EXPECT_EQ(office.phones.verbs, (std::vector<std::string>{"answer 1"}));
    EXPECT_EQ(office.played(), "");
    office.make_changes();
    EXPECT_EQ(office.played(), "/sounds/en_US/dnd-on.wav");
    const auto play = office.recorder.all<media::Play>().front();
    EXPECT_GT(play.lead_in, 0ms) << "no syllable is lost";
    EXPECT_LT(play.lead_in, 150ms);
    const auto chain = office.events.call_events();
    EXPECT_THAT(office.events.chain(), Contains("APP_START SIP/alice-00000001"));
    EXPECT_THAT(office.why("SIP/alice-00000001"), HasSubstr("*25 is the code enablednd"));
}

TEST_F(FeatureCodes, SaysSoWhereTheChangeIsRefusedOrDoesNotComeAbout) {
    last = office.call("alice", "*25");
    office.make_changes(false);
    EXPECT_THAT(office.hear_all(), ElementsAre("not-possible"));
    EXPECT_TRUE(is_over());
    EXPECT_FALSE(alice().do_not_disturb);
    last = office.call("alice", "*25");
    office.pass(10s);
    EXPECT_EQ(office.played(), "/sounds/en_US/not-possible.wav");
    EXPECT_EQ(office.make_changes(), 1U) << "it is made all the same";
    EXPECT_THAT(office.hear_all(), ElementsAre("not-possible"));
    EXPECT_TRUE(is_over());
}

TEST_F(FeatureCodes, WhoHangsUpMeanwhileHasMadeTheChange) {
    last = office.call("alice", "*25");
    office.hang_up(last);
    EXPECT_EQ(office.make_changes(), 1U);
    EXPECT_TRUE(alice().do_not_disturb);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(FeatureCodes, RecordingAndTheIncomingFilterAreSwitched) {  // ADB-207, API-129
    EXPECT_THAT(dial("*26"), ElementsAre("call-record-on"));
    EXPECT_TRUE(alice().call_record_enabled);
    EXPECT_THAT(dial("*27"), ElementsAre("incall-filter-on"));
    EXPECT_TRUE(alice().incall_filter);
    EXPECT_THAT(dial("*27"), ElementsAre("incall-filter-off"));
}

TEST_F(FeatureCodes, ForwardsGoToTheNumberBehindTheCode) {  // API-160
    EXPECT_THAT(dial("*211003"),
                ElementsAre("forward-all-on", "digits/1", "digits/0", "digits/0", "digits/3"));
    EXPECT_TRUE(alice().forward_unconditional.enabled);
    EXPECT_EQ(alice().forward_unconditional.destination, "1003");
    dial("*221003");
    EXPECT_TRUE(alice().forward_noanswer.enabled);
    dial("*231003");
    EXPECT_TRUE(alice().forward_busy.enabled);
    const auto bob = office.call("bob", "1001");
    ASSERT_EQ(office.phones.invited.size(), 1U);
    EXPECT_EQ(office.phones.invited[0].second.endpoint, "carol");
    office.hang_up(bob);
    EXPECT_THAT(dial("*20"), ElementsAre("forward-any-off"));
    EXPECT_FALSE(alice().forward_unconditional.enabled || alice().forward_noanswer.enabled ||
                 alice().forward_busy.enabled);
    EXPECT_EQ(alice().forward_unconditional.destination, "1003") << "it is remembered";
}

TEST_F(FeatureCodes, TheSameNumberOnceMoreOrTheBareCodeSwitchesTheForwardOff) {  // ADB-203
    dial("*211003");
    EXPECT_EQ(dial("*211002").front(), "forward-all-on") << "another number is a new forward";
    EXPECT_THAT(dial("*211002"), ElementsAre("forward-all-off"));
    dial("*211002");
    EXPECT_THAT(dial("*21"), ElementsAre("forward-all-off"));
    EXPECT_FALSE(alice().forward_unconditional.enabled);
}

TEST_F(FeatureCodes, WithoutANumberItIsAskedFor) {  // ADB-205
    last = office.call("alice", "*22");
    EXPECT_EQ(office.played(), "/sounds/en_US/forward-number.wav");
    type("1");
    EXPECT_EQ(office.recorder.all<media::StopPlaying>().size(), 1U) << "a key interrupts";
    type("002#");
    EXPECT_EQ(office.make_changes(), 1U);
    EXPECT_EQ(office.hear_all().front(), "forward-noanswer-on");
    EXPECT_EQ(alice().forward_noanswer.destination, "1002");
    EXPECT_TRUE(is_over());
}

TEST_F(FeatureCodes, NobodyForwardsToWhatIsNoNumber) {
    EXPECT_THAT(dial("*21<nobody>"), ElementsAre("not-possible"));
    EXPECT_FALSE(alice().forward_unconditional.enabled);
}

TEST_F(FeatureCodes, ANumberEndsByAPauseToo) {
    last = office.call("alice", "*23");
    type("1002");
    office.pass(3999ms);
    EXPECT_EQ(office.make_changes(), 0U);
    office.pass(1ms);
    EXPECT_EQ(office.make_changes(), 1U);
    EXPECT_EQ(alice().forward_busy.destination, "1002");
}

TEST_F(FeatureCodes, WhoTypesNothingHasChangedNothing) {
    last = office.call("alice", "*21");
    office.finish_sound();
    office.pass(7s);
    EXPECT_THAT(office.hear_all(), ElementsAre("nothing-changed"));
    EXPECT_TRUE(is_over());
    EXPECT_EQ(office.make_changes(), 0U);
}

TEST_F(FeatureCodes, SpeaksTheLanguageOfTheUser) {
    change_alice([](model::User& user) { user.language = "fr_FR"; });
    last = office.call("alice", "*25");
    office.make_changes();
    EXPECT_EQ(office.played(), "/sounds/fr_FR/dnd-on.wav");
}

TEST_F(FeatureCodes, TheStatusOfThePhoneIsRead) {  // API-129
    change_alice([](model::User& user) {
        user.do_not_disturb = true;
        user.forward_busy = {true, "12"};
    });
    EXPECT_THAT(dial("*10"), ElementsAre("your-number", "digits/1", "digits/0", "digits/0", "digits/1",
                                         "dnd-on", "forward-busy-on", "digits/1", "digits/2"));
}

TEST_F(FeatureCodes, CodesCanBeMovedAndSwitchedOff) {
    office.configure([&](model::SnapshotBuilder& builder) {
        auto code = *builder.so_far().find(model::FeatureCodeId{9});
        ASSERT_EQ(code.feature, "enablednd");
        code.exten = "*77";
        builder.put(code);
        auto off = *builder.so_far().find(model::FeatureCodeId{6});
        off.enabled = false;
        builder.put(off);
    });
    EXPECT_THAT(dial("*77"), ElementsAre("dnd-on"));
    EXPECT_THAT(dial("*26"), ElementsAre("ss-noservice"));
    EXPECT_THAT(office.why("SIP/alice-00000002"), HasSubstr("switched off"));
    EXPECT_FALSE(alice().call_record_enabled);
}

TEST_F(FeatureCodes, AreNotForTransferredOrForwardedCallers) {
    auto bob = office.user(2);
    bob.forward_unconditional = {true, "*25"};
    office.configure([&](model::SnapshotBuilder& builder) { builder.put(bob); });
    last = office.call("alice", "1002");
    EXPECT_EQ(office.phones.ended.at(last), Cause::CallRejected);
    EXPECT_EQ(office.make_changes(), 0U);
}

TEST_F(FeatureCodes, AnotherPhoneThatIsNotServedSaysSo) {
    last = office.call("alice", "*48378");
    EXPECT_EQ(office.phones.ended.at(last), Cause::SwitchingCongestion);
}

class BossFilter : public FeatureCodes {
protected:
    BossFilter() {
        office.configure([](model::SnapshotBuilder& builder) {
            model::CallFilter filter;
            filter.id = model::CallFilterId{1};
            builder.put(filter);
            for (const auto& [id, user, is_boss] : {std::tuple(3, 1, true), std::tuple(4, 2, false)}) {
                model::CallFilterMember member;
                member.id = model::CallFilterMemberId(static_cast<std::uint64_t>(id));
                member.filter = filter.id;
                member.user = model::UserId(static_cast<std::uint64_t>(user));
                member.is_recipient = is_boss;
                builder.put(member);
            }
        });
    }
    [[nodiscard]] bool is_active() const {
        return office.snapshot->find(model::CallFilterMemberId{4})->is_active;
    }
};

TEST_F(BossFilter, BossAndSecretarySwitchTheFilterOfTheSecretary) {  // ADA-059
    EXPECT_THAT(dial("*374"), ElementsAre("boss-filter-on"));
    EXPECT_TRUE(is_active());
    office.call("bob", "*374");
    office.make_changes();
    EXPECT_THAT(office.hear_all(), ElementsAre("boss-filter-off"));
    EXPECT_FALSE(is_active());
}

TEST_F(BossFilter, NobodyElseDoes) {  // ADA-059
    office.call("carol", "*374");
    EXPECT_EQ(office.make_changes(), 0U);
    EXPECT_THAT(office.hear_all(), ElementsAre("not-possible"));
    EXPECT_THAT(dial("*373"), ElementsAre("not-possible")) << "of the boss";
    EXPECT_THAT(dial("*37*"), ElementsAre("not-possible"));
    EXPECT_THAT(dial("*3799999999999999999999"), ElementsAre("not-possible"));
    EXPECT_FALSE(is_active());
}

}  // namespace
}  // namespace almon::pbx
