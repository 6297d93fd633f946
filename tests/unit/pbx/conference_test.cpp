// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/conference.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/moh.hpp"
#include "support/call_office.hpp"

namespace almon::pbx {
namespace {

using namespace std::chrono_literals;
using test::CallOffice;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Room 4001.
class Conferences : public testing::Test {
protected:
    Conferences() : office(settings()) {
        room.id = model::ConferenceId{7};
        room.name = "board";
        is_set_up([](model::Conference&) {});
    }
    static CallCoreSettings settings() {
        auto made = CallOffice::default_settings();
        made.music_directory = "/music";
        return made;
    }
    template <class Change>
    void is_set_up(Change&& change) {
        change(room);
        office.configure([&](model::SnapshotBuilder& builder) {
            model::Extension extension;
            extension.id = model::ExtensionId{70};
            extension.exten = "4001";
            extension.context = "default";
            extension.leads_to = {&model::declaration_of<model::Conference>(), room.id.value};
            builder.put(room);
            builder.put(extension);
        });
    }
    void type(ChannelId who, std::string_view keys) {
        for (const char key : keys)
            office.press(who, key);
    }
    /// How the party is in the room, as the media engine was told last; nothing: it is in none.
    std::optional<media::EnterRoom> seat_of(ChannelId who) {
        const auto leg = office.recorder.leg_at(office.port_of(who));
        std::optional<media::EnterRoom> seat;
        for (const auto& command : office.recorder.commands) {
            const auto* enter = std::get_if<media::EnterRoom>(&command);
            const auto* leave = std::get_if<media::LeaveRoom>(&command);
            if (enter != nullptr && enter->leg == leg) seat = *enter;
            if (leave != nullptr && leave->leg == leg) seat.reset();
        }
        return seat;
    }
    /// What the whole room was told, by the end of the first place.
    std::vector<std::string> told_to_room() {
        std::vector<std::string> told;
        for (const auto& play : office.recorder.all<media::PlayToRoom>()) {
            const auto* path = std::get_if<std::string>(&play.places.front());
            told.push_back(path == nullptr ? "a tone" : path->substr(path->rfind('/') + 1));
        }
        return told;
    }

