// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/events/manager_events.hpp"

#include <utility>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "services/events/call_view.hpp"
#include "services/events/event_catalogue.hpp"

namespace almon::services {

namespace json = boost::json;
using ami::EventClass;

namespace {

using Fields = ami::Message;

/// What the protocol says of a caller who is not known.
constexpr std::string_view kUnknown = "<unknown>";

std::string_view or_unknown(std::string_view text) {
    return text.empty() ? kUnknown : text;
}

struct State {
    std::string_view number;
    std::string_view name;
};
State state_of(ListedCall::Status status) noexcept {
    switch (status) {
        case ListedCall::Status::Ring:
            return {"4", "Ring"};
        case ListedCall::Status::Ringing:
            return {"5", "Ringing"};
        case ListedCall::Status::Up:
            return {"6", "Up"};
    }
    return {"0", "Down"};
}

void add_channel(Fields& fields, const ListedCall& call, const CallList& calls, std::string_view prefix,
                 State state) {
    const auto add = [&](std::string_view name, std::string_view value) {
        fields.add(fmt::format("{}{}", prefix, name), value);
    };
    const auto* peer = peer_of(call, calls);
    add("Channel", call.channel_name);
    add("ChannelState", state.number);
    add("ChannelStateDesc", state.name);
    add("CallerIDNum", or_unknown(call.caller_number));
    add("CallerIDName", or_unknown(call.caller_name));
    add("ConnectedLineNum", or_unknown(peer != nullptr ? peer->caller_number : ""));
    add("ConnectedLineName", or_unknown(peer != nullptr ? peer->caller_name : ""));
    add("AccountCode", call.account_code);
    add("Context", call.context);
    add("Exten", call.dialled);
    add("Priority", "1");
    add("Uniqueid", call.id);
    add("Linkedid", call.linked_id);
}

void add_bridge(Fields& fields, std::uint64_t bridge, std::size_t channels) {
    fields.add("BridgeUniqueid", std::to_string(bridge))
        .add("BridgeType", "basic")
        .add("BridgeTechnology", "simple_bridge")
        .add("BridgeCreator", kUnknown)
        .add("BridgeName", kUnknown)
        .add("BridgeNumChannels", std::to_string(channels));
}

/// What the core has added to an event, by name.
json::object extra_of(const bus::CallEvent& event) {
    json::error_code error;
    auto extra = json::parse(event.extra, error);
    if (error || !extra.is_object()) return {};
    return std::move(extra.as_object());
}

std::string text_in(const json::object& extra, std::string_view name) {
    const auto* found = extra.if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

pbx::Cause cause_of(const bus::CallEvent& hang_up) {
    const auto extra = extra_of(hang_up);
    const auto* cause = extra.if_contains("hangupcause");
    return cause != nullptr && cause->is_int64() ? static_cast<pbx::Cause>(cause->get_int64())
                                                 : pbx::Cause::Unknown;
}

/// Who has a phone rung; null: a program, or nobody who is known.
const ListedCall* dialler_of(const ListedCall& rung, const CallList& calls) {
    if (rung.status != ListedCall::Status::Ringing || rung.linked_id == rung.id) return nullptr;
    const auto* first = calls.find(rung.linked_id);
    return first != nullptr && first->status != ListedCall::Status::Ringing ? first : nullptr;
}

class Teller final {
public:
    Teller(const CallList& calls, const TellManager& tell) : calls_(calls), tell_(tell) {}

    void channel(std::string name, const ListedCall& call, Fields more = {},
                 EventClass about = EventClass::Call) const {
        Fields fields;
        services::add_channel(fields, call, calls_);
        add_all(fields, more);
        tell_({std::move(name), about, std::move(fields)});
    }
    void begin(const ListedCall& call) const {
        Fields fields;
        add_channel(fields, call, calls_, "", {"0", "Down"});
        tell_({"Newchannel", EventClass::Call, std::move(fields)});
        channel("Newstate", call);
        if (call.status == ListedCall::Status::Ringing)
            dial("DialBegin", call,
                 {{"DialString", call.channel_name.substr(0, call.channel_name.rfind('-'))}});
    }
    void dial(std::string name, const ListedCall& rung, const Fields& more) const {
        Fields fields;
        if (const auto* caller = dialler_of(rung, calls_)) services::add_channel(fields, *caller, calls_);
        services::add_channel(fields, rung, calls_, "Dest");
        add_all(fields, more);
        tell_({std::move(name), EventClass::Call, std::move(fields)});
    }
    void answer(const ListedCall& call) const {
        if (call.linked_id != call.id) {
            const auto* first = calls_.find(call.linked_id);
            Fields fields;
            if (first != nullptr) services::add_channel(fields, *first, calls_);
            services::add_channel(fields, call, calls_, "Dest");
            fields.add("DialStatus", "ANSWER");
            tell_({"DialEnd", EventClass::Call, std::move(fields)});
        }
        channel("Newstate", call);
    }
    void enter(const ListedCall& call) const {
        const auto there = calls_.in_bridge(call.bridge).size();
        if (there == 1) bridge("BridgeCreate", call.bridge, 0);
        bridge("BridgeEnter", call.bridge, there, &call);
    }
    void leave(const ListedCall& call, std::uint64_t left) const {
        const auto there = calls_.in_bridge(left).size();
        bridge("BridgeLeave", left, there, &call);
        if (there == 0) bridge("BridgeDestroy", left, 0);
    }
    void hang_up(const ListedCall& call, pbx::Cause cause) const {
        if (call.status == ListedCall::Status::Ringing)
            dial("DialEnd", call, {{"DialStatus", std::string(pbx::dial_status_of(cause))}});
        channel("Hangup", call,
                {{"Cause", std::to_string(static_cast<int>(cause))},
                 {"Cause-txt", std::string(pbx::text_of(cause))}});
    }
    void transfer(const bus::CallEvent& event, const ListedCall& transferer) const {
        const auto extra = extra_of(event);
        const bool blind = event.type == bus::CallEventType::BlindTransfer;
        Fields fields{{"Result", "Success"}};
        add_channel_named(fields, transferer.channel_name, blind ? "Transferer" : "OrigTransferer");
        add_channel_named(fields, event.peer, "Transferee");
        if (blind) {
            fields.add("IsExternal", "No")
                .add("Context", text_in(extra, "context"))
                .add("Extension", text_in(extra, "extension"));
        } else {
            add_channel_named(fields, text_in(extra, "channel2_name"), "SecondTransferer");
            add_channel_named(fields, text_in(extra, "transfer_target_channel_name"), "TransferTarget");
        }
        tell_({blind ? "BlindTransfer" : "AttendedTransfer", EventClass::Call, std::move(fields)});
    }
    void pickup(const bus::CallEvent& event, const ListedCall& target) const {
        Fields fields;
        add_channel_named(fields, event.peer, "");
        services::add_channel(fields, target, calls_, "Target");
        tell_({"Pickup", EventClass::Call, std::move(fields)});
    }

private:
    static void add_all(Fields& fields, const Fields& more) {
        for (const auto& [name, value] : more.headers())
            fields.add(name, value);
    }
    void bridge(std::string name, std::uint64_t number, std::size_t channels,
                const ListedCall* call = nullptr) const {
        Fields fields;
        add_bridge(fields, number, channels);
        if (call != nullptr) services::add_channel(fields, *call, calls_);
        tell_({std::move(name), EventClass::Call, std::move(fields)});
    }
    void add_channel_named(Fields& fields, std::string_view name, std::string_view prefix) const {
        if (const auto* call = calls_.find_named(name)) services::add_channel(fields, *call, calls_, prefix);
    }

    const CallList& calls_;
    const TellManager& tell_;
};

}  // namespace

void add_channel(ami::Message& fields, const ListedCall& call, const CallList& calls,
                 std::string_view prefix) {
    add_channel(fields, call, calls, prefix, state_of(call.status));
}

void tell_manager(const bus::CallEvent& event, const CallList& calls, const TellManager& tell) {
    using enum bus::CallEventType;
    const auto* call = calls.find(event.unique_id);
    if (call == nullptr) return;
    const Teller teller(calls, tell);
    switch (event.type) {
        case ChannelStart:
            return teller.begin(*call);
        case Answer:
            return teller.answer(*call);
        case BridgeEnter:
            return teller.enter(*call);
        case BridgeExit:
            return teller.leave(*call, event.bridge);
        case ApplicationStart:
            return teller.channel("Newexten", *call,
                                  {{"Extension", call->dialled},
                                   {"Application", event.application},
                                   {"AppData", event.application_data}},
                                  EventClass::Dialplan);
        case HangUp:
            return teller.hang_up(*call, cause_of(event));
        case BlindTransfer:
        case AttendedTransfer:
            return teller.transfer(event, *call);
        case Pickup:
            return teller.pickup(event, *call);
        default:
            return;
    }
}

void tell_manager(const CallList::Change& change, const CallList& calls, const TellManager& tell) {
    Teller(calls, tell).channel(change.what == CallChange::Held ? "Hold" : "Unhold", change.call);
}

void tell_manager_of_phone(std::string_view account, const NetAddress* address, const TellManager& tell) {
    Fields fields{{"ChannelType", "SIP"},
                  {"Peer", fmt::format("SIP/{}", account)},
                  {"PeerStatus", address != nullptr ? "Registered" : "Unregistered"}};
    if (address != nullptr) fields.add("Address", address->text());
    tell({"PeerStatus", EventClass::System, std::move(fields)});
}

void tell_manager_of_line(const model::Line& line, LineStatus status, const model::Snapshot& configuration,
                          const TellManager& tell) {
    const auto interface = interface_of(line, configuration);
    tell({"DeviceStateChange",
          EventClass::Call,
          {{"Device", interface}, {"State", std::string(device_state(status))}}});
    for (const auto& link : configuration.extensions_of_line(line.id)) {
        const auto* extension = configuration.extension(link.extension);
        if (extension == nullptr) continue;
        tell({"ExtensionStatus",
              EventClass::Call,
              {{"Exten", extension->exten},
               {"Context", extension->context},
               {"Hint", interface},
               {"Status", std::to_string(static_cast<int>(status))},
               {"StatusText", std::string(extension_state(status))}}});
    }
}

services::Message message_of(const ami::Event& event, std::string_view origin_uuid) {
    json::object data;
    const auto told = event.message();
    for (const auto& [name, value] : told.headers()) {
        if (name != "Event") data[name] = value;
    }
    return make_message(events::kManagerEvent, data, origin_uuid, {{"event", event.name}});
}

std::string interface_of(const model::Line& line, const model::Snapshot& configuration) {
    const auto* endpoint = configuration.endpoint_sip(line.endpoint_sip);
    return endpoint == nullptr ? std::string() : "SIP/" + endpoint->username;
}

std::string_view extension_state(LineStatus status) noexcept {
    switch (status) {
        case LineStatus::Free:
            return "Idle";
        case LineStatus::InUse:
            return "InUse";
        case LineStatus::Unavailable:
            return "Unavailable";
        case LineStatus::Ringing:
            return "Ringing";
        case LineStatus::InUseAndRinging:
            return "InUse&Ringing";
        case LineStatus::OnHold:
            return "Hold";
    }
    return "Unknown";
}

std::string_view device_state(LineStatus status) noexcept {
    switch (status) {
        case LineStatus::Free:
            return "NOT_INUSE";
        case LineStatus::InUse:
            return "INUSE";
        case LineStatus::Unavailable:
            return "UNAVAILABLE";
        case LineStatus::Ringing:
            return "RINGING";
        case LineStatus::InUseAndRinging:
            return "RINGINUSE";
        case LineStatus::OnHold:
            return "ONHOLD";
    }
    return "UNKNOWN";
}

void AnswerWatch::wait_for(std::string linked_id, Tell tell) {
    const std::lock_guard lock(mutex_);
    waiting_.insert_or_assign(std::move(linked_id), Waiting{std::move(tell)});
    any_ = true;
}

void AnswerWatch::take(const bus::CallEvent& event) {
    if (!any_) return;
    std::unique_lock lock(mutex_);
    const auto found = waiting_.find(event.linked_id);
    if (found == waiting_.end()) return;
    if (event.type == bus::CallEventType::HangUp) found->second.cause = cause_of(event);
    const bool answered = event.type == bus::CallEventType::Answer;
    if (!answered && event.type != bus::CallEventType::LinkedIdEnd) return;
    const auto waiting = waiting_.extract(found).mapped();
    any_ = !waiting_.empty();
    lock.unlock();
    waiting.tell(
        {answered, answered ? event.unique_id : "", answered ? event.channel_name : "", waiting.cause});
}

}  // namespace almon::services
