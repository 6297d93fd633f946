// SPDX-License-Identifier: GPL-3.0-or-later
// Calls for a group: whose turn it is, for how long, and what happens when nobody answers.
#include <algorithm>
#include <utility>

#include "pbx/call_core_state.hpp"

namespace almon::pbx {

void CallCore::State::reach(Channel& caller, const GroupDestination& destination) {
    const auto& group = *destination.group;
    if (!group.enabled) {
        trace(caller, "group {} is switched off", group.name);
        return reach(caller, UnknownDestination{});
    }
    if (const auto* closed = closed_by(caller, group.schedule)) return go(caller, *closed);
    if (caller.hops == 0) {
        trace(caller, "the call has passed as many switches as it may: a loop");
        return give_up(caller, Cause::ExchangeRoutingError);
    }
    Continuation then{Continuation::Kind::Group, group.id.value};
    then.ring_time = destination.ring_time;
    if (!preprocess(caller, "GROUP", group.preprocess_subroutine, std::move(then))) return;
    mark_name(caller, group.caller_id_mode, group.caller_id_name);
    begin_application(caller, "Queue", group.name);
    auto ring_time = destination.ring_time;
    if (!ring_time && group.timeout) ring_time = std::chrono::seconds(*group.timeout);
    auto& dial = begin_dial(caller, ring_time);
    dial.context = caller.context;
    dial.group = GroupRing{group.id, {}};
    begin_round(dial);
}

void CallCore::State::begin_round(Dial& dial) {
    const auto* group = snapshot->find(dial.group->group);
    if (group == nullptr || !group->enabled) return group_not_reached(dial, Cause::DestinationOutOfOrder);
    dial.group->next = members_by_strategy(*group);
    ring_next_members(dial);
}

void CallCore::State::ring_next_members(Dial& dial) {
    auto& caller = live.channels.at(dial.caller);
    live.timers.stop(dial.turn);
    const auto* group = snapshot->find(dial.group->group);
    if (group == nullptr) return group_not_reached(dial, Cause::DestinationOutOfOrder);
    auto& next = dial.group->next;
    bool rings = false;
    while (!next.empty() && (!rings || group->ring_strategy == "all")) {
        const auto member = next.front();
        next.erase(next.begin());
        rings = ring_member(dial, *group, member) || rings;
    }
    if (rings) {
        // Zero: as long as the caller waits; the turn is then the ring time's alone.
        if (group->user_timeout > 0) begin_turn(dial, group->user_timeout);
        return;
    }
    const bool somebody_is_there = std::ranges::any_of(group->users, [&](model::UserId id) {
        const auto* user = snapshot->user(id);
        if (user == nullptr || !user->enabled || user->do_not_disturb || id == caller.user) return false;
        return std::ranges::any_of(endpoints_of(*snapshot, id), [&](const DestinationEndpoint& endpoint) {
            const auto found = technologies.find(endpoint.technology);
            return found != technologies.end() && !found->second->targets(endpoint.name).empty();
        });
    });
    if (!somebody_is_there) {
        trace(caller, "no member of group {} is there", group->name);
        return group_not_reached(dial, Cause::NoAnswer);
    }
    trace(caller, "nobody of group {} took the call; again in {} s", group->name,
          std::max(1, group->retry_delay));
    begin_turn(dial, std::max(1, group->retry_delay));
    if (caller.state == ChannelState::Up) return start_ringback(caller);
    if (caller.state != ChannelState::Trying) return;
    caller.state = ChannelState::Ringing;
    note_change(caller);
    if (auto* technology = technology_of(caller)) technology->ring(caller.id);
}

bool CallCore::State::ring_member(Dial& dial, const model::Group& group, model::UserId member) {
    const auto& caller = live.channels.at(dial.caller);
    const auto* user = snapshot->user(member);
    if (user == nullptr || turned_away(caller, *user) != Cause::Unknown) return false;
    if (!group.ring_in_use && busy_users.contains(member)) {
        trace(caller, "user {} is on the phone, and group {} does not ring such", member.value, group.name);
        return false;
    }
    return ring_one_of_several(dial, *user, caller.identity);
}

bool CallCore::State::ring_one_of_several(Dial& dial, const model::User& user, const CallerId& shown) {
    std::vector<Invitation> invitations;
    for (const auto& endpoint : endpoints_of(*snapshot, user.id))
        ring(dial, Called{endpoint, &user, {}, shown}, invitations);
    if (invitations.empty()) return false;
    count(dial, user.id);
    for (auto& [technology, callee, call] : invitations)
        technology->invite(callee, call);
    return true;
}

std::vector<model::UserId> CallCore::State::members_by_strategy(const model::Group& group) {
    auto members = group.users;
    const auto& strategy = group.ring_strategy;
    const auto known = live.groups.find(group.id);
    if (strategy == "random" || strategy == "weight_random") {
        // Members of groups have no penalty that could weigh: all are as likely.
        for (std::size_t left = members.size(); left > 1; --left)
            std::swap(members[left - 1], members[random.below(left)]);
    }
    if (known == live.groups.end()) return members;
    const auto& memory = known->second;
    const auto of = [&](model::UserId member) {
        const auto found = memory.members.find(member);
        return found == memory.members.end() ? GroupMemory::Member{} : found->second;
    };
    if (strategy == "least_recent")
        std::ranges::stable_sort(members, {}, [&](model::UserId member) { return of(member).last_call; });
    if (strategy == "fewest_calls")
        std::ranges::stable_sort(members, {}, [&](model::UserId member) { return of(member).calls; });
    if (strategy == "memorized_round_robin") {
        const auto last = std::ranges::find(members, memory.last_answered);
        if (last != members.end()) std::ranges::rotate(members, std::next(last));
    }
    return members;
}

void CallCore::State::begin_turn(Dial& dial, int seconds) {
    dial.turn = live.timers.start(clock.instant() + std::chrono::seconds(seconds),
                                  {TimerPurpose::Kind::Turn, dial.id, ChannelId{}});
}

void CallCore::State::turn_over(DialId id) {
    const auto found = live.dials.find(id);
    if (found == live.dials.end()) return;
    auto& dial = found->second;
    dial.turn = TimerId{};
    if (dial.ringing.empty()) return begin_round(dial);
    auto& caller = live.channels.at(dial.caller);
    trace(caller, "nobody who rings has answered in time");
    for (const auto& attempt : std::exchange(dial.ringing, {})) {
        auto& callee = live.channels.at(attempt.channel);
        end_early_media(caller, callee);
        hang_up(callee, Cause::NoAnswer);
    }
    uncount_all(dial);
    dial.failed(Cause::NoAnswer);
    fail_if_over(dial);
}

void CallCore::State::forget_member(Dial& dial, model::UserId member) {
    const bool rings_still = std::ranges::any_of(dial.ringing, [&](const DialAttempt& attempt) {
        return live.channels.at(attempt.channel).user == member;
    });
    if (!rings_still && std::erase(dial.users, member) > 0) uncount(member);
}

void CallCore::State::group_not_reached(Dial& dial, Cause cause) {
    auto& caller = live.channels.at(dial.caller);
    const auto* group = snapshot->find(dial.group->group);
    stop_dial(dial, cause);
    if (group != nullptr && group->noanswer_destination) {
        trace(caller, "group {} has a destination for calls that nobody takes", group->name);
        return go(caller, group->noanswer_destination);
    }
    give_up(caller, cause);
}

void CallCore::State::note_group_call(const Channel& ended) {
    if (snapshot->find(ended.group) == nullptr) return;
    auto& member = live.groups[ended.group].members[ended.user];
    ++member.calls;
    member.last_call = clock.instant();
}

}  // namespace almon::pbx
