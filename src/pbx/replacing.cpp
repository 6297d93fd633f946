// SPDX-License-Identifier: GPL-3.0-or-later
// A new call takes the place of another channel (RFC 3891): it answers for a colleague's phone that rings, or
// goes on with a call that another phone had.
#include <utility>

#include "pbx/call_core_state.hpp"
#include "pbx/codec_agreement.hpp"
#include "sdp/offer_answer.hpp"

namespace almon::pbx {

using bus::CallEventType;

void CallCore::State::take_place(Channel& taker, ChannelId replaced_id) {
    auto* replaced = channel(replaced_id);
    if (replaced == nullptr) {
        trace(taker, "refused: the call to take is no more");
        return hang_up(taker, Cause::CallRejected);
    }
    trace(taker, "{} wants to take the place of {}", taker.name, replaced->name);
    if (!may_replace(taker, *replaced)) {
        trace(taker, "refused: {} cannot call the user of {}", taker.name, replaced->name);
        return hang_up(taker, Cause::CallRejected);
    }
    if (ringing_dial_of(*replaced) != nullptr) return pick_up(taker, *replaced);
    if (replaced->bridge) return replace(taker, *replaced);
    trace(taker, "refused: {} neither rings nor talks", replaced->name);
    hang_up(taker, Cause::TemporaryFailure);
}

bool CallCore::State::may_replace(const Channel& taker, const Channel& replaced) {
    if (taker.user && taker.user == replaced.user) return true;
    const auto* extension = snapshot->main_extension_of_line(replaced.line);
    if (extension == nullptr) return false;
    const auto destination = resolve(*snapshot, taker.context, extension->exten, {}, &patterns);
    const auto* reached = std::get_if<UserDestination>(&destination);
    return reached != nullptr && reached->user->id == replaced.user;
}

bool CallCore::State::answer_taker(Channel& taker, const sdp::SessionDescription& peer) {
    auto* technology = technology_of(taker);
    if (technology == nullptr || !taker.media.remote) return false;
    auto answer = answer_through_us(*taker.media.remote, peer, allowed_codecs(taker));
    if (!answer || !reserve_legs(taker, *answer)) return false;
    keep_events(*answer, *taker.media.remote);
    address(taker, *answer, &*taker.media.remote);
    tell_directions(taker.media, *answer);
    taker.media.local = std::move(*answer);
    taker.state = ChannelState::Up;
    note_change(taker);
    technology->answer(taker.id, *taker.media.local);
    events.emit(CallEventType::Answer, taker, linked_id(taker));
    return true;
}

void CallCore::State::pick_up(Channel& taker, Channel& ringing) {
    auto& dial = live.dials.at(ringing.dial);
    auto& caller = live.channels.at(dial.caller);
    const auto no_codec = [&] {
        trace(taker, "refused: {} and {} share no codec", taker.name, caller.name);
        hang_up(taker, Cause::BearerCapabilityNotAvailable);
    };
    if (!taker.media.remote || caller.id == taker.id) return no_codec();
    // Both have offered: each gets for an answer what the other offers. What the caller hears already stays.
    std::optional<sdp::SessionDescription> reply;
    if (caller.media.local) {
        reply = caller.media.local;
    } else if (caller.media.remote) {
        if (auto shared =
                answer_through_us(*caller.media.remote, *taker.media.remote, allowed_codecs(caller)))
            reply = std::move(*shared);
    } else {
        reply = sdp::relay_offer(*taker.media.remote, {});
    }
    if (!reply || !answer_through_us(*taker.media.remote, *reply, allowed_codecs(taker))) return no_codec();
    if (!caller.media.local && !reserve_legs(caller, *reply)) return no_codec();
    if (!answer_taker(taker, *reply)) return no_codec();

    events.emit(CallEventType::Pickup, ringing, linked_id(ringing), taker.name);
    trace(taker, "{} answers for {}", taker.name, ringing.name);
    taker.connected = caller.identity;
    // Who has dialled a code to take it came in a call of its own.
    merge_chains(caller.chain, taker.chain);
    stop_dial(dial, Cause::AnsweredElsewhere);
    if (caller.state == ChannelState::Up) return meet(caller, taker);

    const bool caller_offered = caller.media.remote.has_value();
    if (!caller.media.local) {
        address(caller, *reply, caller_offered ? &*caller.media.remote : nullptr);
        tell_directions(caller.media, *reply);
        (caller_offered ? caller.media.local : caller.media.our_offer) = std::move(reply);
    }
    tell_connected(caller, taker.identity);
    auto* technology = technology_of(caller);
    if (technology != nullptr)
        technology->answer(caller.id, caller_offered ? *caller.media.local : *caller.media.our_offer);
    caller.state = ChannelState::Up;
    caller.dial_status = "ANSWER";
    events.emit(CallEventType::Answer, caller, linked_id(caller));
    open_bridge(caller, taker);
    close_unused_legs(taker);
    if (caller_offered) close_unused_legs(caller);
    join(taker, caller);
}

void CallCore::State::replace(Channel& taker, Channel& talking) {
    auto& peer = *peer_of(talking);
    const bool negotiates = talking.media.their_offer || peer.media.their_offer || !peer.media.local;
    if (negotiates || &peer == &taker) {
        trace(taker, "refused: {} is negotiating media", talking.name);
        return hang_up(taker, Cause::TemporaryFailure);
    }
    if (!answer_taker(taker, *peer.media.local)) {
        trace(taker, "refused: {} and {} share no codec", taker.name, peer.name);
        return hang_up(taker, Cause::BearerCapabilityNotAvailable);
    }
    const auto& linked = linked_id(taker);
    events.emit(CallEventType::Pickup, talking, linked, taker.name);
    part(talking, peer);
    take_place(talking, taker, peer);
    trace(taker, "{} goes on with {} in the place of {}", taker.name, peer.name, talking.name);
    taker.connected = peer.identity;
    hang_up(talking, Cause::NormalClearing, taker.name);
    close_unused_legs(taker);
    tell_connected(peer, taker.identity);
    join(peer, taker);
}

}  // namespace almon::pbx
