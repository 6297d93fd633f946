// SPDX-License-Identifier: GPL-3.0-or-later
// A call for a user, and where it goes instead: always, while the user does not want to be disturbed, and
// after nobody has answered.
#include "model/voicemail.hpp"
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

/// Where calls go that are not forwarded either; null: nowhere.
const model::Destination* fallback_for(const model::User& user, Cause cause) {
    // What goes in circles must not begin anew.
    if (!user.enabled || cause == Cause::ExchangeRoutingError) return nullptr;
    const auto status = dial_status_of(cause);
    const auto* fallback = status == "BUSY"          ? &user.fallback_busy
                           : status == "NOANSWER"    ? &user.fallback_noanswer
                           : status == "CHANUNAVAIL" ? &user.fallback_fail
                           : status == "CONGESTION"  ? &user.fallback_congestion
                                                     : nullptr;
    return fallback != nullptr && *fallback ? fallback : nullptr;
}

/// Where callers leave a message whom nothing else is done with; null: nowhere.
const model::Voicemail* voicemail_for(const model::User& user, Cause cause, const model::Snapshot& snapshot) {
    const auto status = dial_status_of(cause);
    const bool is_away = status == "BUSY" || status == "NOANSWER" || status == "CHANUNAVAIL";
    if (!user.enabled || !is_away || cause == Cause::ExchangeRoutingError) return nullptr;
    const auto* voicemail = snapshot.find(user.voicemail);
    return voicemail != nullptr && voicemail->enabled ? voicemail : nullptr;
}

}  // namespace

Cause CallCore::State::unreachable(const Channel& caller, const UserDestination& destination) {
    const auto& user = *destination.user;
    if (user.enabled && user.forward_unconditional.enabled) return Cause::Unknown;
    if (filter_for(caller, user) != nullptr) return Cause::Unknown;
    const auto cause = turned_away(caller, user);
    const bool goes_on = forward_for(user, cause) != nullptr || fallback_for(user, cause) != nullptr ||
                         voicemail_for(user, cause, *snapshot) != nullptr;
    return goes_on ? Cause::Unknown : cause;
}

Cause CallCore::State::turned_away(const Channel& caller, const model::User& user) {
    if (const auto cause = barred(caller, user); cause != Cause::Unknown) return cause;
    if (!user.do_not_disturb) return Cause::Unknown;
    trace(caller, "user {} does not want to be disturbed: busy", user.id.value);
    return Cause::UserBusy;
}

void CallCore::State::reach(Channel& caller, const UserDestination& destination) {
    const auto& user = *destination.user;
    const std::string context(destination.context);
    if (const auto* closed = closed_by(caller, user.schedule)) return go(caller, *closed);
    // A forward is the called user's affair, not what the caller may.
    if (caller.forwards == 0 && !may_call(caller, caller.exten, nullptr)) return;
    if (const auto* filter = filter_for(caller, user)) return begin_filtered(caller, destination, *filter);
    if (user.enabled && user.forward_unconditional.enabled) {
        trace(caller, "user {} forwards all calls to {}", user.id.value,
              user.forward_unconditional.destination);
        return forward(caller, context, user.forward_unconditional.destination);
    }
    // Who has as many calls as he may cannot be waited for, who does not want to be disturbed can (ADA-068).
    if (const auto cause = barred(caller, user); cause != Cause::Unknown)
        return not_reached(caller, user.id, context, cause);
    if (const auto cause = turned_away(caller, user); cause != Cause::Unknown) {
        offer_completion(caller, user.id, cause);
        return not_reached(caller, user.id, context, cause);
    }
    Continuation then{Continuation::Kind::User, user.id.value, context};
    then.ring_time = destination.ring_time;
    if (!preprocess(caller, "USER", user.preprocess_subroutine, std::move(then))) return;
    dial(caller, as_changed_by_script(caller, destination));
}

void CallCore::State::not_reached(Channel& caller, model::UserId user_id, const std::string& context,
                                  Cause cause) {
    const auto* user = snapshot->user(user_id);
    if (const auto* chosen = user != nullptr ? forward_for(*user, cause) : nullptr) {
        trace(caller, "{}: user {} forwards such calls to {}", text_of(cause), user_id.value,
              chosen->destination);
        return forward(caller, context, chosen->destination);
    }
    if (const auto* fallback = user != nullptr ? fallback_for(*user, cause) : nullptr) {
        trace(caller, "{}: user {} has a destination for such calls", text_of(cause), user_id.value);
        return go(caller, *fallback);
    }
    if (const auto* voicemail = user != nullptr ? voicemail_for(*user, cause, *snapshot) : nullptr) {
        trace(caller, "{}: user {} has voicemail {}", text_of(cause), user_id.value, voicemail->mailbox);
        const bool busy = dial_status_of(cause) == "BUSY";
        if (divert(caller)) reach(caller, VoicemailDestination{voicemail, busy ? "busy" : "unavailable"});
        return;
    }
    give_up(caller, cause);
}

void CallCore::State::forward(Channel& caller, const std::string& context, const std::string& exten) {
    if (divert(caller)) go(caller, look_up(caller, context, exten));
}

}  // namespace almon::pbx
