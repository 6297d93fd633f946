// SPDX-License-Identifier: GPL-3.0-or-later
// The straight line of a call: incoming, admitted, routed (routing.cpp), dialled (dialling.cpp), connected
// (talking.cpp), ended.
#include <algorithm>
#include <utility>

#include "pbx/call_core_state.hpp"
#include "pbx/caller_id.hpp"

namespace almon::pbx {

using bus::CallEventType;

void CallCore::State::on(input::Incoming& incoming) {
    technologies.try_emplace(std::string(incoming.technology->name()), incoming.technology);
    auto& call = incoming.call;
    const auto* origin = channel(call.replaces ? call.replaces : call.origin);
    auto& caller =
        open_channel(incoming.channel, false, incoming.technology->name(), std::move(call.endpoint),
                     origin != nullptr ? origin->chain : incoming.channel);
    caller.media.remote = std::move(call.offer);
    caller.media.manner = call.media;
    if (!admit(caller, call)) return;
    if (call.replaces) return take_place(caller, call.replaces);
    route(caller);
}

Channel& CallCore::State::open_channel(ChannelId id, bool outgoing, std::string_view technology,
                                       std::string endpoint, ChannelId chain) {
    auto& opened = live.channels[id];
    opened.id = id;
    opened.outgoing = outgoing;
    opened.technology = technology;
    opened.endpoint = std::move(endpoint);
    opened.chain = chain;
    const auto number = ++live.last_unique;
    const auto epoch = std::chrono::floor<std::chrono::seconds>(clock.utc()).time_since_epoch().count();
    opened.unique_id = fmt::format("{}.{}", epoch, number);
    opened.name = fmt::format("{}/{}-{:08x}", opened.technology, opened.endpoint, number);
    auto& links = live.chains[chain];
    if (++links.channels == 1) {
        links.linked_id = opened.unique_id;
        traces.begin(chain, clock.utc());
    }
    traces.name(chain, opened.unique_id, opened.name);
    return opened;
}

bool CallCore::State::admit(Channel& caller, const IncomingCall& call) {
    const auto* line = snapshot->line(call.line);
    const model::User* user = nullptr;
    caller.exten = call.exten;
    caller.context = call.context;
    caller.hops = call.hops;
    caller.identity = call.claimed;
    if (line != nullptr) {
        const auto& sharing = snapshot->users_of_line(line->id);
        if (!sharing.empty()) user = snapshot->user(sharing.front());
        caller.line = line->id;
        if (caller.context.empty()) caller.context = line->context;
        caller.identity = internal_caller_id(*snapshot, *line, user);
        caller.identity.withheld = call.claimed.withheld;
        caller.account_code = account_code(*snapshot, *line);
    }
    caller.language = settings.default_language;
    if (user != nullptr) {
        belong(caller, user->id);
        if (!user->language.empty()) caller.language = user->language;
        caller.user_field = user->userfield;
        count_for_user(caller);
    }
    const auto* rule = call.trunk ? rule_for(settings.caller_numbers, caller.identity.number) : nullptr;
    if (rule != nullptr) {
        trace(caller, "the caller's number {} matches {} ({})", caller.identity.number, rule->name,
              rule->callerid);
        caller.identity.number = rewritten(*rule, caller.identity.number);
    }
    events.emit(CallEventType::ChannelStart, caller, linked_id(caller));
    note_change(caller);
    trace(caller, "{} calls {} in context {} as \"{}\" <{}>", caller.name, caller.exten, caller.context,
          caller.identity.name, caller.identity.number);

    auto refusal = Cause::Unknown;
    if (live.shutting_down) {
        refusal = Cause::SwitchingCongestion;
        trace(caller, "refused: the system is shutting down");
    } else if (live.chains.size() > settings.maximum_calls) {
        refusal = Cause::SwitchingCongestion;
        trace(caller, "refused: {} calls are up, as many as maximum_calls allows", settings.maximum_calls);
    } else if (live.chains.at(caller.chain).channels > kMostChannelsInChain) {
        refusal = Cause::ExchangeRoutingError;
        trace(caller, "refused: the call has {} channels already, which is taken for a loop",
              kMostChannelsInChain);
    } else if (line == nullptr && call.context.empty()) {
        refusal = Cause::CallRejected;
        trace(caller, "refused: endpoint {} has no line", caller.endpoint);
    } else if (call.trunk && is_full(call.trunk)) {
        refusal = Cause::NoCircuitAvailable;
        trace(caller, "refused: trunk {} has as many calls as it may", call.trunk.value);
    } else if (user != nullptr && !user->enabled) {
        refusal = Cause::CallRejected;
        trace(caller, "refused: user {} is disabled", user->id.value);
    }
    caller.trunk = call.trunk;
    if (refusal == Cause::Unknown) return true;
    hang_up(caller, refusal);
    return false;
}

void CallCore::State::on(input::HungUp& hung_up) {
    auto* gone = channel(hung_up.channel);
    if (gone == nullptr) return;
    if (ringing_dial_of(*gone) != nullptr) return attempt_failed(*gone, hung_up.cause, false);
    trace(*gone, "{} hung up: {}", gone->name, text_of(hung_up.cause));
    if (auto* consultation = consultation_of(*gone)) static_cast<void>(complete(*consultation));
    if (channel(hung_up.channel) == nullptr) return;
    if (const auto found = live.dials.find(gone->dial); found != live.dials.end()) {
        gone->dial_status = "CANCEL";
        const auto& dial = found->second;
        offer_completion(*gone, dial.filter ? dial.filter->rung : dial.user(), Cause::NormalClearing);
        stop_dial(found->second, Cause::NormalClearing);
    }
    const auto name = gone->name;
    if (auto* peer = peer_of(*gone)) {
        leave_bridge(*gone);
        if (goes_on_in_dialplan(*peer)) {
            part(*gone, *peer);
            release(*gone, hung_up.cause, name);
            return go_on_in_dialplan(*peer);
        }
        // Who was called goes first, as its channel belongs to the caller's dial.
        if (gone->outgoing) {
            release(*gone, hung_up.cause, name);
            hang_up(*peer, hung_up.cause, name);
        } else {
            hang_up(*peer, hung_up.cause, name);
            release(*gone, hung_up.cause, name);
        }
        return;
    }
    release(*gone, hung_up.cause, name);
}

void CallCore::State::end_call(Channel& ended, Cause cause) {
    if (const auto* ringing = ringing_dial_of(ended)) {
        if (auto* caller = channel(ringing->caller)) return end_call(*caller, cause);
    }
    if (const auto found = live.dials.find(ended.dial); found != live.dials.end()) {
        ended.dial_status = "CANCEL";
        stop_dial(found->second, cause);
    }
    if (auto* peer = peer_of(ended)) {
        leave_bridge(ended);
        auto& callee = ended.outgoing ? ended : *peer;
        auto& caller = ended.outgoing ? *peer : ended;
        hang_up(callee, cause);
        hang_up(caller, cause);
        return;
    }
    hang_up(ended, cause);
}

void CallCore::State::hang_up(Channel& ended, Cause cause, std::string_view source) {
    if (goes_back(ended)) return;
    if (auto* technology = technology_of(ended)) technology->hang_up(ended.id, cause);
    release(ended, cause, source);
}

void CallCore::State::release(Channel& ended, Cause cause, std::string_view source) {
    end_script(ended);
    leave_transfer(ended);
    leave_steered(ended);
    if (ended.origination) leave_origination(ended);
    note_change(ended);
    leave_conference(ended);
    leave_parking(ended);
    end_conversation(ended);
    close_all_legs(ended);
    const auto& linked = linked_id(ended);
    end_application(ended);
    events.hung_up(ended, linked, cause, source);
    events.emit(CallEventType::ChannelEnd, ended, linked);
    trace(ended, "{} ends: {} ({})", ended.name, text_of(cause), static_cast<int>(cause));
    if (ended.counts_for_user) uncount(ended.user);
    if (ended.group) note_group_call(ended);
    if (const auto owner = busy_users.find(ended.user); owner != busy_users.end()) {
        auto& channels = owner->second.channels;
        channels.erase(std::ranges::find(channels, ended.id));
        if (channels.empty() && owner->second.counted == 0) busy_users.erase(owner);
    }
    note_for_completions(ended);
    const auto chain = live.chains.find(ended.chain);
    if (--chain->second.channels == 0) {
        events.emit(CallEventType::LinkedIdEnd, ended, linked);
        traces.end(ended.chain);
        live.chains.erase(chain);
    }
    live.channels.erase(ended.id);
}

void CallCore::State::belong(Channel& channel, model::UserId user) {
    channel.user = user;
    auto& channels = busy_users[user].channels;
    channels.insert(std::ranges::lower_bound(channels, channel.id), channel.id);
}

void CallCore::State::count_for_user(Channel& of) {
    of.counts_for_user = true;
    ++busy_users[of.user].counted;
}

void CallCore::State::uncount(model::UserId user) {
    const auto found = busy_users.find(user);
    if (found == busy_users.end() || --found->second.counted > 0 || !found->second.channels.empty()) return;
    busy_users.erase(found);
    recall_who_is_due();
}

}  // namespace almon::pbx
