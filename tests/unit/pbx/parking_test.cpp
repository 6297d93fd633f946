// SPDX-License-Identifier: GPL-3.0-or-later
// Calls that are parked, and who takes them.
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/change.hpp"
#include "model/moh.hpp"
#include "model/parking_lot.hpp"
#include "support/call_office.hpp"

namespace almon::pbx {
namespace {

using namespace std::chrono_literals;
using test::CallOffice;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

/// Calls are parked by 700, and wait at 701 to 703 with music for 45 seconds.
class Parking : public testing::Test {
protected:
    Parking() : office(settings()) {
        lot.id = model::ParkingLotId{5};
        lot.name = "hall";
        lot.slots_start = "701";
        lot.slots_end = "703";
        save();
        office.configure([&](model::SnapshotBuilder& builder) {
            model::Extension number{model::ExtensionId{70}, "700", "default"};
            number.leads_to = {&model::declaration_of<model::ParkingLot>(), lot.id.value};
            builder.put(number);
            model::Moh music;
            music.id = model::MohId{3};
            music.name = "default";
            music.mode = "files";
            music.files = {{"song.wav"}};
            builder.put(music);
        });
    }
    static CallCoreSettings settings() {
        auto made = CallOffice::default_settings();
        made.music_directory = "/music";
        return made;
    }
    void save() {
        office.configure([&](model::SnapshotBuilder& builder) { builder.put(lot); });
    }
    /// Alice has called Bob.
    void talk() {
        alice = office.call("alice", "1002");
        bob = office.invited(office.phones.invited.size() - 1);
        office.answer(bob);
    }
    /// Alice sends Bob there, and hears where.
    void park() {
        talk();
        office.transfer(alice, "700");
    }
    [[nodiscard]] static std::string verb(std::string_view text, ChannelId channel, std::string_view rest) {
        return fmt::format("{} {} {}", text, channel.value, rest);
    }
    [[nodiscard]] bool waits(std::string_view place) const {
        return office.core->parked_at(lot.id, place).has_value();
    }
    [[nodiscard]] std::uint64_t leg_of(ChannelId channel) const {
        return office.recorder.leg_at(office.port_of(channel)).value;
    }
    [[nodiscard]] bool are_joined(ChannelId first, ChannelId second) const {
        const auto joins = office.recorder.all<media::JoinLegs>();
        return !joins.empty() && std::set{joins.back().first.value, joins.back().second.value} ==
                                     std::set{leg_of(first), leg_of(second)};
    }
    /// What the party hears by itself.
    [[nodiscard]] std::vector<std::string> heard_by(ChannelId channel) const {
        std::vector<std::string> heard;
        for (const auto& play : office.recorder.all<media::Play>()) {
            const auto* file = std::get_if<std::string>(&play.source);
            if (play.leg.value == leg_of(channel)) heard.push_back(file != nullptr ? *file : "a tone");
        }
        return heard;
    }

