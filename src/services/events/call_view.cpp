// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/events/call_view.hpp"

#include <string_view>

#include "services/local_time.hpp"

namespace almon::services {

namespace json = boost::json;

namespace {

std::string_view name_of(ListedCall::Status status) noexcept {
    switch (status) {
        case ListedCall::Status::Ring:
            return "Ring";
        case ListedCall::Status::Ringing:
            return "Ringing";
        case ListedCall::Status::Up:
            return "Up";
    }
    return "";
}

std::string_view name_of(bus::TransferStage stage) noexcept {
    switch (stage) {
        case bus::TransferStage::Starting:
            return "starting";
        case bus::TransferStage::Ringback:
            return "ringback";
        case bus::TransferStage::Answered:
            return "answered";
    }
    return "";
}

}  // namespace

const ListedCall* peer_of(const ListedCall& call, const CallList& calls) {
    const auto others = calls.talking_to(call);
    if (!others.empty()) return others.front();
    if (call.status != ListedCall::Status::Ringing || call.linked_id == call.id) return nullptr;
    return calls.find(call.linked_id);
}

json::value uuid_of(model::UserId id, const model::Snapshot& configuration) {
    const auto* user = configuration.user(id);
    return user != nullptr ? json::value(user->uuid) : json::value(nullptr);
}

json::object call_json(const ListedCall& call, const CallList& calls, const model::Snapshot& configuration,
                       bool over) {
    json::object talking_to;
    for (const auto* other : calls.talking_to(call))
        talking_to[other->id] = uuid_of(other->user, configuration);
    json::array bridges;
    if (call.bridge != 0) bridges.emplace_back(std::to_string(call.bridge));
    return {
        {"bridges", std::move(bridges)},
        {"call_id", call.id},
        {"caller_id_name", call.caller_name},
        {"caller_id_number", call.caller_number},
        {"creation_time", zoned_iso_text(call.begun)},
        {"status", over ? "Down" : name_of(call.status)},
        {"talking_to", std::move(talking_to)},
        {"user_uuid", uuid_of(call.user, configuration)},
    };
}

json::object whole_call_json(const ListedCall& call, const CallList& calls,
                             const model::Snapshot& configuration) {
    auto shown = call_json(call, calls, configuration);
    const auto* peer = peer_of(call, calls);
    shown["peer_caller_id_name"] = peer != nullptr ? peer->caller_name : std::string();
    shown["peer_caller_id_number"] = peer != nullptr ? peer->caller_number : call.dialled;
    shown["on_hold"] = call.holds;
    return shown;
}

json::object transfer_json(const bus::TransferChanged& transfer, const model::Snapshot& configuration) {
    return {
        {"id", transfer.id},
        {"initiator_uuid", uuid_of(model::UserId{transfer.user}, configuration)},
        {"transferred_call", transfer.transferred_call},
        {"initiator_call", transfer.initiator_call},
        {"recipient_call",
         transfer.recipient_call.empty() ? json::value(nullptr) : json::value(transfer.recipient_call)},
        {"status", name_of(transfer.stage)},
        {"flow", transfer.flow == bus::TransferFlow::Blind ? "blind" : "attended"},
    };
}

}  // namespace almon::services