    CallOffice office;
    model::Conference room;
};

TEST_F(Conferences, WhoDialsTheNumberIsInTheRoom_AndTheFirstIsToldThatHeIsAlone) {  // ADA-089, ADA-091
    const auto alice = office.call("alice", "4001");
    EXPECT_TRUE(office.phones.told.contains(alice));
    EXPECT_THAT(office.played(), HasSubstr("conf-only-person"));
    const auto bob = office.call("bob", "4001");
    EXPECT_EQ(office.recorder.all<media::StopPlaying>().size(), 1U) << "that is not true any more";
    const auto carol = office.call("carol", "4001");
    ASSERT_TRUE(seat_of(alice) && seat_of(bob) && seat_of(carol));
    EXPECT_EQ(seat_of(alice)->room, seat_of(bob)->room);
    EXPECT_EQ(seat_of(alice)->room, seat_of(carol)->room);
    EXPECT_FALSE(seat_of(carol)->muted);
    EXPECT_EQ(office.recorder.all<media::Play>().size(), 1U) << "the others are told nothing";
    office.hang_up(alice);
    office.hang_up(bob);
    EXPECT_FALSE(office.phones.ended.contains(carol)) << "who stays, stays";
    EXPECT_THAT(office.hear_all(), ElementsAre("conf-only-person"));
    office.hang_up(carol);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(Conferences, TheNextOnesRoomIsAnother) {
    const auto alice = office.call("alice", "4001");
    const auto first = seat_of(alice)->room;
    office.hang_up(alice);
    EXPECT_NE(seat_of(office.call("alice", "4001"))->room, first);
}

TEST_F(Conferences, NobodyIsToldThatHeIsAlone_WhereItIsNotWanted) {  // ADA-091
    is_set_up([](model::Conference& conference) { conference.announce_only_user = false; });
    office.call("alice", "4001");
    EXPECT_THAT(office.hear_all(), IsEmpty());
}

TEST_F(Conferences, ThePinOpensIt_AndAWrongOneDoesNot) {  // ADA-090
    is_set_up([](model::Conference& conference) { conference.pin = "1234"; });
    const auto alice = office.call("alice", "4001");
    EXPECT_THAT(office.hear_all(), ElementsAre("conf-pin"));
    EXPECT_FALSE(seat_of(alice));
    type(alice, "4321#");
    EXPECT_THAT(office.hear_all(), ElementsAre("conf-pin-wrong", "conf-pin"));
    type(alice, "1234#");
    EXPECT_TRUE(seat_of(alice));
    const auto bob = office.call("bob", "4001");
    for (int tries = 0; tries < 3; ++tries)
        type(bob, "#");
    EXPECT_THAT(office.hear_all(), ElementsAre("conf-pin-wrong"));
    EXPECT_TRUE(office.phones.ended.contains(bob));
    EXPECT_THAT(office.why("SIP/alice-00000001"), testing::Not(HasSubstr("1234")));
}

TEST_F(Conferences, OneMoreThanTheMaximumIsTurnedAway) {  // ADA-092
    is_set_up([](model::Conference& conference) { conference.max_participants = 2; });
    const auto alice = office.call("alice", "4001");
    office.call("bob", "4001");
    const auto carol = office.call("carol", "4001");
    EXPECT_FALSE(seat_of(carol));
    EXPECT_THAT(office.hear_all(), ElementsAre("conf-full"));
    EXPECT_TRUE(office.phones.ended.contains(carol));
    office.hang_up(alice);
    EXPECT_TRUE(seat_of(office.call("carol", "4001")));
}

TEST_F(Conferences, KeysMuteAndMakeLouder) {  // API-103
    const auto alice = office.call("alice", "4001");
    office.call("bob", "4001");
    office.press(alice, '1');
    EXPECT_TRUE(seat_of(alice)->muted);
    EXPECT_THAT(office.hear_all(), ElementsAre("conf-muted"));
    office.press(alice, '1');
    EXPECT_FALSE(seat_of(alice)->muted);
    EXPECT_THAT(office.hear_all(), ElementsAre("conf-unmuted"));
    type(alice, "66666");
    EXPECT_EQ(seat_of(alice)->hearing_db, 12);
    type(alice, "54");
    EXPECT_EQ(seat_of(alice)->hearing_db, -3);
    type(alice, "997");
    EXPECT_EQ(seat_of(alice)->talking_db, 3);
    office.press(alice, '8');
    EXPECT_EQ(seat_of(alice)->talking_db, 0);
    office.press(alice, '*');
    EXPECT_THAT(office.hear_all(), ElementsAre("conf-menu"));
    type(alice, "230");
    EXPECT_THAT(told_to_room(), IsEmpty()) << "that is the administrator's";
}

TEST_F(Conferences, TheAdministratorLocksRemovesAndMutes) {  // API-103
    is_set_up([](model::Conference& conference) { conference.admin_pin = "99"; });
    const auto alice = office.call("alice", "4001");
    type(alice, "99#");
    const auto bob = office.call("bob", "4001");
    type(bob, "#");
    ASSERT_TRUE(seat_of(alice) && seat_of(bob)) << "only the administrator needs a PIN";
    office.press(alice, '0');
    EXPECT_TRUE(seat_of(bob)->muted);
    EXPECT_FALSE(seat_of(alice)->muted);
    office.press(bob, '1');
    EXPECT_TRUE(seat_of(bob)->muted);
    EXPECT_THAT(office.hear_all(), ElementsAre("conf-all-muted"));
    office.press(alice, '0');
    EXPECT_FALSE(seat_of(bob)->muted);
    EXPECT_THAT(told_to_room(), ElementsAre("conf-all-muted.wav", "conf-all-unmuted.wav"));
    office.press(alice, '2');
    EXPECT_THAT(office.hear_all(), ElementsAre("conf-locked"));
    const auto carol = office.call("carol", "4001");
    type(carol, "#");
    EXPECT_THAT(office.hear_all(), ElementsAre("conf-locked"));
    EXPECT_TRUE(office.phones.ended.contains(carol));
    office.press(alice, '3');
    EXPECT_FALSE(seat_of(bob));
    EXPECT_FALSE(office.phones.ended.contains(bob)) << "he is told first";
    office.press(alice, '*');
    EXPECT_THAT(office.hear_all(), ElementsAre("conf-menu", "conf-admin-menu"));
    office.press(alice, '3');
    EXPECT_THAT(office.hear_all(), ElementsAre("not-possible"));
    EXPECT_THAT(office.why("SIP/bob-00000002"), HasSubstr("hears conf-kicked"));
}

TEST_F(Conferences, ABeepTellsThatSomebodyComesOrGoes_AndWhoComesHowManyThereAre) {  // API-103
    is_set_up([](model::Conference& conference) {
        conference.quiet_join_leave = conference.announce_user_count = true;
        conference.announce_only_user = false;
    });
    office.call("alice", "4001");
    const auto bob = office.call("bob", "4001");
    EXPECT_THAT(office.hear_all(), ElementsAre("conf-one-other"));
    const auto carol = office.call("carol", "4001");
    EXPECT_THAT(office.hear_all(), ElementsAre("conf-there-are", "digits/2", "conf-others"));
    EXPECT_EQ(told_to_room().size(), 2U) << "the first one hears none";
    office.hang_up(bob);
    office.hang_up(carol);
    EXPECT_EQ(told_to_room().size(), 4U);
}

TEST_F(Conferences, WhoIsAloneHearsMusicUntilSomebodyComes) {  // API-103
    is_set_up([&](model::Conference& conference) {
        conference.music_on_hold = "jazz";
        model::Moh jazz;
        jazz.id = model::MohId{1};
        jazz.uuid = jazz.label = jazz.name = "jazz";
        jazz.files.push_back({"blue.wav"});
        office.configure([&](model::SnapshotBuilder& builder) { builder.put(jazz); });
    });
    const auto alice = office.call("alice", "4001");
    EXPECT_THAT(office.played(), HasSubstr("conf-only-person"));
    office.finish_sound();
    EXPECT_EQ(office.played(), "/music/jazz/blue.wav");
    office.offer(alice, CallOffice::kPhoneOffer);
    EXPECT_EQ(office.recorder.all<media::StopPlaying>().size(), 0U) << "a new offer does not end it";
    office.press(alice, '1');
    EXPECT_THAT(office.played(), HasSubstr("conf-muted"));
    office.finish_sound();
    EXPECT_EQ(office.played(), "/music/jazz/blue.wav");
    const auto stopped = office.recorder.all<media::StopPlaying>().size();
    const auto bob = office.call("bob", "4001");
    EXPECT_EQ(office.recorder.all<media::StopPlaying>().size(), stopped + 1);
    office.hang_up(bob);
    office.finish_sound();
    EXPECT_EQ(office.played(), "/music/jazz/blue.wav") << "and when he is gone";
}

/// A phone that speaks this codec alone.
std::string only(std::string_view codec) {
    return "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
           "m=audio 4000 RTP/AVP 96\r\na=sendrecv\r\na=rtpmap:96 " +
           std::string(codec) + "\r\n";
}

TEST_F(Conferences, WhoIsSentThereWithoutACodecOfOurs_IsOfferedThem) {
    const auto alice = office.call("alice", "1002", only("speex/8000"));
    const auto bob = office.invited(0);
    office.answer(bob, only("speex/8000"));
    office.transfer(bob, "4001");
    ASSERT_TRUE(seat_of(alice));
    EXPECT_TRUE(office.phones.ended.contains(bob));
    EXPECT_THAT(office.why("SIP/alice-00000001"), HasSubstr("is offered the codecs that we speak"));
    office.answer_offer(alice, CallOffice::kPhoneAnswer);
    EXPECT_EQ(office.recorder.configured(office.port_of(alice)).formats.front().encoding, "PCMA");
    EXPECT_TRUE(seat_of(alice));
}

TEST_F(Conferences, WhoMayUseNoCodecOfOurs_IsNotLetIn) {
    office.phones.codecs["alice"] = {"SPEEX"};
    const auto alice = office.call("alice", "1002", only("speex/8000"));
    const auto bob = office.invited(0);
    office.answer(bob, only("speex/8000"));
    office.transfer(bob, "4001");
    EXPECT_EQ(office.end_of(alice), Cause::BearerCapabilityNotAvailable);
    EXPECT_EQ(office.phones.count("offer"), 0U);
    EXPECT_THAT(office.why("SIP/alice-00000001"), HasSubstr("it may use no codec of ours"));
}

TEST_F(Conferences, APhoneOfOpusEntersAsItIs) {
    const auto alice = office.call("alice", "4001", only("opus/48000/2"));
    ASSERT_TRUE(seat_of(alice));
    EXPECT_EQ(office.recorder.configured(office.port_of(alice)).formats.front().encoding, "OPUS");
    EXPECT_EQ(office.phones.count("offer"), 0U);
}

TEST_F(Conferences, WhoIsConsultedThereHandsTheSeatOver) {
    const auto alice = office.call("alice", "1002");
    const auto bob = office.invited(0);
    office.answer(bob);
    const auto carol = office.call("carol", "4001");
    const auto consulting = office.call("bob", "4001");
    ASSERT_TRUE(seat_of(consulting));
    office.transfer(bob, consulting);
    ASSERT_TRUE(seat_of(alice));
    EXPECT_EQ(seat_of(alice)->room, seat_of(carol)->room);
    EXPECT_FALSE(seat_of(consulting));
    EXPECT_TRUE(office.phones.ended.contains(bob) && office.phones.ended.contains(consulting));
    office.hang_up(alice);
    office.hang_up(carol);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(Conferences, AProgramTransfersThere) {
    const auto alice = office.call("alice", "1002");
    office.answer(office.invited(0));
    const auto initiator = office.events.call_events().front().unique_id;
    const auto begun = office.order([&](CallCore& core) { return core.transfer({initiator, {}, "4001"}); });
    ASSERT_TRUE(begun) << begun.error().reason;
    ASSERT_TRUE(seat_of(alice)) << "who consults";
    ASSERT_TRUE(office.order([&](CallCore& core) { return core.complete_transfer(begun->name); }));
    EXPECT_FALSE(seat_of(alice));
    EXPECT_TRUE(seat_of(office.invited(0)));
    EXPECT_TRUE(office.phones.ended.contains(alice));
}

TEST_F(Conferences, WhoConsultsThereMayGoBack) {
    const auto alice = office.call("alice", "1002");
    office.answer(office.invited(0));
    const auto initiator = office.events.call_events().front().unique_id;
    const auto begun = office.order([&](CallCore& core) { return core.transfer({initiator, {}, "4001"}); });
    ASSERT_TRUE(begun) << begun.error().reason;
    ASSERT_TRUE(office.order([&](CallCore& core) { return core.cancel_transfer(begun->name); }));
    EXPECT_FALSE(seat_of(alice));
    EXPECT_EQ(office.core->bridge_count(), 1U);
}

TEST_F(Conferences, NamesAreSpokenAndToldToTheOthers) {  // API-103
    is_set_up([](model::Conference& conference) { conference.announce_join_leave = true; });
    const auto comes_in = [&](std::string_view who, std::chrono::milliseconds length) {
        const auto channel = office.call(who, "4001");
        EXPECT_THAT(office.hear_all(), ElementsAre("conf-name", "a tone"));
        EXPECT_FALSE(seat_of(channel));
        const auto record = office.recorder.all<media::Record>().back();
        office.press(channel, '#');
        EXPECT_TRUE(seat_of(channel));
        EXPECT_EQ(office.recorder.all<media::StopRecording>().back().recording, record.recording);
        office.media(media::Recorded{record.leg, record.recording, length, true});
        return channel;
    };
    const auto alice = comes_in("alice", 900ms);
    EXPECT_THAT(told_to_room(), IsEmpty()) << "there is nobody whom it could be told";
    const auto bob = comes_in("bob", 800ms);
    EXPECT_THAT(told_to_room(), ElementsAre("2.wav", "conf-has-joined.wav"));
    const auto carol = comes_in("carol", 100ms);
    EXPECT_EQ(told_to_room().size(), 2U) << "that is no name";
    EXPECT_EQ(office.recorder.all<media::MoveRecording>().size(), 1U);
    office.hang_up(carol);
    office.hang_up(bob);
    EXPECT_EQ(told_to_room().back(), "conf-has-left.wav");
    EXPECT_EQ(told_to_room().size(), 4U);
    office.hang_up(alice);
    EXPECT_EQ(office.recorder.all<media::MoveRecording>().size(), 3U) << "the names go with the room";
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(Conferences, WhoHangsUpWhileHeSaysHisNameLeavesNothing) {
    is_set_up([](model::Conference& conference) { conference.announce_join_leave = true; });
    const auto alice = office.call("alice", "4001");
    office.hear_all();
    office.hang_up(alice);
    const auto record = office.recorder.all<media::Record>().back();
    office.media(media::Recorded{record.leg, record.recording, 900ms, true});
    EXPECT_EQ(office.recorder.all<media::MoveRecording>().back().from, record.path);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

TEST_F(Conferences, EventsTellWhoIsInTheRoom) {
    const auto alice = office.call("alice", "4001");
    const auto bob = office.call("bob", "4001");
    office.hang_up(bob);
    office.hang_up(alice);
    std::vector<std::string> told;
    for (const auto& row : office.events.call_events()) {
        if (row.type == bus::CallEventType::BridgeEnter || row.type == bus::CallEventType::BridgeExit)
            told.push_back(std::string(bus::name_of(row.type)) + " " + row.channel_name + " " +
                           std::to_string(row.bridge));
    }
    EXPECT_THAT(told, ElementsAre("BRIDGE_ENTER SIP/alice-00000001 1", "BRIDGE_ENTER SIP/bob-00000002 1",
                                  "BRIDGE_EXIT SIP/bob-00000002 1", "BRIDGE_EXIT SIP/alice-00000001 1"));
}

TEST_F(Conferences, ARoomThatIsErasedMeanwhileGoesOnUntilItIsEmpty) {
    const auto alice = office.call("alice", "4001");
    const auto bob = office.call("bob", "4001");
    office.configure([&](model::SnapshotBuilder& builder) {
        builder.erase(model::ExtensionId{70});
        builder.erase(room.id);
    });
    EXPECT_TRUE(seat_of(alice));
    office.press(alice, '1');
    EXPECT_TRUE(seat_of(alice)->muted);
    office.hang_up(bob);
    office.hang_up(alice);
    office.settle_media();
    EXPECT_TRUE(office.core->idle());
}

}  // namespace
}  // namespace almon::pbx
