// SPDX-License-Identifier: GPL-3.0-or-later
// A call that a program makes for a user: his phone rings, and dials when he answers.
#include <algorithm>
#include <utility>

#include "pbx/call_core_state.hpp"
#include "pbx/caller_id.hpp"

namespace almon::pbx {

using bus::CallEventType;

namespace {

/// Of a phone whose user has not said how long it shall ring: nobody else would ever stop it.
constexpr std::chrono::seconds kOriginationTime{30};

std::string extra_of(const std::vector<Variable>& variables) {
    if (variables.empty()) return {};
    std::vector<std::pair<std::string_view, std::string_view>> members;
    for (const auto& [name, value] : variables)
        members.emplace_back(name, value);
    return CallEvents::json(members);
}

}  // namespace

Result<std::string> CallCore::State::originate(const CallOrder& order) {
    const auto* user = snapshot->user(order.user);
    if (user == nullptr) return refuse(ErrorCode::NotFound, "user", "is no user");
    if (!user->enabled) return refuse(ErrorCode::InvalidArgument, "user", "is disabled");
    const auto& lines = snapshot->lines_of_user(user->id);
    if (lines.empty()) return refuse(ErrorCode::NotFound, "user", "has no line");
    const auto* line = snapshot->line(order.line ? order.line : lines.front());
    if (line == nullptr || std::ranges::find(lines, line->id) == lines.end())
        return refuse(ErrorCode::NotFound, "line_id", "is no line of this user");
    const auto context = order.context.empty() ? line->context : order.context;
    if (snapshot->context(context) == nullptr) return refuse(ErrorCode::NotFound, "context", "is no context");
    const auto destination = resolve(*snapshot, context, order.exten, {}, &patterns, written_numbers());
    if (std::holds_alternative<UnknownDestination>(destination))
        return refuse(ErrorCode::NotFound, "extension", fmt::format("leads nowhere in context {}", context));
    if (live.shutting_down || live.chains.size() >= settings.maximum_calls)
        return refuse(ErrorCode::Exhausted, "", "as many calls are up as there may be");
    const auto* endpoint = snapshot->endpoint_sip(line->endpoint_sip);
    const auto technology = technologies.find("SIP");
    const auto targets = endpoint == nullptr || technology == technologies.end()
                             ? std::vector<Target>{}
                             : technology->second->targets(endpoint->username);
    if (targets.empty())
        return refuse(ErrorCode::InvalidArgument, "line_id", "has no phone that is registered");
    if (live.ports.size() < targets.size()) {
        order_ports();
        return refuse(ErrorCode::Exhausted, "", "no RTP port is left");
    }

    Duration ring_time = user->ring_time.count() > 0 ? user->ring_time : kOriginationTime;
    if (order.ring_time.count() > 0) ring_time = order.ring_time;
    auto& origination = begin_origination(ring_time);
    origination.exten = order.exten;
    origination.context = context;

    CallerId shown{order.exten, order.exten};
    if (const auto* called = std::get_if<UserDestination>(&destination)) {
        if (!called->endpoints.empty())
            shown.name =
                internal_caller_id(*snapshot, *snapshot->line(called->endpoints.front().line), called->user)
                    .name;
    }
    if (order.shown) shown = *order.shown;
    std::vector<Invitation> invitations;
    const auto first = summon(origination, {*user, *line, targets, std::move(shown)}, invitations);
    for (const auto ringing : origination.ringing) {
        auto& rung = live.channels.at(ringing);
        if (!order.account_code.empty()) rung.account_code = order.account_code;
        events.emit(CallEventType::ChannelStart, rung, linked_id(rung), {}, extra_of(order.variables));
        note_change(rung);
        trace(rung, "a program makes {} ring, to call {} in context {}", rung.name, order.exten, context);
        hang_variables(rung, order.variables);
    }
    const auto unique_id = live.channels.at(first).unique_id;
    for (const auto& [with, rung, call] : invitations)
        with->invite(rung, call);
    return unique_id;
}

Origination& CallCore::State::begin_origination(Duration ring_time) {
    const OriginationId id{++live.last_origination};
    auto& origination = live.originations[id];
    origination.id = id;
    TimerPurpose over;
    over.kind = TimerPurpose::Kind::OriginationTime;
    over.origination = id;
    origination.ring_time = live.timers.start(clock.instant() + ring_time, over);
    return origination;
}

ChannelId CallCore::State::summon(Origination& origination, const Summons& wanted,
                                  std::vector<Invitation>& invitations) {
    auto& technology = *technologies.find("SIP")->second;
    const auto& endpoint = snapshot->endpoint_sip(wanted.line.endpoint_sip)->username;
    const auto identity = internal_caller_id(*snapshot, wanted.line, &wanted.user);
    auto chain = wanted.chain;
    ChannelId first;
    for (const auto& target : wanted.targets) {
        const ChannelId id{++live.last_channel};
        if (!first) first = id;
        if (!chain) chain = id;
        auto& rung = open_channel(id, true, technology.name(), endpoint, chain);
        rung.origination = origination.id;
        rung.line = wanted.line.id;
        belong(rung, wanted.user.id);
        rung.context = wanted.line.context;
        rung.identity = identity;
        rung.connected = wanted.shown;
        rung.language = wanted.user.language.empty() ? settings.default_language : wanted.user.language;
        rung.account_code = account_code(*snapshot, wanted.line);
        rung.user_field = wanted.user.userfield;
        offer_first(rung, *offer_for(rung, technology, rung.endpoint), target.media);
        origination.ringing.push_back(id);
        trace(rung, "rings {} at {}", rung.name, target.description);
        invitations.push_back({&technology, id,
                               OutgoingCall{rung.endpoint, target.address, wanted.shown, identity.number,
                                            rung.media.our_offer}});
    }
    return first;
}

void CallCore::State::hang_variables(Channel& on, const std::vector<Variable>& variables) {
    for (const auto& variable : variables) {
        trace(on, "{} has the variable {} = {}", on.name, variable.name, variable.value);
        static_cast<void>(hang_variable(on, variable));
    }
}

void CallCore::State::originator_rings(Channel& originator) {
    if (originator.state != ChannelState::Trying) return;
    originator.state = ChannelState::Ringing;
    note_change(originator);
    trace(originator, "{} is ringing", originator.name);
}

void CallCore::State::originator_answers(Channel& originator, sdp::SessionDescription answer) {
    auto& media = originator.media;
    if (!media.our_offer) return;
    auto offer = *std::exchange(media.our_offer, std::nullopt);
    agree(media, std::move(offer), std::move(answer));
    if (!has_live_stream(*media.local)) {
        trace(originator, "{} answers without a codec that was offered", originator.name);
        return hang_up(originator, Cause::BearerCapabilityNotAvailable);
    }
    auto origination = live.originations.extract(originator.origination).mapped();
    live.timers.stop(origination.ring_time);
    for (const auto ringing : origination.ringing)
        live.channels.at(ringing).origination = OriginationId{};
    for (const auto ringing : origination.ringing) {
        if (ringing != originator.id)
            hang_up(live.channels.at(ringing), Cause::AnsweredElsewhere, originator.name);
    }
    originator.state = ChannelState::Up;
    if (origination.page) {
        trace(originator, "{} answers", originator.name);
    } else {
        trace(originator, "{} answers, and calls {}", originator.name, origination.exten);
        originator.exten = std::move(origination.exten);
        originator.context = std::move(origination.context);
    }
    events.emit(CallEventType::Answer, originator, linked_id(originator));
    note_change(originator);
    count_for_user(originator);
    close_unused_legs(originator);
    configure_legs(originator, nullptr);
    if (origination.page) return join_page(originator, origination.page);
    const auto id = originator.id;
    route(originator);
    recall_answered(origination.id, id);
}

void CallCore::State::origination_time_over(OriginationId id) {
    const auto found = live.originations.find(id);
    if (found == live.originations.end()) return;
    found->second.ring_time = TimerId{};
    for (const auto ringing : std::vector(found->second.ringing)) {
        auto& phone = live.channels.at(ringing);
        trace(phone, "{} is not answered within the ring time", phone.name);
        hang_up(phone, Cause::NoAnswer);
    }
}

void CallCore::State::leave_origination(const Channel& leaving) {
    const auto found = live.originations.find(leaving.origination);
    if (found == live.originations.end()) return;
    std::erase(found->second.ringing, leaving.id);
    if (!found->second.ringing.empty()) return;
    live.timers.stop(found->second.ring_time);
    const auto over = live.originations.extract(found).mapped();
    end_completion(recalled_by(over.id));
    end_page_if_over(over.page);
}

}  // namespace almon::pbx
