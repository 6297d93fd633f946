// SPDX-License-Identifier: GPL-3.0-or-later
// Parked calls: sent to the number of a parking lot, they wait at a place of it until somebody dials that
// (ADB-081 to ADB-086).
#include "pbx/parking.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "model/parking_lot.hpp"
#include "pbx/call_core_state.hpp"
#include "pbx/spoken_number.hpp"

namespace almon::pbx {
namespace {

/// Who asks for a place is told so often which one it is; then he is taken to have forgotten it.
constexpr int kTimesToldPlace = 5;
constexpr std::chrono::seconds kBetweenTellings{5};

std::vector<Prompt> place_spoken(std::string_view number) {
    std::vector<Prompt> prompts{{"parked-at"}};
    add_sounds(prompts, spoken_digits(number));
    return prompts;
}

}  // namespace

std::string CallCore::State::free_place(const model::ParkingLot& lot) const {
    const auto taken = live.parking.find(lot.id);
    std::string number = lot.slots_start;
    while (taken != live.parking.end() && taken->second.contains(number)) {
        if (number == lot.slots_end) return {};
        // The next number of as many digits: the end of the lot has not been reached.
        auto digit = number.rbegin();
        for (; *digit == '9'; ++digit)
            *digit = '0';
        ++*digit;
    }
    return number;
}

void CallCore::State::reach(Channel& caller, const ParkingDestination& destination) {
    const auto& lot = *destination.lot;
    begin_application(caller, "Park", lot.name);
    auto number = free_place(lot);
    if (number.empty()) {
        trace(caller, "all places of parking lot {} ({}) are taken", lot.id.value, lot.name);
        return give_up(caller, Cause::SwitchingCongestion);
    }
    if (caller.transfer) return park_transferred(caller, lot, std::move(number));
    if (!answer_itself(caller)) return;
    occupy(caller, {lot.id, std::move(number), true});
    tell_place(caller, 1);
}

void CallCore::State::occupy(Channel& party, ParkingPlace place) {
    live.parking[place.lot][place.number] = party.id;
    trace(party, "{} {} place {} of parking lot {}", party.name, place.is_reserved ? "reserves" : "waits at",
          place.number, place.lot.value);
    party.parked = std::move(place);
    parking_changed(*party.parked);
}

void CallCore::State::tell_place(Channel& party, int times) {
    say(party, purpose::PlaceTold{times}, place_spoken(party.parked->number), {1, kBetweenTellings},
        kSoundLimit);
}

void CallCore::State::concluded(Channel& party, const purpose::PlaceTold& told, const std::string&) {
    // Who parks blindly is told it once, and its transfer is complete.
    if (!party.parked) {
        tell_transfer(party.id, TransferStage::Done, Cause::Unknown);
        return hang_up(party, Cause::NormalClearing);
    }
    if (told.times < kTimesToldPlace) return tell_place(party, told.times + 1);
    leave_parking(party);
    say_last(party, {{"goodbye"}});
}

void CallCore::State::park(Channel& party, ParkingPlace place) {
    const auto* lot = snapshot->find(place.lot);
    if (lot != nullptr && lot->timeout > 0) {
        place.timer = live.timers.start(clock.instant() + std::chrono::seconds(lot->timeout),
                                        {TimerPurpose::Kind::ParkingTime, DialId{}, party.id});
    }
    occupy(party, std::move(place));
    stop_ringback(party);
    // What it hears by itself: music.
    configure_legs(party, nullptr);
    offer_own_codecs(party);
}

void CallCore::State::park_transferred(Channel& transferee, const model::ParkingLot& lot,
                                       std::string number) {
    auto* transferor = channel(live.transfers.at(transferee.transfer).transferor);
    if (blindly_steered(transferee) != nullptr || transferor == nullptr || transferor->media.holds ||
        open_audio_leg(*transferor) == nullptr) {
        const auto parker = transferor != nullptr ? transferor->user : model::UserId{};
        finish_transfer(transferee);
        return park(transferee, {lot.id, std::move(number), false, parker});
    }
    // Told after the place, so that the phone does not hang up before it has heard that.
    end_transfer(transferee);
    const auto prompts = place_spoken(number);
    park(transferee, {lot.id, std::move(number), false, transferor->user});
    say(*transferor, purpose::PlaceTold{1}, prompts, {}, kAnnouncementLimit);
}

void CallCore::State::hand_place_over(Channel& leaving, Channel& coming) {
    auto place = *leaving.parked;
    leave_parking(leaving);
    end_conversation(leaving);
    begin_application(coming, leaving.application, leaving.application_data);
    if (std::exchange(place.is_reserved, false)) place.parker = leaving.user;
    place.timer = TimerId{};
    park(coming, std::move(place));
}

void CallCore::State::leave_parking(Channel& party) {
    if (!party.parked) return;
    auto place = *std::exchange(party.parked, std::nullopt);
    live.timers.stop(place.timer);
    const auto lot = live.parking.find(place.lot);
    lot->second.erase(place.number);
    if (lot->second.empty()) live.parking.erase(lot);
    attend_music(party, nullptr);
    parking_changed(place);
}

const model::Moh* CallCore::State::music_of_place(const ParkingPlace& place) const {
    const auto* lot = snapshot->find(place.lot);
    return lot == nullptr || place.is_reserved ? nullptr : music_named(lot->music_on_hold);
}

void CallCore::State::parking_changed(const ParkingPlace& place) {
    for (const auto& [name, technology] : technologies)
        technology->parking_changed(place.lot, place.number);
}

void CallCore::State::reach(Channel& caller, const ParkedDestination& destination) {
    const auto& lot = *destination.lot;
    begin_application(caller, "ParkedCall", destination.place);
    const auto taken = live.parking.find(lot.id);
    auto* parked = taken == live.parking.end() || !taken->second.contains(destination.place)
                       ? nullptr
                       : channel(taken->second.at(destination.place));
    if (parked == nullptr || parked == &caller || parked->parked->is_reserved) {
        trace(caller, "nobody waits at place {} of parking lot {}", destination.place, lot.id.value);
        if (caller.transfer || caller.state == ChannelState::Up)
            return give_up(caller, Cause::UnallocatedNumber);
        return announce_and_refuse(caller, "parked-none", Cause::UnallocatedNumber);
    }
    if (negotiates(*parked) || (caller.state == ChannelState::Up && negotiates(caller))) {
        trace(caller, "{} is negotiating its media", parked->name);
        return give_up(caller, Cause::TemporaryFailure);
    }
    if (caller.state != ChannelState::Up) {
        // Who has heard something already keeps what it was told.
        const bool answers = caller.media.local ? open_ear(caller, true) != nullptr
                                                : answer_taker(caller, *parked->media.local);
        if (!answers) {
            trace(caller, "{} and {} share no codec", caller.name, parked->name);
            return hang_up(caller, Cause::BearerCapabilityNotAvailable);
        }
    }
    trace(caller, "{} takes {} from place {}", caller.name, parked->name, destination.place);
    merge_chains(parked->chain, caller.chain);
    leave_parking(*parked);
    end_application(*parked);
    close_unused_legs(caller);
    meet(caller, *parked);
}

void CallCore::State::parking_time_over(Channel& party) {
    const auto place = *party.parked;
    trace(party, "{} has waited long enough at place {}", party.name, place.number);
    leave_parking(party);
    end_application(party);
    const auto* parker = snapshot->user(place.parker);
    if (parker == nullptr) {
        trace(party, "there is nobody whom the call could go back to");
        return give_up(party, Cause::NoAnswer);
    }
    model::Destination back;
    back.type = "user";
    back.to = {&model::declaration_of<model::User>(), parker->id.value};
    // Where its call went before is not what it dials now.
    party.forwards = 0;
    const auto destination = look_up(party, back);
    const auto& home = std::get<UserDestination>(destination);
    // His phones ring, wherever he has new calls go (ADB-084).
    if (const auto cause = turned_away(party, *parker); cause != Cause::Unknown)
        return not_reached(party, parker->id, std::string(home.context), cause);
    dial(party, home);
}

void CallCore::State::clear_lost_places() {
    std::vector<ChannelId> lost;
    for (const auto& [id, places] : live.parking) {
        const auto* lot = snapshot->find(id);
        for (const auto& [number, party] : places) {
            if (lot == nullptr || !model::is_place(*lot, number)) lost.push_back(party);
        }
    }
    for (const auto id : lost) {
        auto& party = live.channels.at(id);
        trace(party, "place {} is no more", party.parked->number);
        if (!party.parked->is_reserved) {
            parking_time_over(party);
            continue;
        }
        leave_parking(party);
        say_last(party, {{"not-possible"}});
    }
}

std::vector<ParkedParty> CallCore::parked() const {
    std::vector<ParkedParty> all;
    for (const auto& [lot, places] : state_->live.parking) {
        for (const auto& [place, id] : places) {
            const auto& party = state_->live.channels.at(id);
            if (party.parked->is_reserved) continue;
            all.push_back({lot, place, party.unique_id, party.name, party.identity});
        }
    }
    return all;
}

std::optional<CallerId> CallCore::parked_at(model::ParkingLotId lot, std::string_view place) const {
    const auto taken = state_->live.parking.find(lot);
    if (taken == state_->live.parking.end()) return std::nullopt;
    const auto found = taken->second.find(std::string(place));
    if (found == taken->second.end()) return std::nullopt;
    const auto& party = state_->live.channels.at(found->second);
    return party.parked->is_reserved ? std::nullopt : std::optional(party.identity);
}

}  // namespace almon::pbx
