// SPDX-License-Identifier: GPL-3.0-or-later
// Transfers that programs steer.
#include <utility>

#include "base/uuid.hpp"
#include "pbx/call_core_state.hpp"

namespace almon::pbx {

using bus::CallEventType;
using bus::TransferChange;

Result<SteeredTransfer> CallCore::State::steer(const TransferOrder& order) {
    auto* initiator = channel_named(order.initiator);
    if (initiator == nullptr) return refuse(ErrorCode::NotFound, "initiator_call", "is no call that is up");
    if (initiator->steered)
        return refuse(ErrorCode::Conflict, "initiator_call", "is being transferred already");
    auto* transferred = peer_of(*initiator);
    if (!order.transferred.empty() &&
        (transferred == nullptr || transferred->unique_id != order.transferred)) {
        if (channel_named(order.transferred) == nullptr)
            return refuse(ErrorCode::NotFound, "transferred_call", "is no call that is up");
        return refuse(ErrorCode::InvalidArgument, "transferred_call", "does not talk to the initiator");
    }
    if (transferred == nullptr)
        return refuse(ErrorCode::Conflict, "initiator_call", "talks to nobody who could be transferred");
    if (transferred->steered)
        return refuse(ErrorCode::Conflict, "transferred_call", "is being transferred already");
    if (negotiates(*initiator) || negotiates(*transferred))
        return refuse(ErrorCode::Unavailable, "initiator_call", "is agreeing on its media: try again");
    const auto context = order.context.empty() ? initiator->context : order.context;
    if (snapshot->context(context) == nullptr) return refuse(ErrorCode::NotFound, "context", "is no context");
    const bool blind = order.flow == SteeredTransfer::Flow::Blind;
    const auto destination = look_up(*initiator, context, order.exten);
    if (std::holds_alternative<UnknownDestination>(destination))
        return refuse(ErrorCode::NotFound, "exten", fmt::format("leads nowhere in context {}", context));
    if (const auto cause = unreachable(blind ? *transferred : *initiator, destination);
        cause != Cause::Unknown)
        return refuse(ErrorCode::Conflict, "exten", fmt::format("cannot be reached: {}", text_of(cause)));

    const SteeredTransferId id{++live.last_steered_transfer};
    auto& transfer = live.steered_transfers[id];
    transfer.id = id;
    transfer.name = random_uuid(random);
    transfer.flow = order.flow;
    transfer.transferred = transferred->id;
    transfer.initiator = initiator->id;
    transfer.user = initiator->user;
    transfer.transferred_call = transferred->unique_id;
    transfer.initiator_call = initiator->unique_id;
    transfer.variables = order.variables;
    initiator->steered = transferred->steered = id;
    if (order.timeout.count() > 0) {
        TimerPurpose over;
        over.kind = TimerPurpose::Kind::TransferTime;
        over.transfer = id;
        transfer.timeout = live.timers.start(clock.instant() + order.timeout, over);
    }
    trace(*initiator, "a program transfers {} from {} to {} in context {}{}", transferred->name,
          initiator->name, order.exten, context, blind ? "" : ", after consultation");
    const auto begun = transfer;
    tell(transfer, TransferChange::Created);
    if (blind) {
        send_away(*initiator, *transferred, order.exten, context, destination);
    } else {
        leave_bridge(*initiator);
        part(*initiator, *transferred);
        initiator->exten = order.exten;
        initiator->forwards = 0;
        go(*initiator, destination);
    }
    const auto now = live.steered_transfers.find(id);
    return now != live.steered_transfers.end() ? now->second : begun;
}

Result<SteeredTransfer*> CallCore::State::steered_named(std::string_view name) {
    for (auto& [id, transfer] : live.steered_transfers) {
        if (transfer.name == name) return &transfer;
    }
    return refuse(ErrorCode::NotFound, "transfer_id", "is no transfer that is under way");
}

SteeredTransfer* CallCore::State::steered_transfer_of(const Channel& party) noexcept {
    const auto found = live.steered_transfers.find(party.steered);
    return found == live.steered_transfers.end() ? nullptr : &found->second;
}

SteeredTransfer* CallCore::State::consultation_of(const Channel& initiator) noexcept {
    auto* transfer = steered_transfer_of(initiator);
    const bool consults = transfer != nullptr && transfer->flow == SteeredTransfer::Flow::Attended &&
                          transfer->initiator == initiator.id;
    return consults ? transfer : nullptr;
}

SteeredTransfer* CallCore::State::blindly_steered(const Channel& transferred) noexcept {
    auto* transfer = steered_transfer_of(transferred);
    const bool is_sent = transfer != nullptr && transfer->flow == SteeredTransfer::Flow::Blind &&
                         transfer->transferred == transferred.id;
    return is_sent ? transfer : nullptr;
}

Result<void> CallCore::State::complete(SteeredTransfer& transfer) {
    auto* initiator = channel(transfer.initiator);
    // Blind, it completes itself.
    if (transfer.flow == SteeredTransfer::Flow::Blind) return {};
    auto& transferred = live.channels.at(transfer.transferred);
    auto* recipient = peer_of(*initiator);
    const bool dials = live.dials.contains(initiator->dial);
    if (recipient == nullptr && !dials && !has_stake(*initiator))
        return refuse(ErrorCode::Conflict, "transfer_id", "has no recipient yet");
    if (recipient != nullptr && (negotiates(*initiator) || negotiates(*recipient) || negotiates(transferred)))
        return refuse(ErrorCode::Unavailable, "transfer_id", "is agreeing on its media: try again");
    trace(*initiator, "{} leaves {} to {}", initiator->name, transferred.name,
          recipient != nullptr ? recipient->name : initiator->exten);
    auto peers = std::vector<std::pair<std::string_view, std::string_view>>{
        {"transferee_channel_name", transferred.name}};
    if (recipient != nullptr) peers.emplace_back("transfer_target_channel_name", recipient->name);
    events.emit(CallEventType::AttendedTransfer, *initiator, linked_id(*initiator), transferred.name,
                CallEvents::json(peers));
    if (recipient != nullptr) {
        leave_bridge(*initiator);
        part(*initiator, *recipient);
    }
    end_steered(transfer, TransferChange::Completed);
    const auto by = initiator->name;
    if (recipient == nullptr) {
        has_stake(*initiator) ? hand_over(*initiator, transferred) : inherit_dial(*initiator, transferred);
        hang_up(*initiator, Cause::NormalClearing, by);
        return {};
    }
    hang_up(*initiator, Cause::NormalClearing, by);
    reunite(transferred, *recipient);
    return {};
}

void CallCore::State::cancel(SteeredTransfer& transfer) {
    auto* initiator = channel(transfer.initiator);
    auto& transferred = live.channels.at(transfer.transferred);
    auto& dialling = transfer.flow == SteeredTransfer::Flow::Blind ? transferred : *initiator;
    trace(dialling, "the transfer is cancelled");
    if (const auto dial = live.dials.find(dialling.dial); dial != live.dials.end()) {
        dialling.dial_status = "CANCEL";
        stop_dial(dial->second, Cause::NormalClearing);
    }
    if (&dialling == &transferred) return transfer_failed(transferred, Cause::NormalClearing);
    if (auto* recipient = peer_of(*initiator)) {
        leave_bridge(*initiator);
        part(*initiator, *recipient);
        hang_up(*recipient, Cause::NormalClearing, initiator->name);
    }
    static_cast<void>(goes_back(*initiator));
}

bool CallCore::State::goes_back(Channel& initiator) {
    auto* transfer = consultation_of(initiator);
    if (transfer == nullptr) return false;
    auto& transferred = live.channels.at(transfer->transferred);
    // What its phone, or the recipient's, moves meanwhile goes on without it.
    leave_transfer(initiator);
    stop_ringback(initiator);
    leave_conference(initiator);
    leave_parking(initiator);
    forget_script(initiator);
    end_conversation(initiator);
    end_application(initiator);
    trace(initiator, "{} goes back to {}", initiator.name, transferred.name);
    end_steered(*transfer, TransferChange::Cancelled);
    reunite(initiator, transferred);
    return true;
}

void CallCore::State::transfer_time_over(SteeredTransferId id) {
    const auto found = live.steered_transfers.find(id);
    if (found == live.steered_transfers.end()) return;
    found->second.timeout = TimerId{};
    trace(live.channels.at(found->second.transferred), "the recipient has not answered in time");
    cancel(found->second);
}

void CallCore::State::recipient_rings(const Channel& dialling, Channel& target) {
    auto* transfer = steered_transfer_of(dialling);
    if (transfer == nullptr || transfer->stage != SteeredTransfer::Stage::Starting) return;
    transfer->stage = SteeredTransfer::Stage::Ringback;
    transfer->recipient_call = target.unique_id;
    hang_variables(target, transfer->variables);
    tell(*transfer, TransferChange::Updated);
    if (transfer->flow == SteeredTransfer::Flow::Attended) return;
    auto* initiator = channel(transfer->initiator);
    if (initiator == nullptr) return;
    const auto by = initiator->name;
    hang_up(*initiator, Cause::NormalClearing, by);
}

void CallCore::State::recipient_answers(const Channel& dialling, const Channel& target) {
    auto* transfer = steered_transfer_of(dialling);
    if (transfer == nullptr) return;
    transfer->recipient_call = target.unique_id;
    // Blind, it is over as soon as the core's own transfer is.
    if (transfer->flow == SteeredTransfer::Flow::Blind) return;
    transfer->stage = SteeredTransfer::Stage::Answered;
    live.timers.stop(transfer->timeout);
    tell(*transfer, TransferChange::Answered);
}

void CallCore::State::leave_steered(Channel& leaving) {
    auto* transfer = steered_transfer_of(leaving);
    if (transfer == nullptr) return;
    if (transfer->transferred == leaving.id) return end_steered(*transfer, TransferChange::Abandoned);
    leaving.steered = SteeredTransferId{};
    if (transfer->flow == SteeredTransfer::Flow::Blind) {
        transfer->initiator = ChannelId{};
        return;
    }
    auto& transferred = live.channels.at(transfer->transferred);
    end_steered(*transfer, TransferChange::Abandoned);
    hang_up(transferred, Cause::NormalClearing, leaving.name);
}

void CallCore::State::tell(const SteeredTransfer& transfer, TransferChange change) {
    events.transferred(transfer.told(change));
}

void CallCore::State::end_steered(SteeredTransfer& transfer, TransferChange how) {
    for (const auto party : {transfer.transferred, transfer.initiator}) {
        if (auto* marked = channel(party)) marked->steered = SteeredTransferId{};
    }
    live.timers.stop(transfer.timeout);
    tell(transfer, how);
    tell(transfer, TransferChange::Ended);
    live.steered_transfers.erase(transfer.id);
}

}  // namespace almon::pbx
