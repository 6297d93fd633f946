// SPDX-License-Identifier: GPL-3.0-or-later
// Where a call goes: a number's or a configured destination, and what every destination has in common.
#include <utility>

#include "model/schedule.hpp"
#include "pbx/call_core_state.hpp"
#include "pbx/caller_id.hpp"
#include "pbx/opening_hours.hpp"

namespace almon::pbx {

void CallCore::State::route(Channel& caller) {
    // Providers name us with or without it (ADB-003).
    if (caller.trunk && caller.exten.starts_with('+')) {
        trace(caller, "the + before {} is dropped", caller.exten);
        caller.exten.erase(0, 1);
    }
    const auto destination = look_up(caller, caller.context, caller.exten);
    // A new call is the last one from now on; a code may be about the one before.
    if (!std::holds_alternative<FeatureDestination>(destination)) live.completion_offers.erase(caller.user);
    go(caller, destination);
}

Destination CallCore::State::look_up(const Channel& asking, std::string_view context,
                                     std::string_view exten) {
    return resolve(
        *snapshot, context, exten,
        [&](std::string step) { traces.add(asking.chain, clock.utc(), std::move(step)); }, &patterns,
        written_numbers());
}

Destination CallCore::State::look_up(const Channel& asking, const model::Destination& configured) {
    return resolve(
        *snapshot, configured,
        [&](std::string step) { traces.add(asking.chain, clock.utc(), std::move(step)); }, patterns,
        written_numbers());
}

void CallCore::State::go(Channel& caller, const Destination& destination) {
    std::visit([&](const auto& typed) { reach(caller, typed); }, destination);
}

void CallCore::State::go(Channel& caller, const model::Destination& configured) {
    if (divert(caller)) go(caller, look_up(caller, configured));
}

bool CallCore::State::divert(Channel& caller) {
    if (++caller.forwards <= kMostRedirects) return true;
    trace(caller, "forwarded more than {} times: a loop", kMostRedirects);
    give_up(caller, Cause::ExchangeRoutingError);
    return false;
}

void CallCore::State::reach(Channel& caller, const UnknownDestination&) {
    if (caller.transfer) return give_up(caller, Cause::UnallocatedNumber);
    announce_and_refuse(caller, kUnknownNumberSound, Cause::UnallocatedNumber);
}

void CallCore::State::reach(Channel& caller, const UnservedDestination& destination) {
    trace(caller, "{} cannot take calls on this system", destination.what);
    give_up(caller, Cause::SwitchingCongestion);
}

void CallCore::State::reach(Channel& caller, const HangUpDestination& end) {
    caller.dial_status = dial_status_of(end.cause);
    trace(caller, "the call ends here: {}", text_of(end.cause));
    if (caller.transfer && end.cause != Cause::NormalClearing) return give_up(caller, end.cause);
    finish_transfer(caller);
    if (caller.state != ChannelState::Up) {
        // A call that was not answered is declined, not ended.
        return hang_up(caller, end.cause == Cause::NormalClearing ? Cause::CallRejected : end.cause);
    }
    if (end.cause == Cause::NormalClearing) return hang_up(caller, end.cause);
    end_with_tone(caller, end.cause, end.tone.value_or(kAnnouncementLimit));
}

void CallCore::State::reach(Channel& caller, const IncallDestination& destination) {
    const auto& incall = *destination.incall;
    trace(caller, "incoming call {} for {}", incall.id.value, caller.exten);
    if (!preprocess(caller, "DID", incall.preprocess_subroutine,
                    {Continuation::Kind::Incall, incall.id.value}))
        return;
    mark_name(caller, incall.caller_id_mode, incall.caller_id_name);
    if (!may_come_in(caller, incall)) return give_up(caller, Cause::CallRejected);
    const auto* closed = closed_by(caller, incall.schedule);
    go(caller, closed != nullptr ? *closed : incall.destination);
}

void CallCore::State::mark_name(Channel& caller, std::string_view mode, std::string_view mark) {
    auto marked = marked_name(caller.identity.name, mode, mark);
    if (marked == caller.identity.name) return;
    caller.identity.name = std::move(marked);
    trace(caller, "is shown as \"{}\" <{}>", caller.identity.name, caller.identity.number);
}

const model::Destination* CallCore::State::closed_by(const Channel& caller, model::ScheduleId id) {
    const auto* schedule = snapshot->find(id);
    if (schedule == nullptr) return nullptr;
    const auto* zone =
        settings.time_zones != nullptr ? settings.time_zones->find(schedule->timezone) : nullptr;
    const auto at = [&](UtcTime time) {
        return wall_clock(time, zone != nullptr ? zone->offset_at(time) : std::chrono::seconds(0));
    };
    const auto now = at(clock.utc());
    const auto* destination = closed_destination(*schedule, now, at(clock.utc() - std::chrono::hours(24)));
    trace(caller, "schedule {} ({}) is {} on {}{}", id.value, schedule->name,
          destination == nullptr ? "open" : "closed", now.text(),
          schedule->timezone.empty() ? "" : " in " + schedule->timezone);
    return destination;
}

Cause CallCore::State::unreachable(const Channel& caller, const Destination& destination) {
    const auto* user = std::get_if<UserDestination>(&destination);
    return user != nullptr ? unreachable(caller, *user) : Cause::Unknown;
}

void CallCore::State::give_up(Channel& caller, Cause cause) {
    caller.dial_status = dial_status_of(cause);
    trace(caller, "not reached: {}", text_of(cause));
    if (caller.transfer) return transfer_failed(caller, cause);
    if (goes_back(caller)) return;
    // Who was answered is told by a tone, as a telephone does for who was not.
    if (caller.state == ChannelState::Up) return end_with_tone(caller, cause, kAnnouncementLimit);
    hang_up(caller, cause);
}

}  // namespace almon::pbx
