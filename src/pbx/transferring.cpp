// SPDX-License-Identifier: GPL-3.0-or-later
// A party sends its peer to somebody else: blindly, to a number that the peer then dials, or to the party
// that it has consulted meanwhile.
#include <algorithm>
#include <utility>

#include "pbx/call_core_state.hpp"
#include "pbx/codec_agreement.hpp"

namespace almon::pbx {

using bus::CallEventType;

bool negotiates(const Channel& channel) noexcept {
    return channel.media.their_offer || channel.media.our_offer_is_relayed || !channel.media.local;
}

void CallCore::State::on(input::TransferRequested& requested) {
    auto* transferor = channel(requested.channel);
    if (transferor == nullptr) return;
    auto* transferee = peer_of(*transferor);
    if (transferee == nullptr)
        return refuse_transfer(*transferor, Cause::ChannelUnavailable, "it talks to nobody at the moment");
    if (negotiates(*transferor) || negotiates(*transferee))
        return refuse_transfer(*transferor, Cause::ChannelUnavailable, "media are being negotiated");
    if (!requested.request.consulted)
        return blind_transfer(*transferor, *transferee, requested.request.exten);
    auto* consulted = channel(requested.request.consulted);
    if (consulted == nullptr || consulted == transferor || consulted == transferee)
        return refuse_transfer(*transferor, Cause::NoUserResponse, "the consulted call is no more");
    attended_transfer(*transferor, *transferee, *consulted);
}

void CallCore::State::blind_transfer(Channel& transferor, Channel& transferee, const std::string& exten) {
    trace(transferor, "{} transfers {} to {} in context {}", transferor.name, transferee.name, exten,
          transferor.context);
    const auto destination = look_up(transferor, transferor.context, exten);
    if (std::holds_alternative<UnknownDestination>(destination))
        return refuse_transfer(transferor, Cause::UnallocatedNumber, "the number is unknown");
    if (const auto cause = unreachable(transferee, destination); cause != Cause::Unknown)
        return refuse_transfer(transferor, cause, text_of(cause));
    send_away(transferor, transferee, exten, transferor.context, destination);
}

void CallCore::State::send_away(Channel& transferor, Channel& transferee, std::string exten,
                                std::string_view context, const Destination& destination) {
    events.emit(CallEventType::BlindTransfer, transferor, linked_id(transferor), transferee.name,
                CallEvents::json({{"extension", exten}, {"context", context}}));
    leave_bridge(transferor);
    part(transferor, transferee);
    begin_transfer(transferor, transferee);
    tell_transfer(transferor.id, TransferStage::Trying, Cause::Unknown);
    transferee.exten = std::move(exten);
    forget_script(transferee);
    // Where its call went before is not what it dials now.
    transferee.forwards = 0;
    go(transferee, destination);
}

void CallCore::State::attended_transfer(Channel& transferor, Channel& transferee, Channel& consulted) {
    trace(transferor, "{} transfers {} to whom {} has called", transferor.name, transferee.name,
          consulted.name);
    if (consulted.technology != transferor.technology || consulted.endpoint != transferor.endpoint)
        return refuse_transfer(transferor, Cause::CallRejected, "the consulted call is somebody else's");
    if (auto* target = peer_of(consulted)) {
        if (negotiates(consulted) || negotiates(*target))
            return refuse_transfer(transferor, Cause::ChannelUnavailable, "media are being negotiated");
        return join_peers(transferor, transferee, consulted, *target);
    }
    if (has_stake(consulted)) return join_system(transferor, transferee, consulted);
    const auto dial = live.dials.find(consulted.dial);
    if (dial == live.dials.end() || dial->second.caller != consulted.id ||
        consulted.state == ChannelState::Up)
        return refuse_transfer(transferor, Cause::ChannelUnavailable,
                               "the consulted call has no other party");
    if (transferee.user && dial->second.user() == transferee.user)
        return refuse_transfer(transferor, Cause::UserBusy, "the transferred party would call itself");
    take_over_dial(transferor, transferee, consulted);
}

void CallCore::State::join_peers(Channel& transferor, Channel& transferee, Channel& consulted,
                                 Channel& target) {
    merge_chains(transferor.chain, consulted.chain);
    const auto& linked = linked_id(transferor);
    events.emit(CallEventType::AttendedTransfer, transferor, linked, transferee.name,
                CallEvents::json({{"channel2_name", consulted.name},
                                  {"channel2_uniqueid", consulted.unique_id},
                                  {"transferee_channel_name", transferee.name},
                                  {"transfer_target_channel_name", target.name}}));
    forget_script(transferee);
    forget_script(target);
    part(transferor, transferee);
    leave_bridge(consulted);
    part(consulted, target);
    take_place(transferor, target, transferee);
    trace(transferee, "{} and {} talk", transferee.name, target.name);
    tell_transfer(transferor.id, TransferStage::Trying, Cause::Unknown);
    tell_transfer(transferor.id, TransferStage::Done, Cause::Unknown);
    const auto by = transferor.name;
    hang_up(consulted, Cause::NormalClearing, by);
    hang_up(transferor, Cause::NormalClearing, by);
    tell_connected(transferee, target.identity);
    tell_connected(target, transferee.identity);
    join(transferee, target);
}

void CallCore::State::hand_over(Channel& leaving, Channel& coming) {
    leaving.seat ? hand_seat_over(leaving, coming) : hand_place_over(leaving, coming);
}

void CallCore::State::let_go(Channel& transferor, Channel& transferee, Channel& consulted) {
    merge_chains(transferor.chain, consulted.chain);
    events.emit(CallEventType::AttendedTransfer, transferor, linked_id(transferor), transferee.name,
                CallEvents::json({{"channel2_name", consulted.name},
                                  {"channel2_uniqueid", consulted.unique_id},
                                  {"transferee_channel_name", transferee.name}}));
    leave_bridge(transferor);
    part(transferor, transferee);
    forget_script(transferee);
}

void CallCore::State::join_system(Channel& transferor, Channel& transferee, Channel& consulted) {
    let_go(transferor, transferee, consulted);
    hand_over(consulted, transferee);
    tell_transfer(transferor.id, TransferStage::Trying, Cause::Unknown);
    tell_transfer(transferor.id, TransferStage::Done, Cause::Unknown);
    const auto by = transferor.name;
    hang_up(consulted, Cause::NormalClearing, by);
    hang_up(transferor, Cause::NormalClearing, by);
}

void CallCore::State::take_over_dial(Channel& transferor, Channel& transferee, Channel& consulted) {
    let_go(transferor, transferee, consulted);
    begin_transfer(transferor, transferee);
    tell_transfer(transferor.id, TransferStage::Trying, Cause::Unknown);
    inherit_dial(consulted, transferee);
    const auto by = transferor.name;
    hang_up(consulted, Cause::NormalClearing, by);
}

void CallCore::State::inherit_dial(Channel& dialling, Channel& heir) {
    if (auto* heard = early_peer_of(dialling)) separate_legs(dialling, *heard);
    stop_ringback(dialling);
    begin_application(heir, dialling.application, dialling.application_data);
    heir.exten = dialling.exten;
    heir.filter = dialling.filter;
    auto& dial = live.dials.at(dialling.dial);
    // The script that has dialled ends with who was in it.
    dial.scripted = false;
    forget_script(heir);
    dial.caller = heir.id;
    heir.dial = std::exchange(dialling.dial, DialId{});
    dialling.dial_status = "CANCEL";
    for (const auto& attempt : dial.ringing) {
        auto& target = live.channels.at(attempt.channel);
        if (target.state == ChannelState::Trying) continue;
        if (target.state == ChannelState::Early && !hear_through_us(heir.media, target.media))
            target.state = ChannelState::Ringing;
        if (target.state == ChannelState::Early) {
            configure_legs(target, &heir);
            configure_legs(heir, &target);
            join_legs(heir, target);
        }
        hear_ringing(heir, target);
    }
}

Transfer& CallCore::State::begin_transfer(Channel& transferor, Channel& transferee) {
    const TransferId id{++live.last_transfer};
    auto& transfer = live.transfers[id];
    transfer.id = id;
    transfer.transferor = transferor.id;
    transfer.transferee = transferee.id;
    transfer.referred_by = transferor.identity;
    transferor.transfer = transferee.transfer = id;
    return transfer;
}

Transfer CallCore::State::end_transfer(Channel& transferee) {
    stop_ringback(transferee);
    auto transfer = live.transfers.extract(transferee.transfer).mapped();
    transferee.transfer = TransferId{};
    if (auto* transferor = channel(transfer.transferor)) transferor->transfer = TransferId{};
    return transfer;
}

void CallCore::State::refuse_transfer(Channel& transferor, Cause cause, std::string_view why) {
    trace(transferor, "the transfer that {} wants is refused: {}", transferor.name, why);
    tell_transfer(transferor.id, TransferStage::Failed, cause);
}

void CallCore::State::tell_transfer(ChannelId id, TransferStage stage, Cause cause) {
    const auto* transferor = channel(id);
    if (transferor == nullptr) return;
    if (auto* technology = technology_of(*transferor)) technology->tell_transfer(id, stage, cause);
}

void CallCore::State::hear_ringing(Channel& transferee, Channel& target) {
    if (target.state == ChannelState::Early) {
        stop_ringback(transferee);
    } else if (early_peer_of(transferee) == nullptr) {
        start_ringback(transferee);
    }
    tell_connected(transferee, target.identity);
    const auto found = live.transfers.find(transferee.transfer);
    if (found != live.transfers.end() && !std::exchange(found->second.told_ringing, true))
        tell_transfer(found->second.transferor, TransferStage::Ringing, Cause::Unknown);
    recipient_rings(transferee, target);
}

void CallCore::State::meet(Channel& transferee, Channel& target) {
    transferee.dial_status = "ANSWER";
    stop_ringback(transferee);
    open_bridge(transferee, target);
    close_unused_legs(target);
    tell_connected(transferee, target.identity);
    tell_connected(target, transferee.identity);
    recipient_answers(transferee, target);
    finish_transfer(transferee);
    join(transferee, target);
}

void CallCore::State::transfer_failed(Channel& transferee, Cause cause) {
    if (auto* steered = blindly_steered(transferee)) end_steered(*steered, bus::TransferChange::Cancelled);
    const auto transfer = end_transfer(transferee);
    auto* transferor = channel(transfer.transferor);
    if (transferor == nullptr) return hang_up(transferee, cause);
    end_application(transferee);
    tell_transfer(transferor->id, TransferStage::Failed, cause);
    reunite(*transferor, transferee);
}

void CallCore::State::reunite(Channel& first, Channel& second) {
    open_bridge(first, second);
    tell_connected(first, second.identity);
    tell_connected(second, first.identity);
    for (auto* party : {&first, &second}) {
        auto* peer = peer_of(*party);
        auto* technology = technology_of(*peer);
        if (party->media.holds && technology != nullptr) technology->hold(peer->id, true);
    }
    join(second, first);
}

void CallCore::State::finish_transfer(Channel& transferee) {
    if (!transferee.transfer) return;
    if (auto* steered = blindly_steered(transferee)) end_steered(*steered, bus::TransferChange::Completed);
    const auto transfer = end_transfer(transferee);
    tell_transfer(transfer.transferor, TransferStage::Done, Cause::Unknown);
    auto* transferor = channel(transfer.transferor);
    if (transferor == nullptr) return;
    const auto by = transferor->name;
    hang_up(*transferor, Cause::NormalClearing, by);
}

void CallCore::State::leave_transfer(Channel& leaving) {
    const auto found = live.transfers.find(leaving.transfer);
    if (found == live.transfers.end()) return;
    if (found->second.transferor == leaving.id) {
        trace(leaving, "{} leaves, and its transfer goes on", leaving.name);
        found->second.transferor = ChannelId{};
        leaving.transfer = TransferId{};
        return;
    }
    // Who was to be transferred is gone: so is whom it talked to.
    const auto transfer = end_transfer(leaving);
    tell_transfer(transfer.transferor, TransferStage::Failed, Cause::NormalClearing);
    if (auto* transferor = channel(transfer.transferor))
        hang_up(*transferor, Cause::NormalClearing, leaving.name);
}

void CallCore::State::start_ringback(Channel& hearing) {
    const auto* leg = hearing.ringback ? nullptr : open_audio_leg(hearing);
    if (leg == nullptr) return;
    hearing.ringback = Ringback{leg->id, media::PlaybackId{++live.last_playback}};
    media::Play play;
    play.leg = leg->id;
    play.playback = hearing.ringback->playback;
    play.source = media::tones_of(tone_country(settings.country)).ringback;
    play.repeat = true;
    engine.command(std::move(play));
}

void CallCore::State::stop_ringback(Channel& hearing) {
    if (!hearing.ringback) return;
    engine.command(media::StopPlaying{hearing.ringback->leg, hearing.ringback->playback});
    hearing.ringback.reset();
}

}  // namespace almon::pbx
