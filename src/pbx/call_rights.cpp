// SPDX-License-Identifier: GPL-3.0-or-later
// Who may dial what: call permissions of users, of the groups they are in and of ways out.
#include <algorithm>
#include <utility>

#include "model/call_permission.hpp"
#include "pbx/call_core_state.hpp"

namespace almon::pbx {
namespace {

bool is_about(const model::CallPermission& permission, std::string_view number) {
    return std::ranges::any_of(permission.extensions, [&](const std::string& listed) {
        return listed == number ||
               (NumberPattern::is_pattern(listed) && NumberPattern(listed).matches(number));
    });
}

}  // namespace

bool CallCore::State::may_call(const Channel& caller, std::string_view number,
                               const model::Outcall* way_out) {
    std::vector<model::CallPermissionId> permissions;
    const auto add = [&](const std::vector<model::CallPermissionId>& more) {
        permissions.insert(permissions.end(), more.begin(), more.end());
    };
    // Whoever sends somebody elsewhere answers for it.
    auto holder = caller.user;
    if (const auto transfer = live.transfers.find(caller.transfer); transfer != live.transfers.end()) {
        if (const auto* transferor = channel(transfer->second.transferor)) holder = transferor->user;
    }
    if (const auto* user = snapshot->user(holder)) {
        add(user->call_permissions);
        snapshot->for_each_naming<model::Group>(holder, [&](const model::Group& group) {
            if (std::ranges::find(group.users, holder) != group.users.end()) add(group.call_permissions);
        });
    }
    if (way_out != nullptr) add(way_out->call_permissions);

    const model::CallPermission* denied = nullptr;
    for (const auto id : permissions) {
        const auto* permission = snapshot->find(id);
        if (permission == nullptr || !permission->enabled || !is_about(*permission, number)) continue;
        if (permission->mode == "allow") {
            trace(caller, "call permission {} allows {}", permission->name, number);
            return true;
        }
        if (denied == nullptr) denied = permission;
    }
    if (denied == nullptr) return true;
    trace(caller, "call permission {} forbids {}{}", denied->name, number,
          denied->password.empty() ? "" : "; its password cannot be asked for on this system");
    return false;
}

}  // namespace almon::pbx
