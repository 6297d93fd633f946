// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/moh.hpp"
#include "support/call_office.hpp"

namespace almon::pbx {
namespace {

using test::CallOffice;
using test::with_direction;
using testing::HasSubstr;

/// Alice and Bob talk; two categories have files.
class MusicOnHold : public testing::Test {
protected:
    MusicOnHold() : office(settings()) {
        office.configure([&](model::SnapshotBuilder& builder) {
            builder.put(category(1, "default", {"waltz.wav"}));
            builder.put(category(2, "jazz", {"blue.wav", "green.wav"}));
        });
        alice = office.call("alice", "1002");
        bob = office.invited(0);
        office.answer(bob);
    }
    static CallCoreSettings settings() {
        auto made = CallOffice::default_settings();
        made.music_directory = "/music";
        return made;
    }
    static model::Moh category(std::uint64_t id, std::string name, std::vector<std::string> files) {
        model::Moh made;
        made.id = model::MohId{id};
        made.uuid = made.label = made.name = std::move(name);
        for (auto& file : files)
            made.files.push_back({std::move(file)});
        return made;
    }
    void likes(std::uint64_t user, std::string music) {
        auto changed = office.user(user);
        changed.music_on_hold = std::move(music);
        office.configure([&](model::SnapshotBuilder& builder) { builder.put(changed); });
    }
    void hold(ChannelId who) { office.offer(who, with_direction(CallOffice::kPhoneOffer, "sendonly")); }
    void resume(ChannelId who) { office.offer(who, CallOffice::kPhoneOffer); }
    [[nodiscard]] std::size_t stopped() const { return office.recorder.all<media::StopPlaying>().size(); }

    CallOffice office;
    ChannelId alice;
    ChannelId bob;
};

TEST_F(MusicOnHold, WhoIsHeldHearsTheDefaultUntilItEnds) {
    hold(alice);
    EXPECT_EQ(office.played(), "/music/default/waltz.wav");
    const auto plays = office.recorder.all<media::Play>();
    ASSERT_EQ(plays.size(), 1U);
    EXPECT_EQ(plays[0].leg, office.recorder.leg_at(office.port_of(bob)));
    EXPECT_TRUE(plays[0].repeat) << "one file is all there is";
    EXPECT_TRUE(office.recorder.configured(office.port_of(bob)).sends);
    EXPECT_FALSE(office.recorder.configured(office.port_of(alice)).receives);
    EXPECT_EQ(stopped(), 0U);
    resume(alice);
    EXPECT_EQ(stopped(), 1U);
    hold(alice);
    EXPECT_EQ(office.recorder.all<media::Play>().size(), 2U) << "and from its beginning again";
}

TEST_F(MusicOnHold, OneFileComesAfterTheOther_OfWhoHolds) {
    likes(1, "jazz");
    hold(alice);
    EXPECT_EQ(office.played(), "/music/jazz/blue.wav");
    office.finish_sound();
    EXPECT_EQ(office.played(), "/music/jazz/green.wav");
    office.finish_sound();
    EXPECT_EQ(office.played(), "/music/jazz/blue.wav");
    EXPECT_FALSE(office.recorder.all<media::Play>().back().repeat);
}

TEST_F(MusicOnHold, WhatCannotBePlayedIsSaidAndLeftOut) {  // ADB-074
    likes(2, "jazz");
    hold(bob);
    office.finish_sound(false);
    EXPECT_EQ(office.played(), "/music/jazz/green.wav");
    EXPECT_THAT(office.why("SIP/alice-00000001"), HasSubstr("blue.wav of the music jazz cannot be played"));
    office.finish_sound(false);
    EXPECT_EQ(office.recorder.all<media::Play>().size(), 2U) << "nobody looks for ever";
}

TEST_F(MusicOnHold, WithoutMusicThereIsSilence) {
    likes(1, "nowhere");
    hold(alice);
    EXPECT_TRUE(office.recorder.all<media::Play>().empty());
    EXPECT_FALSE(office.recorder.configured(office.port_of(bob)).sends);
}

TEST_F(MusicOnHold, ATransferEndsIt) {
    hold(alice);
    office.transfer(alice, "1003");
    EXPECT_EQ(stopped(), 1U);
    office.ringing(office.invited(1));
    EXPECT_EQ(office.played(), "a tone") << "Carol rings";
}

}  // namespace
}  // namespace almon::pbx
