// SPDX-License-Identifier: GPL-3.0-or-later
// Who may dial what: call permissions of users, of the groups they are in and of ways out; and who may call
// us.
#include <algorithm>
#include <utility>

#include "model/call_permission.hpp"
#include "pbx/call_core_state.hpp"

namespace almon::pbx {
namespace {

constexpr const char* kPasswordSound = "password";
constexpr const char* kWrongPasswordSound = "password-wrong";
constexpr int kPasswordTries = 3;
constexpr std::size_t kLongestPassword = 40;

bool is_about(const model::CallPermission& permission, std::string_view number) {
    return std::ranges::any_of(permission.extensions, [&](const std::string& listed) {
        return listed == number || (dialplan::NumberPattern::is_pattern(listed) &&
                                    dialplan::NumberPattern(listed).matches(number));
    });
}

}  // namespace

model::UserId CallCore::State::who_sends(const Channel& caller) const {
    const auto transfer = live.transfers.find(caller.transfer);
    if (transfer == live.transfers.end()) return caller.user;
    const auto transferor = live.channels.find(transfer->second.transferor);
    return transferor == live.channels.end() ? caller.user : transferor->second.user;
}

bool CallCore::State::may_call(Channel& caller, std::string_view number, const model::Outcall* way_out) {
    std::vector<model::CallPermissionId> permissions;
    const auto add = [&](const std::vector<model::CallPermissionId>& more) {
        permissions.insert(permissions.end(), more.begin(), more.end());
    };
    const auto holder = who_sends(caller);
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
        if (std::ranges::find(caller.opened_permissions, id) != caller.opened_permissions.end()) continue;
        // One that no password opens decides.
        if (denied == nullptr || permission->password.empty()) denied = permission;
    }
    if (denied == nullptr) return true;
    trace(caller, "call permission {} forbids {}", denied->name, number);
    // Who is sent elsewhere need not know the password of whoever sent it.
    if (denied->password.empty() || caller.transfer) {
        give_up(caller, Cause::CallRejected);
    } else if (answer_itself(caller)) {
        begin_application(caller, "Authenticate", denied->name);
        ask_password(caller, *denied, 1);
    }
    return false;
}

void CallCore::State::ask_password(Channel& caller, const model::CallPermission& permission, int tries) {
    std::vector<Prompt> prompts;
    if (tries > 1) prompts.push_back({kWrongPasswordSound});
    prompts.push_back({kPasswordSound});
    say(caller, purpose::Password{permission.id, tries}, std::move(prompts), {kLongestPassword}, kSoundLimit);
}

void CallCore::State::concluded(Channel& party, const purpose::Password& asked, const std::string& pressed) {
    const auto* permission = snapshot->find(asked.permission);
    if (permission == nullptr) return route(party);
    // A user who has a code of his own opens all by that, and by that alone (ADA-080).
    const auto* user = snapshot->user(party.user);
    const auto& password = user == nullptr || user->call_permission_password.empty()
                               ? permission->password
                               : user->call_permission_password;
    if (pressed == password) {
        trace(party, "knows the password of call permission {}", permission->name);
        party.opened_permissions.push_back(asked.permission);
        party.forwards = 0;
        return route(party);
    }
    trace(party, "does not know the password of call permission {}: try {} of {}", permission->name,
          asked.tries, kPasswordTries);
    if (asked.tries < kPasswordTries) return ask_password(party, *permission, asked.tries + 1);
    say(party, purpose::EndOfCall{Cause::CallRejected}, {{kWrongPasswordSound}}, {}, kSoundLimit);
}

bool CallCore::State::may_come_in(const Channel& caller, const model::Incall& incall) {
    const auto& number = caller.identity.number;
    const model::CallPermission* denied = nullptr;
    for (const auto id : incall.call_permissions) {
        const auto* permission = snapshot->find(id);
        if (permission == nullptr || !permission->enabled || !is_about(*permission, number)) continue;
        if (permission->mode == "allow") return true;
        denied = permission;
    }
    if (denied == nullptr) return true;
    trace(caller, "call permission {} takes no calls of {}", denied->name, number);
    return false;
}

}  // namespace almon::pbx
