// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/events/call_list.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace almon::services {

namespace {

template <class Index, class Key>
void forget(Index& index, const Key& key, const std::string& id) {
    const auto found = index.find(key);
    if (found == index.end()) return;
    std::erase(found->second, id);
    if (found->second.empty()) index.erase(found);
}

}  // namespace

std::optional<CallList::Change> CallList::take(const bus::CallEvent& event) {
    using enum bus::CallEventType;
    using Status = ListedCall::Status;
    if (event.type == ChannelStart) {
        ListedCall call{event.unique_id,
                        event.channel_name,
                        model::UserId{event.user},
                        model::LineId{event.line},
                        event.outgoing ? Status::Ringing : Status::Ring,
                        event.caller_name,
                        event.caller_number,
                        event.outgoing ? std::string() : event.exten,
                        event.linked_id,
                        event.time};
        call.context = event.context;
        call.account_code = event.account_code;
        if (call.line) by_line_[call.line].push_back(call.id);
        const auto& listed = calls_.insert_or_assign(event.unique_id, std::move(call)).first->second;
        return Change{CallChange::Created, listed};
    }
    const auto found = calls_.find(event.unique_id);
    if (found == calls_.end()) return std::nullopt;
    auto& call = found->second;
    switch (event.type) {
        case Answer:
            call.status = Status::Up;
            break;
        case BridgeEnter:
            move_to(call, event.bridge);
            break;
        case BridgeExit:
            move_to(call, 0);
            // Where it goes from here is told as it comes; a call that ends is told as ended alone.
            return std::nullopt;
        case ChannelEnd: {
            move_to(call, 0);
            if (call.line) forget(by_line_, call.line, call.id);
            Change ended{CallChange::Ended, std::move(call)};
            calls_.erase(found);
            return ended;
        }
        case BridgeUpdate:
            break;
        case ApplicationStart:
            call.application = event.application;
            call.application_data = event.application_data;
            // Whose phone rang because a program calls for him dials later.
            if (!event.exten.empty()) call.dialled = event.exten;
            call.context = event.context;
            return std::nullopt;
        case ApplicationEnd:
            call.application.clear();
            call.application_data.clear();
            return std::nullopt;
        default:
            return std::nullopt;
    }
    return Change{CallChange::Updated, call};
}

std::optional<CallList::Change> CallList::take(const bus::HoldChanged& event) {
    const auto found = calls_.find(event.unique_id);
    if (found == calls_.end() || found->second.holds == event.holds) return std::nullopt;
    found->second.holds = event.holds;
    return Change{event.holds ? CallChange::Held : CallChange::Resumed, found->second};
}

const ListedCall* CallList::find(std::string_view id) const {
    const auto found = calls_.find(std::string(id));
    return found == calls_.end() ? nullptr : &found->second;
}

const ListedCall* CallList::find_named(std::string_view channel_name) const {
    const auto found = std::ranges::find_if(
        calls_, [&](const auto& each) { return each.second.channel_name == channel_name; });
    return found == calls_.end() ? nullptr : &found->second;
}

std::vector<const ListedCall*> CallList::in_bridge(std::uint64_t bridge) const {
    const auto found = by_bridge_.find(bridge);
    return found == by_bridge_.end() ? std::vector<const ListedCall*>{} : all(found->second);
}

std::vector<const ListedCall*> CallList::talking_to(const ListedCall& call) const {
    auto others = in_bridge(call.bridge);
    std::erase_if(others, [&](const ListedCall* other) { return other->id == call.id; });
    return others;
}

std::vector<const ListedCall*> CallList::of_line(model::LineId line) const {
    const auto found = by_line_.find(line);
    return found == by_line_.end() ? std::vector<const ListedCall*>{} : all(found->second);
}

std::vector<const ListedCall*> CallList::in_order() const {
    std::vector<const ListedCall*> calls;
    calls.reserve(calls_.size());
    for (const auto& [id, call] : calls_)
        calls.push_back(&call);
    // Of those that began together the ids count on, and "10" comes behind "9".
    std::ranges::sort(calls, {}, [](const ListedCall* call) {
        return std::tuple(call->begun, call->id.size(), std::string_view(call->id));
    });
    return calls;
}

std::vector<const ListedCall*> CallList::all(const Ids& ids) const {
    std::vector<const ListedCall*> calls;
    calls.reserve(ids.size());
    for (const auto& id : ids)
        calls.push_back(&calls_.at(id));
    return calls;
}

void CallList::move_to(ListedCall& call, std::uint64_t bridge) {
    if (call.bridge == bridge) return;
    if (call.bridge != 0) forget(by_bridge_, call.bridge, call.id);
    call.bridge = bridge;
    if (bridge != 0) by_bridge_[bridge].push_back(call.id);
}

LineStatus line_status(const std::vector<const ListedCall*>& calls, bool reachable) noexcept {
    using Status = ListedCall::Status;
    const auto rings = [](const ListedCall* call) { return call->status == Status::Ringing; };
    const bool ringing = std::ranges::any_of(calls, rings);
    const bool used = !std::ranges::all_of(calls, rings);
    if (used && ringing) return LineStatus::InUseAndRinging;
    if (ringing) return LineStatus::Ringing;
    if (used) return std::ranges::all_of(calls, &ListedCall::holds) ? LineStatus::OnHold : LineStatus::InUse;
    return reachable ? LineStatus::Free : LineStatus::Unavailable;
}

}  // namespace almon::services
