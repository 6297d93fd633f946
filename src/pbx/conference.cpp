// SPDX-License-Identifier: GPL-3.0-or-later
// Conference rooms: who dials the number of one, and knows its PIN, hears all who are there (API-103, ADA-089
// to ADA-092).
#include "model/conference.hpp"

#include <algorithm>
#include <utility>

#include "pbx/call_core_state.hpp"
#include "pbx/spoken_number.hpp"

namespace almon::pbx {

using bus::CallEventType;

namespace {

constexpr int kPinTries = 3;
constexpr KeyWait kPinKeys{80};
constexpr std::chrono::seconds kLongestName{5};
constexpr std::chrono::milliseconds kShortestName{300};
/// Of all keys only # ends a name.
constexpr KeyWait kUntilNameIsSaid{64, kLongestName, kLongestName};

std::int8_t changed_volume(std::int8_t volume, int by) noexcept {
    return static_cast<std::int8_t>(std::clamp(volume + by, -kMostVolumeDb, kMostVolumeDb));
}

}  // namespace

void CallCore::State::reach(Channel& caller, const ConferenceDestination& destination) {
    const auto& conference = *destination.conference;
    if (!preprocess(caller, "MEETME", conference.preprocess_subroutine,
                    {Continuation::Kind::Conference, conference.id.value}))
        return;
    begin_application(caller, "ConfBridge", std::to_string(conference.id.value));
    if (!answer_itself(caller)) return;
    if (!offer_own_codecs(caller)) return hang_up(caller, Cause::BearerCapabilityNotAvailable);
    if (conference.pin.empty() && conference.admin_pin.empty())
        return let_into_conference(caller, conference, false);
    ask_conference_pin(caller, {conference.id, 1});
}

void CallCore::State::ask_conference_pin(Channel& caller, const purpose::ConferencePin& asked) {
    std::vector<Prompt> prompts;
    if (asked.tries > 1) prompts.push_back({"conf-pin-wrong"});
    prompts.push_back({"conf-pin"});
    say(caller, asked, std::move(prompts), kPinKeys, kSoundLimit);
}

void CallCore::State::concluded(Channel& party, const purpose::ConferencePin& asked,
                                const std::string& pressed) {
    const auto* conference = snapshot->find(asked.conference);
    if (conference == nullptr) return give_up(party, Cause::DestinationOutOfOrder);
    const bool is_administrator = !conference->admin_pin.empty() && pressed == conference->admin_pin;
    // Where only the administrator has a PIN, the others need none.
    if (is_administrator || pressed == conference->pin)
        return let_into_conference(party, *conference, is_administrator);
    trace(party, "does not know the PIN: try {} of {}", asked.tries, kPinTries);
    if (asked.tries < kPinTries) return ask_conference_pin(party, {asked.conference, asked.tries + 1});
    say_last(party, {{"conf-pin-wrong"}});
}

bool CallCore::State::has_place(Channel& party, const model::Conference& conference, bool is_administrator) {
    const auto* room = room_of(conference.id);
    const auto others = room == nullptr ? 0 : room->parties.size();
    if (conference.max_participants > 0 && std::cmp_greater_equal(others, conference.max_participants)) {
        trace(party, "conference {} is full: {} are in it", conference.id.value, others);
        say_last(party, {{"conf-full"}});
        return false;
    }
    if (others > 0 && room->is_locked && !is_administrator) {
        trace(party, "conference {} is locked", conference.id.value);
        say_last(party, {{"conf-locked"}});
        return false;
    }
    return true;
}

void CallCore::State::let_into_conference(Channel& party, const model::Conference& conference,
                                          bool is_administrator) {
    if (!has_place(party, conference, is_administrator)) return;
    if (!conference.announce_join_leave) return enter_conference(party, conference, is_administrator);
    say(party, purpose::ConferenceName{conference.id, is_administrator},
        {{"conf-name"}, {"", Prompt::Tone::Beep}}, {}, kAnnouncementLimit);
}

void CallCore::State::concluded(Channel& party, const purpose::ConferenceName& asked, const std::string&) {
    const media::RecordingId recording{++live.last_recording};
    say(party, purpose::ConferenceNameSpoken{asked.conference, asked.is_administrator, recording}, {},
        kUntilNameIsSaid, kLongestName);
    if (!party.conversation) return;
    auto path = fmt::format("{}/{}.wav", settings.conference_directory, recording.value);
    live.spoken_names[recording] = {party.id, path};
    engine.command(media::Record{party.conversation->leg, recording, std::move(path)});
}

void CallCore::State::concluded(Channel& party, const purpose::ConferenceNameSpoken& spoken,
                                const std::string&) {
    const auto* conference = snapshot->find(spoken.conference);
    if (conference == nullptr) return give_up(party, Cause::DestinationOutOfOrder);
    // Others may have come meanwhile.
    if (has_place(party, *conference, spoken.is_administrator))
        enter_conference(party, *conference, spoken.is_administrator);
}

void CallCore::State::name_recorded(const media::Recorded& recorded) {
    const auto node = live.spoken_names.extract(recorded.recording);
    if (node.empty() || !recorded.kept) return;
    auto& [id, path] = node.mapped();
    auto* party = channel(id);
    if (party == nullptr || !party->seat || recorded.length < kShortestName)
        return engine.command(media::MoveRecording{path, ""});
    auto& room = live.rooms.at(party->seat->room);
    room.names.push_back(path);
    party->seat->name = path;
    if (room.parties.size() > 1) say_name_in(room, path, "conf-has-joined");
}

void CallCore::State::enter_conference(Channel& party, const model::Conference& conference,
                                       bool is_administrator) {
    if (open_audio_leg(party) == nullptr) return hang_up(party, Cause::BearerCapabilityNotAvailable);
    stop_ringback(party);
    auto* known = room_of(conference.id);
    auto& room = known != nullptr ? *known : open_room();
    room.conference = conference.id;
    const auto others = room.parties.size();
    trace(party, "{} enters conference {} ({}){}, where {} are already", party.name, conference.id.value,
          conference.name, is_administrator ? " as its administrator" : "", others);
    if (others == 1) {
        // That it is alone is not true any more.
        auto& first = live.channels.at(room.parties.front());
        end_conversation(first);
        attend_music(first, nullptr);
    }
    sit_down(party, room, is_administrator);
    if (others == 0) return be_alone(party);
    if (conference.quiet_join_leave) beep_in(room);
    if (conference.announce_user_count) tell_how_many(party, others);
}

ConferenceRoom* CallCore::State::room_of(model::ConferenceId conference) {
    const auto found = std::ranges::find_if(
        live.rooms, [&](const auto& entry) { return entry.second.conference == conference; });
    return found == live.rooms.end() ? nullptr : &found->second;
}

ConferenceRoom& CallCore::State::open_room() {
    const BridgeId id{++live.last_bridge};
    auto& room = live.rooms[id];
    room.id = id;
    return room;
}

void CallCore::State::sit_down(Channel& party, ConferenceRoom& room, bool is_administrator) {
    party.seat = ConferenceSeat{room.conference, room.id, is_administrator};
    room.parties.push_back(party.id);
    note_change(party);
    events.emit(CallEventType::BridgeEnter, party, linked_id(party));
    take_seat(party);
}

void CallCore::State::tell_how_many(Channel& party, std::size_t others) {
    if (others == 1) return tell_in_room(party, {{"conf-one-other"}});
    std::vector<Prompt> prompts{{"conf-there-are"}};
    for (auto& sound : spoken_number(party.language, static_cast<std::uint32_t>(others)))
        prompts.push_back({std::move(sound)});
    prompts.push_back({"conf-others"});
    tell_in_room(party, std::move(prompts));
}

void CallCore::State::leave_conference(Channel& party) {
    if (!party.seat) return;
    end_conversation(party);
    attend_music(party, nullptr);
    events.emit(CallEventType::BridgeExit, party, linked_id(party));
    if (party.seat->conference)
        trace(party, "{} leaves conference {}", party.name, party.seat->conference.value);
    if (const auto* leg = open_audio_leg(party)) engine.command(media::LeaveRoom{leg->id});
    const auto seat = *std::exchange(party.seat, std::nullopt);
    const auto found = live.rooms.find(seat.room);
    auto& room = found->second;
    std::erase(room.parties, party.id);
    if (room.paging) return leave_page(seat.room, seat.is_administrator);
    if (room.parties.empty()) {
        for (auto& name : room.names)
            engine.command(media::MoveRecording{std::move(name), ""});
        live.rooms.erase(found);
        return;
    }
    if (!seat.name.empty()) say_name_in(room, seat.name, "conf-has-left");
    const auto* conference = snapshot->find(seat.conference);
    if (conference != nullptr && conference->quiet_join_leave) beep_in(room);
    if (room.parties.size() == 1) be_alone(live.channels.at(room.parties.front()));
}

void CallCore::State::hand_seat_over(Channel& leaving, Channel& coming) {
    end_conversation(leaving);
    attend_music(leaving, nullptr);
    events.emit(CallEventType::BridgeExit, leaving, linked_id(leaving));
    if (const auto* leg = open_audio_leg(leaving)) engine.command(media::LeaveRoom{leg->id});
    const auto seat = *std::exchange(leaving.seat, std::nullopt);
    auto& room = live.rooms.at(seat.room);
    std::ranges::replace(room.parties, leaving.id, coming.id);
    coming.seat = ConferenceSeat{seat.conference, seat.room, seat.is_administrator};
    trace(coming, "{} is in conference {} in the place of {}", coming.name, seat.conference.value,
          leaving.name);
    begin_application(coming, leaving.application, leaving.application_data);
    events.emit(CallEventType::BridgeEnter, coming, linked_id(coming));
    note_change(coming);
    // Takes the seat, and hears the music of who is alone.
    configure_legs(coming, nullptr);
    offer_own_codecs(coming);
}

void CallCore::State::take_seat(const Channel& party) {
    const auto& seat = *party.seat;
    const bool is_muted = seat.is_muted || (live.rooms.at(seat.room).are_muted && !seat.is_administrator);
    if (const auto* leg = open_audio_leg(party))
        engine.command(media::EnterRoom{leg->id, media::RoomId{seat.room.value}, is_muted, seat.talking_db,
                                        seat.hearing_db});
}

void CallCore::State::be_alone(Channel& party) {
    const auto* conference = snapshot->find(party.seat->conference);
    if (conference != nullptr && conference->announce_only_user)
        return tell_in_room(party, {{"conf-only-person"}});
    attend_music(party, music_alone(party));
}

const model::Moh* CallCore::State::music_alone(const Channel& party) const {
    if (party.parked) return music_of_place(*party.parked);
    if (!party.seat || party.conversation) return nullptr;
    const auto* conference = snapshot->find(party.seat->conference);
    if (conference == nullptr || conference->music_on_hold.empty()) return nullptr;
    if (live.rooms.at(party.seat->room).parties.size() > 1) return nullptr;
    return music_named(conference->music_on_hold);
}

void CallCore::State::tell_in_room(Channel& party, std::vector<Prompt> prompts) {
    attend_music(party, nullptr);
    say(party, purpose::InConference{}, std::move(prompts), {}, kSoundLimit);
}

void CallCore::State::concluded(Channel& party, const purpose::InConference&, const std::string&) {
    attend_music(party, music_alone(party));
}

void CallCore::State::on_conference_key(Channel& party, char key) {
    auto& seat = *party.seat;
    auto& room = live.rooms.at(seat.room);
    if (room.paging) return;
    trace(party, "{} presses {} in conference {}", party.name, key, seat.conference.value);
    switch (key) {
        case '*': {
            std::vector<Prompt> prompts{{"conf-menu"}};
            if (seat.is_administrator) prompts.push_back({"conf-admin-menu"});
            return tell_in_room(party, std::move(prompts));
        }
        case '1':
            if (room.are_muted && !seat.is_administrator) return tell_in_room(party, {{"conf-all-muted"}});
            seat.is_muted = !seat.is_muted;
            take_seat(party);
            return tell_in_room(party, {{seat.is_muted ? "conf-muted" : "conf-unmuted"}});
        case '4':
        case '5':
        case '6':
            seat.hearing_db =
                key == '5' ? std::int8_t{0} : changed_volume(seat.hearing_db, (key - '5') * kVolumeStepDb);
            return take_seat(party);
        case '7':
        case '8':
        case '9':
            seat.talking_db =
                key == '8' ? std::int8_t{0} : changed_volume(seat.talking_db, (key - '8') * kVolumeStepDb);
            return take_seat(party);
        default:
            if (seat.is_administrator) on_administrator_key(party, room, key);
    }
}

void CallCore::State::on_administrator_key(Channel& administrator, ConferenceRoom& room, char key) {
    if (key == '2') {
        room.is_locked = !room.is_locked;
        tell_in_room(administrator, {{room.is_locked ? "conf-locked" : "conf-unlocked"}});
    } else if (key == '3') {
        const auto last = std::ranges::find_if(room.parties.rbegin(), room.parties.rend(), [&](ChannelId id) {
            return !live.channels.at(id).seat->is_administrator;
        });
        if (last == room.parties.rend()) return tell_in_room(administrator, {{"not-possible"}});
        auto& removed = live.channels.at(*last);
        trace(administrator, "{} is removed from the conference", removed.name);
        leave_conference(removed);
        say_last(removed, {{"conf-kicked"}});
    } else if (key == '0') {
        room.are_muted = !room.are_muted;
        for (const auto id : room.parties)
            take_seat(live.channels.at(id));
        say_in(room, room.are_muted ? "conf-all-muted" : "conf-all-unmuted");
    }
}

void CallCore::State::beep_in(const ConferenceRoom& room) {
    engine.command(
        media::PlayToRoom{media::RoomId{room.id.value}, {tone_of(Prompt::Tone::Beep, settings.country)}});
}

void CallCore::State::say_in(const ConferenceRoom& room, std::string_view sound) {
    media::PlayToRoom play;
    play.room = media::RoomId{room.id.value};
    const auto& language = settings.default_language;
    for (auto& place :
         places_of(sound, {settings.sounds_directory, settings.uploads_directory, language, language}))
        play.places.emplace_back(std::move(place));
    engine.command(std::move(play));
}

void CallCore::State::say_name_in(const ConferenceRoom& room, const std::string& name,
                                  std::string_view what) {
    engine.command(media::PlayToRoom{media::RoomId{room.id.value}, {name}});
    say_in(room, what);
}

}  // namespace almon::pbx