    CallOffice office;
    model::ParkingLot lot;
    ChannelId alice;
    ChannelId bob;
};

TEST_F(Parking, WhoIsSentThereWaitsWithMusic_AndWhoSentHimHearsWhere) {  // ADB-081, ADB-082
    park();
    EXPECT_TRUE(waits("701"));
    EXPECT_FALSE(waits("702"));
    EXPECT_THAT(heard_by(bob), ElementsAre("/music/default/song.wav"));
    EXPECT_THAT(office.hear_all(), ElementsAre("parked-at", "digits/7", "digits/0", "digits/1"));
    EXPECT_THAT(office.phones.verbs, Contains(verb("transfer", alice, "done")));
    EXPECT_TRUE(office.phones.ended.contains(alice));
    EXPECT_FALSE(office.phones.ended.contains(bob));
    office.hang_up(bob);
    EXPECT_FALSE(waits("701"));
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(Parking, WhoDialsThePlaceTakesTheCall) {  // ADB-082
    park();
    office.hear_all();
    const auto carol = office.call("carol", "701");
    EXPECT_FALSE(waits("701"));
    EXPECT_TRUE(are_joined(carol, bob));
    EXPECT_EQ(office.core->bridge_count(), 1U);
    office.pass(1min);
    EXPECT_FALSE(office.phones.ended.contains(bob)) << "nobody is called back any more";
    office.hang_up(carol);
    EXPECT_TRUE(office.phones.ended.contains(bob));
}

TEST_F(Parking, EachCallHasAPlaceOfItsOwn_AndThereAreNoMoreThanPlaces) {
    park();
    park();
    park();
    EXPECT_TRUE(waits("701") && waits("702") && waits("703"));
    talk();
    office.transfer(alice, "700");
    EXPECT_THAT(office.phones.verbs, Contains(HasSubstr(verb("transfer", alice, "failed"))));
    EXPECT_TRUE(are_joined(alice, bob)) << "they go on talking";
    office.call("carol", "702");
    EXPECT_FALSE(waits("702"));
    office.transfer(alice, "700");
    EXPECT_TRUE(waits("702")) << "the first that is free";
}

TEST_F(Parking, WhoAsksForAPlaceFirstSendsTheCallToIt) {  // ADB-081
    talk();
    const auto asking = office.call("alice", "700");
    EXPECT_THAT(office.hear_all(), Contains("parked-at"));
    EXPECT_FALSE(waits("701")) << "it is kept free";
    office.call("carol", "701");
    EXPECT_THAT(office.hear_all(), Contains("parked-none"));
    office.transfer(alice, asking);
    EXPECT_TRUE(waits("701"));
    EXPECT_TRUE(office.phones.ended.contains(alice) && office.phones.ended.contains(asking));
    EXPECT_THAT(heard_by(bob), Contains("/music/default/song.wav"));
    const auto carol = office.call("carol", "701");
    EXPECT_TRUE(are_joined(carol, bob));
}

TEST_F(Parking, WhoForgetsAPlaceLosesIt) {
    const auto asking = office.call("alice", "700");
    for (int told = 0; told < 5; ++told) {
        EXPECT_THAT(office.hear_all(), Contains("parked-at"));
        office.pass(5s);
    }
    EXPECT_THAT(office.hear_all(), ElementsAre("goodbye"));
    EXPECT_TRUE(office.phones.ended.contains(asking));
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(Parking, AfterItsTimeTheCallGoesBackToWhoParkedIt) {  // ADB-084
    park();
    office.hear_all();
    const auto rung = office.phones.invited.size();
    office.pass(44s);
    EXPECT_EQ(office.phones.invited.size(), rung);
    office.pass(1s);
    ASSERT_EQ(office.phones.invited.size(), rung + 1);
    EXPECT_FALSE(waits("701"));
    const auto back = office.invited(rung);
    EXPECT_EQ(office.phones.invited.back().second.endpoint, "alice");
    EXPECT_EQ(office.phones.invited.back().second.caller.number, "1002");
    office.answer(back);
    EXPECT_TRUE(are_joined(back, bob));
}

TEST_F(Parking, WithoutATimeItWaitsForEver) {
    lot.timeout = 0;
    save();
    park();
    office.hear_all();
    office.pass(24h);
    EXPECT_TRUE(waits("701"));
}

TEST_F(Parking, APlaceWithNobodySaysSo_AndIsANumberOnlyWhereTheLotIs) {  // ADB-082
    office.call("carol", "702");
    EXPECT_THAT(office.hear_all(), ElementsAre("parked-none"));
    for (const auto* number : {"704", "70", "7001", "70a"}) {
        office.call("carol", number);
        EXPECT_THAT(office.hear_all(), ElementsAre("ss-noservice")) << number;
    }
    office.configure([](model::SnapshotBuilder& builder) { builder.erase(model::ExtensionId{70}); });
    office.call("carol", "702");
    EXPECT_THAT(office.hear_all(), ElementsAre("ss-noservice"));
}

TEST_F(Parking, TheLampsOfPlacesFollow) {  // ADB-086
    park();
    EXPECT_THAT(office.phones.places, ElementsAre("701"));
    EXPECT_EQ(office.core->parked_at(lot.id, "701")->number, "1002");
    office.call("carol", "701");
    EXPECT_THAT(office.phones.places, ElementsAre("701", "701"));
    EXPECT_FALSE(office.core->parked_at(lot.id, "701"));
}

TEST_F(Parking, TheFirstLotOfANewSystemIs700) {  // ADB-081
    model::Change change;
    model::put_first_parking_lot(change, model::ParkingLotId{1}, model::ExtensionId{9}, "default");
    ASSERT_EQ(change.operations.size(), 2U);
    const auto& first = *static_cast<const model::ParkingLot*>(change.operations[0].resource.get());
    const auto& number = *static_cast<const model::Extension*>(change.operations[1].resource.get());
    EXPECT_EQ(first.slots_start + "-" + first.slots_end, "701-750");
    EXPECT_EQ(number.exten, "700");
    EXPECT_EQ(number.leads_to.id, 1U);
}

TEST_F(Parking, TheParkersOwnPhoneRings_WhereverHisCallsGo) {  // ADB-084
    park();
    office.hear_all();
    office.change_user(1, [](model::User& parker) { parker.forward_unconditional = {true, "1003"}; });
    office.pass(45s);
    EXPECT_EQ(office.phones.invited.back().second.endpoint, "alice");
}

TEST_F(Parking, WhoWaitsAtAPlaceThatIsErasedGoesBack) {
    park();
    office.hear_all();
    lot.slots_start = "801";
    lot.slots_end = "803";
    save();
    EXPECT_FALSE(waits("701"));
    EXPECT_EQ(office.phones.invited.back().second.endpoint, "alice");
    office.answer(office.invited(office.phones.invited.size() - 1));
    office.hang_up(bob);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(Parking, MusicThatCannotBePlayedYetBeginsWithTheCodecForIt) {
    park();
    ASSERT_EQ(heard_by(bob).size(), 1U);
    office.finish_sound(false);
    const auto leg = office.recorder.all<media::Play>().front();
    office.media(media::PlaybackFinished{leg.leg, leg.playback, false});
    office.offer(bob, CallOffice::kPhoneOffer);
    EXPECT_EQ(heard_by(bob).size(), 2U);
}

}  // namespace
}  // namespace almon::pbx
