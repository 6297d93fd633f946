// SPDX-License-Identifier: GPL-3.0-or-later
// What programs order of calls.
#include <algorithm>
#include <utility>

#include "pbx/call_core_state.hpp"

namespace almon::pbx {

namespace {

/// A program or a script that sets one after the other shall not fill the memory.
constexpr std::size_t kMostVariables = 1000;

}  // namespace

Channel* CallCore::State::channel_named(std::string_view unique_id) noexcept {
    const auto found = std::ranges::find_if(
        live.channels, [&](const auto& each) { return each.second.unique_id == unique_id; });
    return found == live.channels.end() ? nullptr : &found->second;
}

Result<void> CallCore::State::hang_up_ordered(std::string_view unique_id) {
    auto* ended = channel_named(unique_id);
    if (ended == nullptr) return refuse(ErrorCode::NotFound, "call_id", "is no call that is up");
    trace(*ended, "a program hangs {} up", ended->name);
    if (ringing_dial_of(*ended) != nullptr) {
        attempt_failed(*ended, Cause::CallRejected, true);
        return {};
    }
    if (auto* consultation = consultation_of(*ended)) {
        if (complete(*consultation)) return {};
        auto& transferred = live.channels.at(consultation->transferred);
        end_steered(*consultation, bus::TransferChange::Abandoned);
        hang_up(transferred, Cause::NormalClearing, ended->name);
    }
    end_call(*ended, Cause::NormalClearing);
    return {};
}

Result<std::string> CallCore::State::connect_ordered(std::string_view unique_id, model::UserId user_id) {
    auto* moved = channel_named(unique_id);
    if (moved == nullptr) return refuse(ErrorCode::NotFound, "call_id", "is no call that is up");
    const auto* user = snapshot->user(user_id);
    const auto& lines = snapshot->lines_of_user(user_id);
    if (user == nullptr || lines.empty())
        return refuse(ErrorCode::NotFound, "user_uuid", "is no user who has a line");
    auto* peer = peer_of(*moved);
    if (peer == nullptr || moved->steered || peer->steered)
        return refuse(ErrorCode::Conflict, "call_id", "talks to nobody from whom it could be taken");
    if (negotiates(*moved) || negotiates(*peer))
        return refuse(ErrorCode::Unavailable, "call_id", "is agreeing on its media: try again");
    const auto& main = *snapshot->line(lines.front());
    const UserDestination destination{user, main.context, endpoints_of(*snapshot, user_id)};
    if (const auto cause = unreachable(*moved, destination); cause != Cause::Unknown)
        return refuse(ErrorCode::Conflict, "user_uuid", fmt::format("cannot be reached: {}", text_of(cause)));
    trace(*moved, "a program connects {} to user {}", moved->name, user_id.value);
    const auto* extension = snapshot->main_extension_of_line(main.id);
    const auto moved_id = moved->id;
    send_away(*peer, *moved, extension != nullptr ? extension->exten : moved->exten, main.context,
              destination);
    moved = channel(moved_id);
    const auto dial = moved != nullptr ? live.dials.find(moved->dial) : live.dials.end();
    if (dial == live.dials.end() || dial->second.ringing.empty())
        return refuse(ErrorCode::Conflict, "user_uuid", "has no phone that rings");
    return live.channels.at(dial->second.ringing.front().channel).unique_id;
}

Result<void> CallCore::State::set_variable(std::string_view unique_id, Variable variable) {
    auto* on = channel_named(unique_id);
    if (on == nullptr) return refuse(ErrorCode::NotFound, "call_id", "is no call that is up");
    trace(*on, "{} has the variable {} = {}", on->name, variable.name, variable.value);
    if (!hang_variable(*on, std::move(variable)))
        return refuse(ErrorCode::Exhausted, "variable", "is one too many for this call");
    return {};
}

bool CallCore::State::hang_variable(Channel& on, Variable variable) {
    const auto known = std::ranges::find(on.variables, variable.bare_name(), &Variable::bare_name);
    if (known != on.variables.end()) {
        *known = std::move(variable);
        return true;
    }
    if (on.variables.size() >= kMostVariables) return false;
    on.variables.push_back(std::move(variable));
    return true;
}

Result<std::string> CallCore::originate(const CallOrder& order) {
    return state_->step([&] { return state_->originate(order); });
}
Result<void> CallCore::hang_up(std::string_view call) {
    return state_->step([&] { return state_->hang_up_ordered(call); });
}
Result<std::string> CallCore::connect(std::string_view call, model::UserId user) {
    return state_->step([&] { return state_->connect_ordered(call, user); });
}
Result<void> CallCore::set_variable(std::string_view call, Variable variable) {
    return state_->step([&] { return state_->set_variable(call, std::move(variable)); });
}
Result<std::string> CallCore::variable(std::string_view call, std::string_view name) const {
    const auto* on = state_->channel_named(call);
    if (on == nullptr) return refuse(ErrorCode::NotFound, "call_id", "is no call that is up");
    const auto set = std::ranges::find(on->variables, name, &Variable::bare_name);
    return set == on->variables.end() ? std::string() : set->value;
}
Result<SteeredTransfer> CallCore::transfer(const TransferOrder& order) {
    return state_->step([&] { return state_->steer(order); });
}
Result<SteeredTransfer> CallCore::find_transfer(std::string_view name) const {
    const auto found = state_->steered_named(name);
    if (!found) return refuse(found);
    return **found;
}
std::vector<SteeredTransfer> CallCore::transfers_of(model::UserId user) const {
    std::vector<SteeredTransfer> found;
    for (const auto& [id, transfer] : state_->live.steered_transfers) {
        if (transfer.user == user) found.push_back(transfer);
    }
    return found;
}
Result<void> CallCore::complete_transfer(std::string_view name) {
    return state_->step([&]() -> Result<void> {
        const auto found = state_->steered_named(name);
        if (!found) return refuse(found);
        return state_->complete(**found);
    });
}
Result<void> CallCore::cancel_transfer(std::string_view name) {
    return state_->step([&]() -> Result<void> {
        const auto found = state_->steered_named(name);
        if (!found) return refuse(found);
        state_->cancel(**found);
        return {};
    });
}

}  // namespace almon::pbx
