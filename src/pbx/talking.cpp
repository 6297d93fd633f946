// SPDX-License-Identifier: GPL-3.0-or-later
// Two parties that talk: the bridge, new offers within the call, hold, digits.
#include <utility>

#include "pbx/call_core_state.hpp"
#include "pbx/codec_agreement.hpp"
#include "sdp/offer_answer.hpp"

namespace almon::pbx {

using bus::CallEventType;

void CallCore::State::connect(Channel& caller, Channel& callee, sdp::SessionDescription answer,
                              sdp::SessionDescription reply) {
    callee.state = ChannelState::Up;
    agree(callee.media, *std::exchange(callee.media.our_offer, std::nullopt), std::move(answer));
    events.emit(CallEventType::Answer, callee, linked_id(callee));

    const bool caller_offered = caller.media.remote.has_value();
    address(caller, reply, caller_offered ? &*caller.media.remote : nullptr);
    tell_directions(caller.media, reply);
    auto& said = caller_offered ? caller.media.local : caller.media.our_offer;
    said = std::move(reply);
    tell_connected(caller, callee.identity);
    if (auto* technology = technology_of(caller)) technology->answer(caller.id, *said);
    caller.state = ChannelState::Up;
    caller.dial_status = "ANSWER";
    events.emit(CallEventType::Answer, caller, linked_id(caller));

    open_bridge(caller, callee);
    close_unused_legs(callee);
    configure_legs(callee, &caller);
    if (caller_offered) {
        close_unused_legs(caller);
        configure_legs(caller, &callee);
        join_legs(caller, callee);
    }
}

Bridge& CallCore::State::open_bridge(Channel& first, Channel& second) {
    const BridgeId id{++live.last_bridge};
    auto& bridge = live.bridges[id];
    bridge.id = id;
    bridge.first = first.id;
    bridge.second = second.id;
    first.bridge = second.bridge = id;
    note_change(first);
    note_change(second);
    events.emit(CallEventType::BridgeEnter, first, linked_id(first), second.name);
    events.emit(CallEventType::BridgeEnter, second, linked_id(second), first.name);
    trace(first, "{} and {} talk", first.name, second.name);
    return bridge;
}

void CallCore::State::part(Channel& first, Channel& second) {
    separate_legs(first, second);
    configure_legs(first, nullptr);
    configure_legs(second, nullptr);
    for (const auto& [holder, held] : {std::pair(&first, &second), std::pair(&second, &first)}) {
        auto* technology = technology_of(*held);
        if (holder->media.holds && technology != nullptr) technology->hold(held->id, false);
    }
}

void CallCore::State::take_place(Channel& leaving, Channel& coming, Channel& staying) {
    const auto& linked = linked_id(coming);
    auto& bridge = live.bridges.at(staying.bridge);
    events.emit(CallEventType::BridgeExit, leaving, linked, staying.name);
    (bridge.first == leaving.id ? bridge.first : bridge.second) = coming.id;
    bridge.offers = 0;
    coming.bridge = std::exchange(leaving.bridge, BridgeId{});
    events.emit(CallEventType::BridgeEnter, coming, linked, staying.name);
    events.emit(CallEventType::BridgeUpdate, staying, linked, coming.name);
}

void CallCore::State::merge_chains(ChannelId first, ChannelId second) {
    if (first == second) return;
    const auto into = std::min(first, second);
    const auto gone = std::max(first, second);
    const auto retired = live.chains.extract(gone).mapped();
    live.chains.at(into).channels += retired.channels;
    const Channel* any = nullptr;
    for (auto& [id, member] : live.channels) {
        if (member.chain != gone) continue;
        member.chain = into;
        any = &member;
    }
    for (auto& [id, owner] : live.legs) {
        if (owner.chain == gone) owner.chain = into;
    }
    traces.merge(into, gone);
    if (any != nullptr) events.emit(CallEventType::LinkedIdEnd, *any, retired.linked_id);
}

void CallCore::State::leave_bridge(Channel& left) {
    const auto found = live.bridges.find(left.bridge);
    if (found == live.bridges.end()) return;
    auto& first = live.channels.at(found->second.first);
    auto& second = live.channels.at(found->second.second);
    events.emit(CallEventType::BridgeExit, first, linked_id(first), second.name);
    events.emit(CallEventType::BridgeExit, second, linked_id(second), first.name);
    first.bridge = second.bridge = BridgeId{};
    live.bridges.erase(found);
}

void CallCore::State::on(input::Offered& offered) {
    auto* from = channel(offered.channel);
    if (from == nullptr) return;
    auto* technology = technology_of(*from);
    if (technology == nullptr) return;
    if (ringing_dial_of(*from) != nullptr && offered.offer)
        return answer_early_offer(*from, std::move(*offered.offer));
    auto& media = from->media;
    if (media.our_offer || media.their_offer) {
        trace(*from, "{} offers while an offer is open: refused, to be tried again", from->name);
        return technology->refuse_offer(from->id, Cause::ChannelUnavailable);
    }
    if (!media.local || !media.remote) {
        return technology->refuse_offer(from->id, Cause::BearerCapabilityNotAvailable);
    }
    if (!offered.offer) {
        // RFC 3261 14.2: asked for an offer, we make the one in force again.
        media.our_offer = media.local;
        address(*from, *media.our_offer, nullptr);
        trace(*from, "{} asks for an offer", from->name);
        return technology->answer_offer(from->id, *media.our_offer);
    }
    auto* peer = peer_of(*from);
    if (peer == nullptr) peer = early_peer_of(*from);
    if (can_answer_alone(*offered.offer, media, peer != nullptr ? &peer->media : nullptr)) {
        if (auto answer = answer_alone(*offered.offer, *media.local)) {
            address(*from, *answer, &*offered.offer);
            media.local = std::move(*answer);
            media.remote = std::move(*offered.offer);
            technology->answer_offer(from->id, *media.local);
            show_hold(*from, is_hold(*media.remote));
            configure_legs(*from, peer);
            if (peer != nullptr) configure_legs(*peer, from);
            return;
        }
    }
    if (!from->bridge) return technology->refuse_offer(from->id, Cause::BearerCapabilityNotAvailable);
    if (peer->media.our_offer || peer->media.their_offer) {
        trace(*from, "{} offers while {} negotiates: refused, to be tried again", from->name, peer->name);
        return technology->refuse_offer(from->id, Cause::ChannelUnavailable);
    }
    relay_offer_to(*peer, *from, std::move(*offered.offer));
}

void CallCore::State::answer_early_offer(Channel& ringing, sdp::SessionDescription offer) {
    auto& technology = *technology_of(ringing);
    auto& media = ringing.media;
    auto& caller = live.channels.at(ringing_dial_of(ringing)->caller);
    const bool is_heard = early_peer_of(caller) == &ringing;
    // What the caller has been told of early media stays; before, all of the caller's offer may still be
    // answered.
    const auto* ours = is_heard && media.local ? &*media.local
                       : media.our_offer       ? &*media.our_offer
                                               : nullptr;
    if (ours == nullptr || !media.remote)
        return technology.refuse_offer(ringing.id, Cause::BearerCapabilityNotAvailable);
    auto answer = answer_through_us(offer, *ours, allowed_codecs(ringing));
    if (!answer) {
        trace(ringing, "{} offers early media without a codec of the caller", ringing.name);
        return technology.refuse_offer(ringing.id, Cause::BearerCapabilityNotAvailable);
    }
    keep_events(*answer, offer);
    address(ringing, *answer, &offer);
    tell_directions(media, *answer);
    narrow(offer, *answer);
    media.our_offer = *answer;
    media.local = std::move(*answer);
    media.remote = std::move(offer);
    trace(ringing, "{} changes its early media", ringing.name);
    technology.answer_offer(ringing.id, *media.local);
    if (!is_heard) return;
    configure_legs(ringing, &caller);
    configure_legs(caller, &ringing);
}

void CallCore::State::show_hold(Channel& holder, bool holds) {
    if (holder.media.holds == holds) return;
    holder.media.holds = holds;
    events.held(holder);
    trace(holder, "{} {}", holder.name, holds ? "holds" : "resumes");
    auto* peer = peer_of(holder);
    if (peer == nullptr) return;
    if (auto* technology = technology_of(*peer)) technology->hold(peer->id, holds);
}

void CallCore::State::relay_offer_to(Channel& peer, Channel& offering, sdp::SessionDescription offer) {
    auto& technology = *technology_of(offering);
    auto* peer_technology = technology_of(peer);
    auto relayed = offer_through_us(offer, allowed_codecs(offering), allowed_codecs(peer));
    if (peer_technology == nullptr || !has_live_stream(relayed)) {
        trace(offering, "{} offers no codec that {} may use", offering.name, peer.name);
        return technology.refuse_offer(offering.id, Cause::BearerCapabilityNotAvailable);
    }
    add_events(relayed);
    // The peer keeps what it was told of directions, so that a hold that ends need not be told.
    for (std::size_t i = 0; i < relayed.streams.size() && i < peer.media.told.size(); ++i) {
        auto& stream = relayed.streams[i];
        if (!stream.refused()) stream.direction = either(stream.direction, peer.media.told[i]);
    }
    if (!reserve_legs(peer, relayed) || !reserve_legs(offering, relayed)) {
        trace(offering, "no RTP port is left for a new stream");
        close_unused_legs(peer);
        close_unused_legs(offering);
        return technology.refuse_offer(offering.id, Cause::NoCircuitAvailable);
    }
    address(peer, relayed, nullptr);
    offering.media.their_offer = std::move(offer);
    peer.media.our_offer = std::move(relayed);
    peer.media.our_offer_is_relayed = true;
    trace(offering, "the new offer of {} goes to {}", offering.name, peer.name);
    peer_technology->offer(peer.id, *peer.media.our_offer);
}

void CallCore::State::on(input::OfferAnswered& answered) {
    auto* from = channel(answered.channel);
    if (from == nullptr || !from->media.our_offer || from->state != ChannelState::Up) return;
    auto* peer = peer_of(*from);
    if (std::exchange(from->media.our_offer_is_relayed, false)) {
        if (peer != nullptr && peer->media.their_offer) {
            finish_relayed_offer(*from, *peer, std::move(answered.answer));
        }
        return;
    }
    const bool first_answer = !from->media.local;
    agree(from->media, *std::exchange(from->media.our_offer, std::nullopt), std::move(answered.answer));
    if (!has_live_stream(*from->media.local)) {
        trace(*from, "{} accepts none of the offered codecs", from->name);
        return end_call(*from, Cause::BearerCapabilityNotAvailable);
    }
    if (!first_answer) show_hold(*from, is_hold(*from->media.remote));
    close_unused_legs(*from);
    configure_legs(*from, peer);
    if (peer != nullptr) join(*peer, *from);
}

void CallCore::State::join(Channel& asked, Channel& other) {
    configure_legs(asked, &other);
    configure_legs(other, &asked);
    // Who has not answered our offer yet comes here again when it does.
    if (!asked.media.local || !other.media.local || asked.media.our_offer || other.media.our_offer) return;
    if (hear_each_other(asked.media, other.media)) return join_legs(asked, other);
    // Until they share a codec, and if they find none, what they say is transcoded.
    const bool is_transcoded = hear_through_us(asked.media, other.media);
    if (is_transcoded) join_legs(asked, other);
    auto& bridge = live.bridges.at(asked.bridge);
    auto offer = codecs_of_peer(asked.media, other.media);
    if (is_transcoded) add_codecs(offer, *asked.media.local);
    auto* technology = technology_of(asked);
    if (technology == nullptr || !has_live_stream(offer) || asked.media.their_offer ||
        ++bridge.offers > kMostOffersOfBridge) {
        if (is_transcoded) return;
        trace(asked, "{} and {} find no codec that both speak", asked.name, other.name);
        return end_call(asked, Cause::BearerCapabilityNotAvailable);
    }
    address(asked, offer, nullptr);
    tell_directions(asked.media, offer);
    trace(asked, "{} is offered what {} speaks", asked.name, other.name);
    asked.media.our_offer = std::move(offer);
    technology->offer(asked.id, *asked.media.our_offer);
}

void CallCore::State::finish_relayed_offer(Channel& answering, Channel& offering,
                                           sdp::SessionDescription answer) {
    auto& technology = *technology_of(offering);
    const auto offer = std::exchange(offering.media.their_offer, std::nullopt);
    auto reply = answer_through_us(*offer, answer, allowed_codecs(offering));
    auto local = std::exchange(answering.media.our_offer, std::nullopt);
    if (!reply) {
        trace(offering, "{} answers without a codec that was offered", answering.name);
        technology.refuse_offer(offering.id, Cause::BearerCapabilityNotAvailable);
        close_unused_legs(answering);
        close_unused_legs(offering);
        return;
    }
    tell_directions(answering.media, *local);
    agree(answering.media, std::move(*local), std::move(answer));
    mirror_directions(*reply, *offer);
    keep_events(*reply, *offer);
    address(offering, *reply, &*offer);
    tell_directions(offering.media, *reply);
    offering.media.local = std::move(*reply);
    offering.media.remote = std::move(*offer);
    technology.answer_offer(offering.id, *offering.media.local);
    show_hold(offering, is_hold(*offering.media.remote));
    for (auto* changed : {&answering, &offering})
        close_unused_legs(*changed);
    configure_legs(answering, &offering);
    configure_legs(offering, &answering);
    join_legs(offering, answering);
}

void CallCore::State::on(input::OfferRefused& refused) {
    auto* from = channel(refused.channel);
    if (from == nullptr || !from->media.our_offer || from->state != ChannelState::Up) return;
    from->media.our_offer.reset();
    if (std::exchange(from->media.our_offer_is_relayed, false)) {
        close_unused_legs(*from);
        auto* peer = peer_of(*from);
        if (peer == nullptr || !std::exchange(peer->media.their_offer, std::nullopt)) return;
        trace(*from, "{} refuses the new offer: {}", from->name, text_of(refused.cause));
        close_unused_legs(*peer);
        if (auto* technology = technology_of(*peer)) {
            technology->refuse_offer(peer->id, refused.cause == Cause::ChannelUnavailable
                                                   ? Cause::ChannelUnavailable
                                                   : Cause::BearerCapabilityNotAvailable);
        }
        return;
    }
    // Without a first agreement there is nothing to go on with.
    if (!from->media.local) return end_call(*from, Cause::BearerCapabilityNotAvailable);
    auto* peer = peer_of(*from);
    if (peer == nullptr || !peer->media.local || hear_each_other(from->media, peer->media)) return;
    trace(*from, "{} refuses what {} speaks: {}", from->name, peer->name, text_of(refused.cause));
    join(*peer, *from);
}

void CallCore::State::on(input::Digit& digit) {
    auto* from = channel(digit.channel);
    if (from == nullptr) return;
    if (from->seat) return on_conference_key(*from, digit.digit);
    if (from->conversation) return on_key(*from, digit.digit);
    trace(*from, "{} presses {} (by signalling)", from->name, digit.digit);
    if (auto* peer = peer_of(*from)) send_digit(*peer, digit.digit, digit.duration);
}

void CallCore::State::on_media_digit(Channel& from, const media::DigitReceived& digit) {
    if (from.seat) return on_conference_key(from, digit.digit);
    if (from.conversation) return on_key(from, digit.digit);
    trace(from, "{} presses {}", from.name, digit.digit);
    auto* peer = peer_of(from);
    // Between two parties that both speak RFC 4733 the media engine has passed it on already.
    if (peer == nullptr || (peer->media.local && takes_events(*peer->media.local))) return;
    send_digit(*peer, digit.digit, digit.duration);
}

void CallCore::State::send_digit(Channel& to, char digit, std::chrono::milliseconds duration) {
    auto* technology = technology_of(to);
    const bool by_events = to.media.local && takes_events(*to.media.local);
    if (technology != nullptr && technology->send_digit(to.id, digit, duration, by_events)) return;
    if (const auto* leg = by_events ? open_audio_leg(to) : nullptr)
        return engine.command(media::SendDigit{leg->id, digit, duration});
    trace(to, "{} cannot be sent the digit {}", to.name, digit);
}

}  // namespace almon::pbx
