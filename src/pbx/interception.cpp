// SPDX-License-Identifier: GPL-3.0-or-later
// Taking calls that ring elsewhere: for a number (*8<number>), or for colleagues (*8).
#include <algorithm>
#include <utility>

#include "model/call_pickup.hpp"
#include "model/group.hpp"
#include "pbx/call_core_state.hpp"

namespace almon::pbx {
namespace {

constexpr const char* kNothingRings = "pickup-none";

bool contains(const auto& list, const auto& value) {
    return std::ranges::find(list, value) != list.end();
}

}  // namespace

void CallCore::State::take_call_of(Channel& taker, const std::string& number) {
    begin_application(taker, "Pickup", number);
    const auto destination = look_up(taker, taker.context, number);
    if (const auto* user = std::get_if<UserDestination>(&destination))
        return take_first_call(taker, {user->user->id}, {});
    if (const auto* group = std::get_if<GroupDestination>(&destination))
        return take_first_call(taker, group->group->users, group->group->id);
    trace(taker, "{} is nobody's number", number);
    announce_and_refuse(taker, kNothingRings, Cause::UnallocatedNumber);
}

void CallCore::State::take_any_call(Channel& taker) {
    begin_application(taker, "Pickup", {});
    std::vector<model::UserId> targets;
    const auto members_of = [&](model::GroupId id) -> const std::vector<model::UserId>& {
        static const std::vector<model::UserId> kNobody;
        const auto* group = snapshot->find(id);
        return group == nullptr ? kNobody : group->users;
    };
    snapshot->for_each<model::CallPickup>([&](const model::CallPickup& pickup) {
        if (!pickup.enabled) return;
        const bool may = contains(pickup.interceptor_users, taker.user) ||
                         std::ranges::any_of(pickup.interceptor_groups, [&](model::GroupId group) {
                             return contains(members_of(group), taker.user);
                         });
        if (!may) return;
        targets.insert(targets.end(), pickup.target_users.begin(), pickup.target_users.end());
        for (const auto group : pickup.target_groups)
            targets.insert(targets.end(), members_of(group).begin(), members_of(group).end());
    });
    if (targets.empty()) trace(taker, "user {} may take nobody's calls", taker.user.value);
    take_first_call(taker, targets, {});
}

/// Who waits longest is taken first.
void CallCore::State::take_first_call(Channel& taker, const std::vector<model::UserId>& users,
                                      model::GroupId group) {
    Channel* first = nullptr;
    for (const auto user : users) {
        const auto found = busy_users.find(user);
        if (found == busy_users.end()) continue;
        for (const auto id : found->second.channels) {
            auto* const ringing = channel(id);
            const auto* dial = ringing_dial_of(*ringing);
            if (dial == nullptr || dial->caller == taker.id ||
                (group && (!dial->group || dial->group->group != group)))
                continue;
            if (first == nullptr || ringing->id < first->id) first = ringing;
        }
    }
    if (first != nullptr) return pick_up(taker, *first);
    trace(taker, "nothing rings there");
    announce_and_refuse(taker, kNothingRings, Cause::SubscriberAbsent);
}

}  // namespace almon::pbx
