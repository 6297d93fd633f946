// SPDX-License-Identifier: GPL-3.0-or-later
// Where a call for a user goes instead: always, while the user does not want to be disturbed, and after
// nobody has answered.
#include "pbx/call_core_state.hpp"

namespace almon::pbx {
namespace {

/// The forward that a cause of not being reached asks for; null: there is none. A phone that is not there
/// does not answer.
const model::Forward* forward_for(const model::User& user, Cause cause) {
    if (!user.enabled) return nullptr;
    const auto status = dial_status_of(cause);
    const model::Forward* forward = nullptr;
    if (status == "BUSY") forward = &user.forward_busy;
    if (status == "NOANSWER" || cause == Cause::SubscriberAbsent) forward = &user.forward_noanswer;
    return forward != nullptr && forward->enabled ? forward : nullptr;
}

}  // namespace

Cause CallCore::State::unreachable(const Channel& caller, const UserDestination& destination) {
    const auto& user = *destination.user;
    if (user.enabled && user.forward_unconditional.enabled) return Cause::Unknown;
    const auto cause = turned_away(caller, user);
    return forward_for(user, cause) != nullptr ? Cause::Unknown : cause;
}

Cause CallCore::State::turned_away(const Channel& caller, const model::User& user) {
    if (const auto cause = barred(caller, user); cause != Cause::Unknown) return cause;
    if (!user.do_not_disturb) return Cause::Unknown;
    trace(caller, "user {} does not want to be disturbed: busy", user.id.value);
    return Cause::UserBusy;
}

void CallCore::State::reach(Channel& caller, const UserDestination& destination) {
    const auto& user = *destination.user;
    const auto& context = destination.line->context;
    if (user.enabled && user.forward_unconditional.enabled) {
        trace(caller, "user {} forwards all calls to {}", user.id.value,
              user.forward_unconditional.destination);
        return forward(caller, context, user.forward_unconditional.destination);
    }
    if (const auto cause = turned_away(caller, user); cause != Cause::Unknown)
        return not_reached(caller, user.id, context, cause);
    dial(caller, destination);
}

void CallCore::State::not_reached(Channel& caller, model::UserId user_id, const std::string& context,
                                  Cause cause) {
    const auto* user = snapshot->user(user_id);
    if (const auto* chosen = user != nullptr ? forward_for(*user, cause) : nullptr) {
        trace(caller, "{}: user {} forwards such calls to {}", text_of(cause), user_id.value,
              chosen->destination);
        return forward(caller, context, chosen->destination);
    }
    give_up(caller, cause);
}

void CallCore::State::forward(Channel& caller, const std::string& context, const std::string& exten) {
    if (++caller.forwards > kMostRedirects) {
        trace(caller, "forwarded more than {} times: a loop", kMostRedirects);
        return give_up(caller, Cause::ExchangeRoutingError);
    }
    const auto destination = resolve(*snapshot, context, exten, [&](std::string step) {
        traces.add(caller.chain, clock.utc(), std::move(step));
    });
    if (const auto* user = std::get_if<UserDestination>(&destination)) return reach(caller, *user);
    if (caller.transfer || caller.state == ChannelState::Up) return give_up(caller, Cause::UnallocatedNumber);
    announce_and_refuse(caller, kUnknownNumberSound, Cause::UnallocatedNumber);
}

void CallCore::State::give_up(Channel& caller, Cause cause) {
    caller.dial_status = dial_status_of(cause);
    trace(caller, "not reached: {}", text_of(cause));
    if (caller.transfer) return transfer_failed(caller, cause);
    hang_up(caller, cause);
}

}  // namespace almon::pbx
