// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/call_completion.hpp"

#include <algorithm>
#include <utility>

#include "pbx/call_core_state.hpp"

namespace almon::pbx {

void CallCore::State::offer_completion(const Channel& caller, model::UserId callee, Cause cause) {
    const auto status = dial_status_of(cause);
    const bool can_be_repeated = status == "BUSY" || status == "NOANSWER" || status == "CANCEL";
    // A call that was sent elsewhere has not failed at whom the caller wanted (ADA-068, ADA-069).
    if (!can_be_repeated || !caller.user || caller.trunk || caller.transfer || caller.forwards > 0) return;
    if (callee == caller.user) return;
    const auto& lines = snapshot->lines_of_user(callee);
    const auto* line = lines.empty() ? nullptr : snapshot->line(lines.front());
    if (line == nullptr) return;
    CompletionOffer offer{caller.line, callee, caller.exten, caller.context,
                          clock.instant() + kCompletionOffer};
    // Whom a filter has chosen was not dialled (ADA-070).
    if (caller.filter) {
        const auto* number = snapshot->main_extension_of_line(line->id);
        if (number == nullptr) return;
        offer.exten = number->exten;
        offer.context = number->context;
    }
    live.completion_offers.insert_or_assign(caller.user, std::move(offer));
}

void CallCore::State::toggle_completion(Channel& caller) {
    if (live.completions.contains(caller.user)) {
        trace(caller, "no longer waits for user {}", live.completions.at(caller.user).call.callee.value);
        end_completion(caller.user);
        return say_last(caller, {{"completion-off"}});
    }
    auto offered = live.completion_offers.extract(caller.user);
    if (offered.empty() || offered.mapped().until < clock.instant()) {
        trace(caller, "there is no call to complete");
        return say_last(caller, {{"completion-refused"}});
    }
    auto& completion = live.completions[caller.user];
    completion.call = std::move(offered.mapped());
    completion.wait = completion_timer(TimerPurpose::Kind::CompletionOver, caller.user, kCompletionWait);
    trace(caller, "waits for user {} to be free", completion.call.callee.value);
    say_last(caller, {{"completion-on"}});
}

void CallCore::State::end_completion(model::UserId caller) {
    auto ended = live.completions.extract(caller);
    if (ended.empty()) return;
    auto& completion = ended.mapped();
    live.timers.stop(completion.wait);
    live.timers.stop(completion.pause);
    const auto recall = live.originations.find(completion.recall);
    if (recall == live.originations.end()) return;
    for (const auto ringing : std::vector(recall->second.ringing))
        hang_up(live.channels.at(ringing), Cause::NormalClearing);
}

bool CallCore::State::is_due(model::UserId caller, const CallCompletion& completion) const {
    return completion.callee_was_busy && !completion.recall && !busy_users.contains(completion.call.callee) &&
           !busy_users.contains(caller);
}

void CallCore::State::note_for_completions(const Channel& ended) {
    const bool was_on_the_phone = ended.state == ChannelState::Up || !ended.outgoing;
    for (auto& [caller, completion] : live.completions) {
        if (was_on_the_phone && ended.user == completion.call.callee) completion.callee_was_busy = true;
    }
    recall_who_is_due();
}

void CallCore::State::recall_who_is_due() {
    for (auto& [caller, completion] : live.completions) {
        if (is_due(caller, completion) && !completion.pause) pause_before_recall(caller, completion);
    }
}

void CallCore::State::pause_before_recall(model::UserId caller, CallCompletion& completion) {
    completion.pause = completion_timer(TimerPurpose::Kind::CompletionDue, caller, kCompletionPause);
}

TimerId CallCore::State::completion_timer(TimerPurpose::Kind kind, model::UserId caller, Duration time) {
    TimerPurpose purpose;
    purpose.kind = kind;
    purpose.user = caller;
    return live.timers.start(clock.instant() + time, purpose);
}

void CallCore::State::recall(model::UserId caller) {
    const auto found = live.completions.find(caller);
    if (found == live.completions.end()) return;
    auto& completion = found->second;
    completion.pause = TimerId{};
    if (!is_due(caller, completion)) return;
    CallOrder order;
    order.user = caller;
    order.line = completion.call.line;
    order.exten = completion.call.exten;
    order.context = completion.call.context;
    order.ring_time = kCompletionRecall;
    const auto made = originate(order);
    if (made) {
        completion.recall = OriginationId{live.last_origination};
    } else if (made.error().code == ErrorCode::Exhausted) {
        pause_before_recall(caller, completion);
    } else {
        end_completion(caller);
    }
}

model::UserId CallCore::State::recalled_by(OriginationId origination) const {
    const auto found = std::ranges::find_if(
        live.completions, [&](const auto& entry) { return entry.second.recall == origination; });
    return found == live.completions.end() ? model::UserId{} : found->first;
}

void CallCore::State::recall_answered(OriginationId recall, ChannelId originator) {
    const auto caller = recalled_by(recall);
    const auto found = live.completions.find(caller);
    if (found == live.completions.end()) return;
    auto& completion = found->second;
    const auto callee = completion.call.callee;
    completion.recall = OriginationId{};
    completion.callee_was_busy = false;
    const auto* calling = channel(originator);
    const auto dial = calling == nullptr ? live.dials.end() : live.dials.find(calling->dial);
    if (dial == live.dials.end()) return;
    const auto rings = [&](const DialAttempt& attempt) {
        return live.channels.at(attempt.channel).user == callee;
    };
    // Who is sent elsewhere, or finds him busy, goes on waiting (ADA-071); not who has his secretaries.
    const bool is_filtered = dial->second.filter && dial->second.filter->boss == callee;
    if (is_filtered || std::ranges::any_of(dial->second.ringing, rings)) end_completion(caller);
}

}  // namespace almon::pbx
