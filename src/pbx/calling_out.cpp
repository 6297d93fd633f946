// SPDX-License-Identifier: GPL-3.0-or-later
// Calls that leave by trunks: which trunk, under which number, and what happens when one does not work.
#include <algorithm>
#include <charconv>
#include <utility>

#include "model/endpoint_custom.hpp"
#include "model/trunk.hpp"
#include "pbx/call_core_state.hpp"
#include "pbx/caller_id.hpp"

namespace almon::pbx {
namespace {

/// The trunk is at fault, or full; not the number that was dialled, nor whoever has it.
bool another_trunk_may_help(Cause cause) noexcept {
    switch (cause) {
        case Cause::Unknown:
        case Cause::NoUserResponse:  // Nobody answered our INVITE at all (408).
        case Cause::SubscriberAbsent:
        case Cause::CallRejected:
        case Cause::ExchangeRoutingError:
        case Cause::DestinationOutOfOrder:
        case Cause::NoCircuitAvailable:
        case Cause::TemporaryFailure:
        case Cause::SwitchingCongestion:
        case Cause::ChannelUnavailable:
        case Cause::BearerCapabilityNotAvailable:
        case Cause::IncompatibleDestination:
        case Cause::RecoveryOnTimerExpiry:
        case Cause::Interworking:
            return true;
        default:
            return false;
    }
}

std::string_view option(const model::EndpointSip& endpoint, std::string_view name) noexcept {
    for (const auto& [known, value] : endpoint.options) {
        if (known == name) return value;
    }
    return {};
}

}  // namespace

void CallCore::State::reach(Channel& caller, const OutcallDestination& destination) {
    const auto& outcall = *destination.outcall;
    if (!outcall.enabled) {
        trace(caller, "the way out {} is switched off", outcall.name);
        return give_up(caller, Cause::SwitchingCongestion);
    }
    if (const auto* closed = closed_by(caller, outcall.schedule)) return go(caller, *closed);
    if (!may_call(caller, destination.dialled, &outcall)) return;
    if (caller.hops == 0) {
        trace(caller, "the call has passed as many switches as it may: a loop");
        return give_up(caller, Cause::ExchangeRoutingError);
    }
    if (!preprocess(caller, "OUTCALL", outcall.preprocess_subroutine,
                    {Continuation::Kind::Outcall, outcall.id.value, {}, destination.dialled}))
        return;
    begin_application(caller, "Dial", fmt::format("{}@{}", destination.number, outcall.name));
    std::optional<std::chrono::milliseconds> ring_time;
    if (outcall.ring_time) ring_time = std::chrono::seconds(*outcall.ring_time);
    auto& dial = begin_dial(caller, ring_time);
    dial.context = caller.context;
    WayOut way;
    way.next = outcall.trunks;
    way.number = destination.number;
    way.internal = outcall.internal_caller_id;
    if (destination.rule != nullptr) way.caller_id = destination.rule->caller_id;
    dial.way_out = std::move(way);
    if (outcall.trunks.empty()) trace(caller, "the way out {} has no trunk", outcall.name);
    try_next_trunk(dial);
}

void CallCore::State::try_next_trunk(Dial& dial) {
    auto& caller = live.channels.at(dial.caller);
    auto& way = *dial.way_out;
    while (!way.next.empty()) {
        const auto id = way.next.front();
        way.next.erase(way.next.begin());
        const auto* trunk = snapshot->find(id);
        const auto* endpoint = trunk != nullptr ? snapshot->endpoint_sip(trunk->endpoint_sip) : nullptr;
        if (endpoint == nullptr) {
            const auto* custom = trunk != nullptr ? snapshot->find(trunk->endpoint_custom) : nullptr;
            trace(caller, "trunk {} cannot be used: {}", id.value,
                  custom != nullptr ? "nothing here speaks " + custom->interface : "it has no endpoint");
            continue;
        }
        if (is_full(id)) {
            trace(caller, "trunk {} ({}) has as many calls as it may", id.value, endpoint->username);
            way.failure = better_cause(way.failure, Cause::NoCircuitAvailable);
            continue;
        }
        const auto shown = caller_id_outside(caller, way, *endpoint);
        trace(caller, "calls {} by trunk {} ({}) as {}", way.number, id.value, endpoint->username,
              shown.withheld ? "nobody" : fmt::format("\"{}\" <{}>", shown.name, shown.number));
        dial.failure = Cause::Unknown;
        std::vector<Invitation> invitations;
        ring(dial, Called{{"SIP", endpoint->username, {}}, nullptr, id, shown, way.number}, invitations);
        if (invitations.empty()) {
            way.failure = better_cause(way.failure, dial.failure);
            continue;
        }
        for (auto& [technology, callee, call] : invitations)
            technology->invite(callee, call);
        return;
    }
    not_reached_outside(dial);
}

CallerId CallCore::State::caller_id_outside(const Channel& caller, const WayOut& way,
                                            const model::EndpointSip& trunk) const {
    // ADB-036: internal, the user's, that of what was dialled, the default.
    if (way.internal) return caller.identity;
    const auto* user = snapshot->user(caller.user);
    const std::string_view of_user = user != nullptr ? std::string_view(user->outgoing_caller_id) : "default";
    CallerId shown = caller.identity;
    const auto show = [&](std::string_view text) {
        const auto given = parse_caller_id(text);
        shown.name = given.name;
        if (!given.number.empty()) shown.number = given.number;
    };
    if (of_user == "anonymous") {
        shown.withheld = true;
    } else if (!of_user.empty() && of_user != "default") {
        show(of_user);
    } else if (!way.caller_id.empty()) {
        show(way.caller_id);
    } else if (const auto of_trunk = option(trunk, "callerid"); !of_trunk.empty()) {
        show(of_trunk);
    }
    return shown;
}

bool CallCore::State::is_full(model::TrunkId id) const {
    const auto* trunk = snapshot->find(id);
    const auto* endpoint = trunk != nullptr ? snapshot->endpoint_sip(trunk->endpoint_sip) : nullptr;
    if (endpoint == nullptr) return false;
    const auto text = option(*endpoint, "call-limit");
    std::ptrdiff_t limit = 0;
    std::from_chars(text.data(), text.data() + text.size(), limit);
    // Few trunks have a limit: nobody keeps count for the others.
    return limit > 0 && std::ranges::count_if(live.channels, [&](const auto& channel) {
                            return channel.second.trunk == id;
                        }) >= limit;
}

void CallCore::State::trunk_failed(Dial& dial) {
    auto& caller = live.channels.at(dial.caller);
    auto& way = *dial.way_out;
    const auto cause = dial.failure;
    way.failure = better_cause(way.failure, cause);
    if (way.next.empty() || !another_trunk_may_help(cause)) return not_reached_outside(dial);
    trace(caller, "{}: another trunk may do better", text_of(cause));
    try_next_trunk(dial);
}

void CallCore::State::not_reached_outside(Dial& dial) {
    auto& caller = live.channels.at(dial.caller);
    const auto failure = better_cause(dial.way_out->failure, dial.failure);
    const auto cause = failure == Cause::Unknown ? Cause::DestinationOutOfOrder : failure;
    stop_dial(dial, cause);
    give_up(caller, cause);
}

}  // namespace almon::pbx
