// SPDX-License-Identifier: GPL-3.0-or-later
// Calls for a boss that secretaries take, or hear first (ADA-054 to ADA-058).
#include <algorithm>
#include <utility>

#include "model/call_filter.hpp"
#include "pbx/call_core_state.hpp"
#include "pbx/caller_id.hpp"

namespace almon::pbx {
namespace {

using std::chrono::duration_cast;
using std::chrono::seconds;

bool filters_calls_of(const model::CallFilter& filter, const Channel& caller) {
    if (filter.source == "all") return true;
    return (filter.source == "external") == static_cast<bool>(caller.trunk);
}

/// Secretaries who have switched the filter on, in the order in which they ring: who stands last is the first
/// of those who ring one after the other (ADA-057).
std::vector<model::UserId> active_secretaries(const model::CallFilter& filter,
                                              const model::Snapshot& snapshot) {
    std::vector<model::UserId> active;
    for (const auto* member : model::members_of(filter, false, snapshot)) {
        if (member->is_active) active.insert(active.begin(), member->user);
    }
    return active;
}

int ring_seconds(const model::CallFilter& filter, const std::vector<model::UserId>& secretaries,
                 const model::Snapshot& snapshot) {
    if (filter.surrogates_timeout) return *filter.surrogates_timeout;
    seconds longest{0};
    for (const auto id : secretaries) {
        const auto* user = snapshot.user(id);
        if (user == nullptr) continue;
        if (user->ring_time == seconds(0)) return 0;
        longest = std::max(longest, user->ring_time);
    }
    return static_cast<int>(longest.count());
}

/// Who rings when. @param boss_seconds How long the boss does.
std::vector<FilterTurn> turns_of(const model::CallFilter& filter, model::UserId boss, int boss_seconds,
                                 const model::Snapshot& snapshot) {
    auto secretaries = active_secretaries(filter, snapshot);
    std::vector<FilterTurn> turns;
    const auto add = [&](std::vector<model::UserId> together) {
        const auto time = ring_seconds(filter, together, snapshot);
        turns.push_back({std::move(together), time});
    };
    if (filter.strategy == "all") {
        secretaries.push_back(boss);
        add(std::move(secretaries));
        return turns;
    }
    if (filter.strategy == "all-recipients-then-linear-surrogates" ||
        filter.strategy == "linear-surrogates-then-all-recipients") {
        for (const auto secretary : secretaries)
            add({secretary});
    } else {
        add(std::move(secretaries));
    }
    const bool boss_first = filter.strategy.starts_with("all-recipients");
    turns.insert(boss_first ? turns.begin() : turns.end(), FilterTurn{{boss}, boss_seconds});
    return turns;
}

}  // namespace

const model::CallFilter* CallCore::State::filter_for(const Channel& caller, const model::User& boss) const {
    const model::CallFilter* chosen = nullptr;
    snapshot->for_each_naming<model::CallFilterMember>(boss.id, [&](const model::CallFilterMember& member) {
        const auto* filter = member.is_recipient ? snapshot->find(member.filter) : nullptr;
        if (chosen != nullptr || filter == nullptr || !filter->enabled || filter->id == caller.filter) return;
        if (!filters_calls_of(*filter, caller)) return;
        // The secretaries themselves get through to the boss, whether they filter now or not.
        const auto secretaries = model::members_of(*filter, false, *snapshot);
        const auto sender = who_sends(caller);
        const bool is_secretary = std::ranges::any_of(
            secretaries, [&](const auto* each) { return sender && each->user == sender; });
        const bool is_on = std::ranges::any_of(secretaries, &model::CallFilterMember::is_active);
        if (is_on && !is_secretary) chosen = filter;
    });
    return chosen;
}

void CallCore::State::begin_filtered(Channel& caller, const UserDestination& destination,
                                     const model::CallFilter& filter) {
    const auto& boss = *destination.user;
    trace(caller, "filter {} ({}) takes calls for user {}: {}", filter.id.value, filter.name, boss.id.value,
          filter.strategy);
    caller.filter = filter.id;
    begin_application(caller, "Dial", filter.name);
    auto boss_seconds =
        static_cast<int>(duration_cast<seconds>(destination.ring_time.value_or(boss.ring_time)).count());
    for (const auto* member : model::members_of(filter, true, *snapshot)) {
        if (member->user == boss.id && member->timeout) boss_seconds = *member->timeout;
    }
    auto& dial = begin_dial(caller, std::nullopt);
    dial.context = destination.context;
    dial.filter = FilterRing{filter.id, boss.id, turns_of(filter, boss.id, boss_seconds, *snapshot), {}};
    ring_next_turn(dial);
}

void CallCore::State::ring_next_turn(Dial& dial) {
    const auto& caller = live.channels.at(dial.caller);
    live.timers.stop(dial.turn);
    const auto* filter = snapshot->find(dial.filter->filter);
    const auto* boss = snapshot->user(dial.filter->boss);
    auto& next = dial.filter->next;
    while (filter != nullptr && boss != nullptr && !next.empty()) {
        const auto turn = std::move(next.front());
        next.erase(next.begin());
        bool rings = false;
        for (const auto id : turn.users) {
            const auto* user = snapshot->user(id);
            if (user == nullptr) continue;
            if (const auto cause = turned_away(caller, *user); cause != Cause::Unknown) {
                dial.failed(cause);
                continue;
            }
            auto shown = caller.identity;
            // A secretary can tell by it for whom the call is (ADA-058).
            if (id != boss->id && !filter->caller_id_mode.empty()) {
                const auto& mark = filter->caller_id_name;
                shown.name =
                    marked_name(shown.name, filter->caller_id_mode, mark.empty() ? full_name(*boss) : mark);
            }
            if (!ring_one_of_several(dial, *user, shown)) continue;
            if (id != boss->id ? !rings || dial.filter->rung == boss->id : !dial.filter->rung)
                dial.filter->rung = id;
            rings = true;
        }
        if (!rings) continue;
        if (turn.seconds > 0) begin_turn(dial, turn.seconds);
        return;
    }
    nobody_took(dial);
}

void CallCore::State::nobody_took(Dial& dial) {
    auto& caller = live.channels.at(dial.caller);
    const auto* filter = snapshot->find(dial.filter->filter);
    const auto boss = dial.filter->boss;
    const auto context = dial.context;
    const auto rung = dial.filter->rung;
    const auto cause = dial.failure == Cause::Unknown ? Cause::SubscriberAbsent : dial.failure;
    stop_dial(dial, cause);
    offer_completion(caller, rung ? rung : boss, cause);
    if (filter != nullptr && filter->noanswer_destination) {
        trace(caller, "filter {} has a destination for calls that nobody takes", filter->name);
        return go(caller, filter->noanswer_destination);
    }
    not_reached(caller, boss, context, cause);
}

}  // namespace almon::pbx
