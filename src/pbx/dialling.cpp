// SPDX-License-Identifier: GPL-3.0-or-later
// Reaching a user: which devices ring, what the caller hears meanwhile, and how it ends without an answer.
#include <algorithm>
#include <array>
#include <utility>

#include "model/trunk.hpp"
#include "pbx/call_core_state.hpp"
#include "pbx/caller_id.hpp"
#include "pbx/codec_agreement.hpp"
#include "sdp/offer_answer.hpp"

namespace almon::pbx {
namespace {

using bus::CallEventType;

/// Lists of allowed codecs mix both kinds; our own offer to a called party is of audio alone.
std::vector<std::string> without_video(std::vector<std::string> codecs) {
    static constexpr std::array<std::string_view, 10> kVideo{
        "H261", "H263", "H263-1998", "H263-2000", "H264", "H264-SVC", "H265", "VP8", "VP9", "AV1"};
    std::erase_if(codecs, [](const std::string& codec) {
        return std::ranges::find(kVideo, std::string_view(codec)) != kVideo.end();
    });
    return codecs;
}

std::string application_data_of(const UserDestination& destination) {
    std::string data;
    for (const auto& endpoint : destination.endpoints) {
        if (!data.empty()) data += '&';
        data += endpoint.technology;
        data += '/';
        data += endpoint.name;
    }
    const auto ring_time =
        std::chrono::ceil<std::chrono::seconds>(destination.ring_time.value_or(destination.user->ring_time));
    if (ring_time.count() > 0) data += fmt::format(",{}", ring_time.count());
    return data;
}

}  // namespace

Dial& CallCore::State::begin_dial(Channel& caller, std::optional<std::chrono::milliseconds> ring_time) {
    const DialId id{++live.last_dial};
    auto& dial = live.dials[id];
    dial.id = id;
    dial.caller = caller.id;
    caller.dial = id;
    if (ring_time && ring_time->count() > 0) {
        dial.ring_time =
            live.timers.start(clock.instant() + *ring_time, {TimerPurpose::Kind::RingTime, id, ChannelId{}});
    }
    return dial;
}

void CallCore::State::dial(Channel& caller, const UserDestination& destination) {
    begin_application(caller, "Dial", application_data_of(destination));
    const auto& user = *destination.user;
    auto& dial = begin_dial(caller, destination.ring_time.value_or(user.ring_time));
    dial.context = destination.context;
    count(dial, user.id);
    ring(dial, destination);
}

void CallCore::State::count(Dial& dial, model::UserId user) {
    dial.users.push_back(user);
    ++busy_users[user].counted;
}

void CallCore::State::uncount_all(Dial& dial) {
    for (const auto user : std::exchange(dial.users, {}))
        uncount(user);
}

void CallCore::State::begin_application(Channel& of, std::string application, std::string data) {
    end_application(of);
    of.application = std::move(application);
    of.application_data = std::move(data);
    events.emit(CallEventType::ApplicationStart, of, linked_id(of));
}

void CallCore::State::end_application(Channel& of) {
    if (of.application.empty()) return;
    events.emit(CallEventType::ApplicationEnd, of, linked_id(of));
    of.application.clear();
    of.application_data.clear();
}

Cause CallCore::State::barred(const Channel& caller, const model::User& user) {
    if (caller.hops == 0) {
        trace(caller, "the call has passed as many switches as it may: a loop");
        return Cause::ExchangeRoutingError;
    }
    if (!user.enabled) {
        trace(caller, "user {} is disabled", user.id.value);
        return Cause::CallRejected;
    }
    if (caller.user == user.id) {
        trace(caller, "user {} calls itself: busy", user.id.value);
        return Cause::UserBusy;
    }
    const auto calls = busy_users.find(user.id);
    if (user.simultaneous_calls > 0 && calls != busy_users.end() &&
        calls->second.counted >= user.simultaneous_calls) {
        trace(caller, "user {} has {} calls, as many as simultaneous_calls allows: busy", user.id.value,
              calls->second.counted);
        return Cause::UserBusy;
    }
    return Cause::Unknown;
}

void CallCore::State::ring(Dial& dial, const UserDestination& destination) {
    std::vector<Invitation> invitations;
    const auto& shown = live.channels.at(dial.caller).identity;
    for (const auto& endpoint : destination.endpoints)
        ring(dial, Called{endpoint, destination.user, {}, shown}, invitations);
    for (auto& [technology, callee, call] : invitations)
        technology->invite(callee, call);
    fail_if_over(dial);
}

void CallCore::State::ring(Dial& dial, const Called& called, std::vector<Invitation>& invitations) {
    auto& caller = live.channels.at(dial.caller);
    const auto& endpoint = called.endpoint;
    const auto found = technologies.find(endpoint.technology);
    auto targets =
        found == technologies.end() ? std::vector<Target>{} : found->second->targets(endpoint.name);
    const auto endpoint_name = fmt::format("{}/{}", endpoint.technology, endpoint.name);
    if (targets.empty()) {
        trace(caller, "{} is not {}", endpoint_name, called.trunk ? "to be reached" : "registered");
        return dial.failed(called.trunk ? Cause::DestinationOutOfOrder : Cause::SubscriberAbsent);
    }
    // A person has several phones; another telephone system takes a call once.
    if (called.trunk) targets.resize(1);
    auto& technology = *found->second;
    const auto offer = offer_for(caller, technology, endpoint.name);
    if (!offer) {
        trace(caller, "{} shares no codec with the caller", endpoint_name);
        return dial.failed(Cause::BearerCapabilityNotAvailable);
    }
    if (caller.media.remote && caller.state != ChannelState::Up && !reserve_legs(caller, *offer)) {
        trace(caller, "no RTP port is left for the caller");
        return dial.failed(Cause::NoCircuitAvailable);
    }
    const auto* line = snapshot->line(endpoint.line);
    const auto transfer = live.transfers.find(caller.transfer);
    for (const auto& target : targets) {
        const bool rings_already = std::ranges::any_of(dial.ringing, [&](const DialAttempt& attempt) {
            return attempt.target == target.address && attempt.endpoint == endpoint_name;
        });
        if (rings_already) continue;
        const auto streams =
            std::ranges::count_if(offer->streams, [](const auto& stream) { return !stream.refused(); });
        if (live.ports.size() < static_cast<std::size_t>(streams)) {
            trace(caller, "no RTP port is left for {}", target.description);
            dial.failed(Cause::NoCircuitAvailable);
            order_ports();
            continue;
        }
        auto& callee = open_channel(ChannelId{++live.last_channel}, true, endpoint.technology,
                                    std::string(endpoint.name), caller.chain);
        callee.dial = dial.id;
        callee.line = endpoint.line;
        callee.trunk = called.trunk;
        callee.language = caller.language;
        if (called.user != nullptr) {
            belong(callee, called.user->id);
            callee.context = line->context;
            callee.identity = internal_caller_id(*snapshot, *line, called.user);
            callee.language =
                called.user->language.empty() ? settings.default_language : called.user->language;
            callee.account_code = account_code(*snapshot, *line);
            callee.user_field = called.user->userfield;
        } else {
            // Whom it may send the call to is a matter of its own numbers, not of the caller's.
            callee.context = context_of(*snapshot->find(called.trunk));
            callee.identity.number = called.number;
        }
        callee.variables = inherited_from(caller);
        callee.connected = called.caller;
        callee.hops = static_cast<std::uint8_t>(caller.hops - 1);
        offer_first(callee, *offer, target.media);
        dial.ringing.push_back({callee.id, endpoint_name, target.address});
        ++dial.attempts;
        events.emit(CallEventType::ChannelStart, callee, linked_id(callee));
        note_change(callee);
        trace(caller, "rings {} at {} as {}", endpoint_name, target.description, callee.name);
        invitations.push_back(
            {&technology, callee.id,
             OutgoingCall{std::string(endpoint.name), target.address, called.caller,
                          called.number.empty() ? caller.exten : called.number, callee.media.our_offer,
                          transfer == live.transfers.end() ? std::nullopt
                                                           : std::optional(transfer->second.referred_by),
                          callee.hops, called.number}});
    }
}

void CallCore::State::offer_first(Channel& callee, const sdp::SessionDescription& offer,
                                  OfferedMedia manner) {
    auto& media = callee.media;
    media.our_offer = offer;
    static_cast<void>(reserve_legs(callee, offer));
    media.manner = manner;
    address(callee, *media.our_offer, nullptr);
    tell_directions(media, *media.our_offer);
}

std::optional<sdp::SessionDescription> CallCore::State::offer_for(Channel& caller,
                                                                  const Technology& technology,
                                                                  std::string_view endpoint) {
    auto allowed = technology.allowed_codecs(endpoint);
    // A caller who made no offer gets ours, once it is known what the called party chooses.
    if (!caller.media.remote) {
        if (auto both = allowed_by_both(allowed_codecs(caller), allowed)) allowed = std::move(*both);
        return sdp::local_offer({without_video(std::move(allowed)), {}});
    }
    auto theirs = *caller.media.remote;
    // Who was answered already need not be asked anew where the called party takes a codec in use.
    if (caller.state == ChannelState::Up) {
        theirs = what_it_takes(caller.media);
    } else {
        prefer(theirs, allowed);
    }
    auto offer = offer_through_us(theirs, allowed_codecs(caller), allowed);
    if (!has_live_stream(offer)) return std::nullopt;
    add_events(offer);
    return offer;
}

void CallCore::State::on(input::Ringing& ringing) {
    auto* callee = channel(ringing.channel);
    if (callee != nullptr && callee->origination) return originator_rings(*callee);
    if (callee == nullptr || ringing_dial_of(*callee) == nullptr) return;
    if (callee->state == ChannelState::Trying) {
        callee->state = ChannelState::Ringing;
        note_change(*callee);
        trace(*callee, "{} is ringing", callee->name);
    }
    tell_ringing(live.channels.at(live.dials.at(callee->dial).caller), *callee);
}

void CallCore::State::tell_ringing(Channel& caller, Channel& callee) {
    if (caller.state == ChannelState::Up) return hear_ringing(caller, callee);
    if (caller.state != ChannelState::Trying) return;
    caller.state = ChannelState::Ringing;
    note_change(caller);
    // Of several nobody knows yet who will answer.
    if (!live.dials.at(callee.dial).rings_several()) tell_connected(caller, callee.identity);
    if (auto* technology = technology_of(caller)) technology->ring(caller.id);
}

void CallCore::State::on(input::Progressed& progressed) {
    auto* callee = channel(progressed.channel);
    // Nobody is there yet who could hear it.
    if (callee != nullptr && callee->origination) return originator_rings(*callee);
    if (callee == nullptr || ringing_dial_of(*callee) == nullptr || !callee->media.our_offer) return;
    auto& dial = live.dials.at(callee->dial);
    auto& caller = live.channels.at(dial.caller);
    if (caller.state == ChannelState::Up) {
        agree(callee->media, *callee->media.our_offer, std::move(progressed.early));
        const bool can_be_heard =
            dial.ringing.size() == 1 && caller.media.local && hear_through_us(caller.media, callee->media);
        if (can_be_heard) {
            callee->state = ChannelState::Early;
            note_change(*callee);
            configure_legs(*callee, &caller);
            configure_legs(caller, callee);
            join_legs(caller, *callee);
        }
        return hear_ringing(caller, *callee);
    }
    // With several devices the caller would hear one and miss the others: it hears its own ringing tone.
    auto reply = !caller.media.remote || dial.ringing.size() > 1
                     ? std::nullopt
                     : std::optional(
                           answer_through_us(*caller.media.remote, progressed.early, allowed_codecs(caller)));
    // The offer stays open: the final answer may differ from what an unreliable provisional response says.
    agree(callee->media, *callee->media.our_offer, std::move(progressed.early));
    if (!reply || !*reply) return tell_ringing(caller, *callee);
    callee->state = ChannelState::Early;
    note_change(*callee);
    note_change(caller);
    keep_events(**reply, *caller.media.remote);
    address(caller, **reply, &*caller.media.remote);
    tell_directions(caller.media, **reply);
    caller.media.local = std::move(**reply);
    configure_legs(*callee, &caller);
    configure_legs(caller, callee);
    join_legs(caller, *callee);
    if (caller.state != ChannelState::Early) trace(caller, "hears early media of {}", callee->name);
    caller.state = ChannelState::Early;
    tell_connected(caller, callee->identity);
    if (auto* technology = technology_of(caller)) technology->progress(caller.id, *caller.media.local);
}

void CallCore::State::on(input::Answered& answered) {
    auto* callee = channel(answered.channel);
    if (callee != nullptr && callee->origination)
        return originator_answers(*callee, std::move(answered.description));
    if (callee == nullptr || ringing_dial_of(*callee) == nullptr || !callee->media.our_offer) return;
    auto& dial = live.dials.at(callee->dial);
    auto& caller = live.channels.at(dial.caller);
    // The answer may have come with a provisional response alone.
    if (answered.description.streams.empty() && callee->media.remote)
        answered.description = *callee->media.remote;
    if (caller.state == ChannelState::Up) {
        auto& media = callee->media;
        auto offer = *std::exchange(media.our_offer, std::nullopt);
        agree(media, std::move(offer), std::move(answered.description));
        if (!has_live_stream(*media.local))
            return attempt_failed(*callee, Cause::BearerCapabilityNotAvailable, true);
        trace(*callee, "{} answers", callee->name);
        callee->state = ChannelState::Up;
        events.emit(CallEventType::Answer, *callee, linked_id(*callee));
        win(dial, *callee);
        return meet(caller, *callee);
    }
    std::optional<sdp::SessionDescription> reply;
    if (caller.media.remote) {
        if (auto shared =
                answer_through_us(*caller.media.remote, answered.description, allowed_codecs(caller)))
            reply = std::move(*shared);
        if (reply) keep_events(*reply, *caller.media.remote);
    } else if (has_live_stream(answered.description)) {
        // First what the called party chose, then what else both may use: it is asked anew where the caller
        // wants that.
        reply = sdp::relay_offer(answered.description, {});
        add_codecs(*reply, *callee->media.our_offer);
        const auto allowed = allowed_codecs(caller);
        if (!allowed.empty()) reply = offer_through_us(*reply, {}, allowed);
        if (!reserve_legs(caller, *reply)) {
            trace(caller, "no RTP port is left for the caller");
            return attempt_failed(*callee, Cause::NoCircuitAvailable, true);
        }
    }
    if (!reply) {
        trace(*callee, "{} answers without a codec of the caller", callee->name);
        return attempt_failed(*callee, Cause::BearerCapabilityNotAvailable, true);
    }
    trace(*callee, "{} answers", callee->name);
    win(dial, *callee);
    connect(caller, *callee, std::move(answered.description), std::move(*reply));
}

void CallCore::State::win(Dial& dial, Channel& callee) {
    dial.forget(callee.id);
    callee.dial = DialId{};
    if (dial.group) {
        callee.group = dial.group->group;
        live.groups[callee.group].last_answered = callee.user;
    }
    stop_dial(dial, Cause::AnsweredElsewhere);
    if (callee.user) count_for_user(callee);
}

void CallCore::State::on(input::Refused& refused) {
    auto* callee = channel(refused.channel);
    if (callee == nullptr) return;
    if (ringing_dial_of(*callee) == nullptr) {
        input::HungUp hung_up{refused.channel, refused.cause};
        return on(hung_up);
    }
    if (refused.refusal == Refusal::OfPerson) return declined(*callee, refused.cause);
    attempt_failed(*callee, refused.cause, false);
}

void CallCore::State::declined(Channel& callee, Cause cause) {
    auto& dial = live.dials.at(callee.dial);
    dial.forget(callee.id);
    // What one of several decides holds for him alone.
    for (const auto& attempt : std::vector(dial.ringing)) {
        auto& other = live.channels.at(attempt.channel);
        if ((dial.rings_several() || dial.scripted) && other.user != callee.user) continue;
        dial.forget(other.id);
        hang_up(other, cause, callee.name);
    }
    dial.failure = Cause::Unknown;
    // Nor is it another trunk that the person will answer at.
    if (dial.way_out) dial.way_out->next.clear();
    attempt_failed(callee, cause, false);
}

void CallCore::State::on(input::Redirected& redirected) {
    auto* callee = channel(redirected.channel);
    // Whom a program calls for, it does not call for somebody else.
    if (callee != nullptr && callee->origination) return hang_up(*callee, Cause::CallRejected);
    if (callee == nullptr || ringing_dial_of(*callee) == nullptr) return;
    auto& dial = live.dials.at(callee->dial);
    auto& caller = live.channels.at(dial.caller);
    trace(caller, "{} redirects to {}", callee->name, redirected.exten);
    end_early_media(caller, *callee);
    dial.forget(callee->id);
    const auto member = callee->user;
    const bool is_outside = dial.way_out || callee->trunk;
    hang_up(*callee, Cause::NormalClearing);
    if (dial.rings_several()) forget_member(dial, member);
    if (dial.rings_several() || is_outside) {
        // Neither does a member send away who calls the group, nor another system where we pay for it.
        dial.failed(Cause::Interworking);
        return fail_if_over(dial);
    }
    if (++dial.redirects > kMostRedirects) {
        trace(caller, "redirected more than {} times: a loop", kMostRedirects);
        dial.failed(Cause::ExchangeRoutingError);
        return fail_if_over(dial);
    }
    const auto destination = look_up(caller, dial.context, redirected.exten);
    if (std::holds_alternative<UnknownDestination>(destination)) {
        dial.failed(Cause::UnallocatedNumber);
        return fail_if_over(dial);
    }
    const auto* user = std::get_if<UserDestination>(&destination);
    if (user == nullptr && dial.scripted) {
        trace(caller, "a script dials users alone");
        dial.failed(Cause::Interworking);
        return fail_if_over(dial);
    }
    if (user == nullptr) {
        stop_dial(dial, Cause::NormalClearing);
        if (divert(caller)) go(caller, destination);
        return;
    }
    if (user->user->id != dial.user()) {
        if (const auto cause = barred(caller, *user->user); cause != Cause::Unknown) {
            dial.failed(cause);
            return fail_if_over(dial);
        }
    }
    ring(dial, *user);
}

void CallCore::State::ring_time_over(DialId id) {
    const auto found = live.dials.find(id);
    if (found == live.dials.end()) return;
    auto& dial = found->second;
    auto& caller = live.channels.at(dial.caller);
    trace(caller, "nobody answered within the ring time");
    for (const auto& attempt : std::exchange(dial.ringing, {}))
        hang_up(live.channels.at(attempt.channel), Cause::NoAnswer);
    dial.failed(Cause::NoAnswer);
    if (dial.group) return group_not_reached(dial, Cause::NoAnswer);
    fail_if_over(dial);
}

void CallCore::State::attempt_failed(Channel& callee, Cause cause, bool hang_up_too) {
    auto& dial = live.dials.at(callee.dial);
    trace(callee, "{} does not take the call: {}", callee.name, text_of(cause));
    dial.failed(cause);
    dial.forget(callee.id);
    if (dial.rings_several()) forget_member(dial, callee.user);
    if (auto* caller = channel(dial.caller)) end_early_media(*caller, callee);
    if (hang_up_too) {
        hang_up(callee, cause);
    } else {
        const auto source = callee.name;
        release(callee, cause, source);
    }
    fail_if_over(dial);
}

void CallCore::State::end_early_media(Channel& caller, const Channel& callee) {
    // Who heard this phone hears the ringing tone of the next.
    if (callee.state != ChannelState::Early) return;
    if (caller.state == ChannelState::Early) caller.state = ChannelState::Trying;
    if (caller.state == ChannelState::Up) start_ringback(caller);
}

void CallCore::State::fail_if_over(Dial& dial) {
    if (!dial.ringing.empty()) return;
    if (dial.group) return ring_next_members(dial);
    if (dial.filter) return ring_next_turn(dial);
    if (dial.scripted) return script_dial_over(dial);
    if (dial.way_out) return trunk_failed(dial);
    auto& caller = live.channels.at(dial.caller);
    const auto cause = dial.failure == Cause::Unknown ? Cause::SubscriberAbsent : dial.failure;
    const auto user = dial.user();
    const auto context = dial.context;
    stop_dial(dial, cause);
    offer_completion(caller, user, cause);
    not_reached(caller, user, context, cause);
}

void CallCore::State::stop_dial(Dial& dial, Cause cause) {
    for (const auto& attempt : std::exchange(dial.ringing, {}))
        hang_up(live.channels.at(attempt.channel), cause);
    live.timers.stop(dial.ring_time);
    live.timers.stop(dial.turn);
    uncount_all(dial);
    if (auto* caller = channel(dial.caller)) caller->dial = DialId{};
    live.dials.erase(dial.id);
}

void CallCore::State::tell_connected(Channel& to, const CallerId& connected) {
    if (to.connected == connected) return;
    to.connected = connected;
    note_change(to);
    if (auto* technology = technology_of(to)) technology->update_identity(to.id, connected);
}

}  // namespace almon::pbx
