// SPDX-License-Identifier: GPL-3.0-or-later
// Actions about phones, the numbers that they have and the messages that wait.
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "model/voicemail.hpp"
#include "services/amid/manager_actions.hpp"
#include "services/events/manager_events.hpp"

namespace almon::services {

using Fields = ami::Message;
using ami::Reply;

namespace {

/// The line that rings where the number is dialled; null: the number is no line's.
const model::Line* line_of(const model::Extension& extension, const model::Snapshot& configuration) {
    const auto& lines = configuration.lines_of_extension(extension.id);
    return lines.empty() ? nullptr : configuration.line(lines.front());
}

Reply extension_status(const ManagerDesk& desk, const Fields& message) {
    const auto exten = message.find("Exten");
    if (exten.empty()) return Reply::error("Extension not specified");
    const auto context = message.has("Context") ? message.find("Context") : std::string_view("default");
    Reply reply{{{"Response", "Success"},
                 {"Message", "Extension Status"},
                 {"Exten", std::string(exten)},
                 {"Context", std::string(context)}}};
    const auto looked = desk.look([&](const LiveView& view) {
        const auto* extension = view.configuration.extension_in(context, exten);
        const auto* line = extension != nullptr ? line_of(*extension, view.configuration) : nullptr;
        if (line == nullptr) {
            // As the protocol says that nothing is known of it.
            reply.response.add("Hint", "").add("Status", "-1").add("StatusText", "Unknown");
            return true;
        }
        const auto status = view.status_of(*line);
        reply.response.add("Hint", interface_of(*line, view.configuration))
            .add("Status", std::to_string(static_cast<int>(status)))
            .add("StatusText", extension_state(status));
        return true;
    });
    return looked ? reply : refusal_of(looked.error());
}

Reply list_extension_statuses(const ManagerDesk& desk, const Fields&) {
    auto list = desk.look([](const LiveView& view) {
        auto begun = begin_list("Extension Statuses will follow");
        view.configuration.for_each<model::Extension>([&](const model::Extension& extension) {
            const auto* line = line_of(extension, view.configuration);
            if (line == nullptr) return;
            const auto status = view.status_of(*line);
            begun.events.push_back({{"Event", "ExtensionStatus"},
                                    {"Exten", extension.exten},
                                    {"Context", extension.context},
                                    {"Hint", interface_of(*line, view.configuration)},
                                    {"Status", std::to_string(static_cast<int>(status))},
                                    {"StatusText", std::string(extension_state(status))}});
        });
        finish_list(begun, "ExtensionStateListComplete");
        return begun;
    });
    return list ? *std::move(list) : refusal_of(list.error());
}

Reply list_device_states(const ManagerDesk& desk, const Fields&) {
    auto list = desk.look([](const LiveView& view) {
        auto begun = begin_list("Device State Changes will follow");
        view.configuration.for_each<model::Line>([&](const model::Line& line) {
            if (!line.endpoint_sip) return;
            begun.events.push_back({{"Event", "DeviceStateChange"},
                                    {"Device", interface_of(line, view.configuration)},
                                    {"State", std::string(device_state(view.status_of(line)))}});
        });
        finish_list(begun, "DeviceStateListComplete");
        return begun;
    });
    return list ? *std::move(list) : refusal_of(list.error());
}

/// Where a phone of the account is; null: nowhere.
const NetAddress* address_of(const model::EndpointSip& endpoint, const LiveView& view) {
    const auto found = view.contacts.find(endpoint.username);
    return found == view.contacts.end() ? nullptr : &found->second.begin()->second;
}

void add_peer(Fields& fields, const model::EndpointSip& endpoint, const LiveView& view) {
    const auto* address = address_of(endpoint, view);
    fields.add("Channeltype", "SIP")
        .add("ObjectName", endpoint.username)
        .add("ChanObjectType", "peer")
        .add("IPaddress", address != nullptr ? address->host() : "-none-")
        .add("IPport", address != nullptr ? std::to_string(address->port) : "0")
        .add("Dynamic", view.configuration.line_of_endpoint(endpoint.id) != nullptr ? "yes" : "no")
        .add("Status", address != nullptr ? "OK" : "UNKNOWN");
}

Reply list_peers(const ManagerDesk& desk, const Fields&) {
    auto list = desk.look([](const LiveView& view) {
        auto begun = begin_list("Peer status list will follow");
        view.configuration.for_each<model::EndpointSip>([&](const model::EndpointSip& endpoint) {
            Fields entry{{"Event", "PeerEntry"}};
            add_peer(entry, endpoint, view);
            begun.events.push_back(std::move(entry));
        });
        finish_list(begun, "PeerlistComplete");
        return begun;
    });
    return list ? *std::move(list) : refusal_of(list.error());
}

Reply show_peer(const ManagerDesk& desk, const Fields& message) {
    const auto peer = message.find("Peer");
    if (peer.empty()) return Reply::error("Peer: <name> missing.");
    auto shown = desk.look([&](const LiveView& view) {
        const auto* endpoint = view.configuration.endpoint_sip_by_username(peer);
        if (endpoint == nullptr) return Reply::error(fmt::format("Peer {} not found.", peer));
        Reply reply{{{"Response", "Success"}}};
        add_peer(reply.response, *endpoint, view);
        if (const auto* line = view.configuration.line_of_endpoint(endpoint->id)) {
            reply.response.add("Context", line->context)
                .add("DeviceState", device_state(view.status_of(*line)));
        }
        return reply;
    });
    return shown ? *std::move(shown) : refusal_of(shown.error());
}

struct Messages {
    std::string mailbox;
    pbx::MessageCounts counts;
};
/// Of "1001@default"; without a context, of the one that is called default.
Result<Messages> messages_in(const ManagerDesk& desk, const Fields& message) {
    const auto mailbox = message.find("Mailbox");
    if (mailbox.empty()) return refuse(ErrorCode::InvalidArgument, "", "Mailbox not specified");
    const auto at = mailbox.find('@');
    const auto context = at == std::string_view::npos ? std::string_view("default") : mailbox.substr(at + 1);
    const auto configuration = desk.configuration();
    const auto* voicemail = model::voicemail_in(*configuration, context, mailbox.substr(0, at));
    if (voicemail == nullptr) return refuse(ErrorCode::NotFound, "", "No such mailbox");
    const auto counts = desk.order([id = voicemail->id](pbx::CallCore& core) -> Result<pbx::MessageCounts> {
        return core.messages_of(id);
    });
    if (!counts) return refuse(counts);
    return Messages{std::string(mailbox), *counts};
}

Reply count_messages(const ManagerDesk& desk, const Fields& message) {
    const auto found = messages_in(desk, message);
    if (!found) return refusal_of(found.error());
    return {{{"Response", "Success"},
             {"Message", "Mailbox Message Count"},
             {"Mailbox", found->mailbox},
             {"UrgMessages", "0"},
             {"NewMessages", std::to_string(found->counts.fresh)},
             {"OldMessages", std::to_string(found->counts.old)}}};
}

Reply show_mailbox(const ManagerDesk& desk, const Fields& message) {
    const auto found = messages_in(desk, message);
    if (!found) return refusal_of(found.error());
    return {{{"Response", "Success"},
             {"Message", "Mailbox Status"},
             {"Mailbox", found->mailbox},
             {"Waiting", found->counts.fresh > 0 ? "1" : "0"}}};
}

}  // namespace

std::span<const ManagerAction> phone_actions() {
    static constexpr ManagerAction kActions[] = {
        {"DeviceStateList", "List the state of each phone", at_once<list_device_states>},
        {"ExtensionState", "Show the state of a number: Exten, Context", at_once<extension_status>},
        {"ExtensionStateList", "List the state of each number", at_once<list_extension_statuses>},
        {"MailboxCount", "Count the messages of a mailbox: Mailbox", at_once<count_messages>},
        {"MailboxStatus", "Show whether new messages wait: Mailbox", at_once<show_mailbox>},
        {"SIPpeers", "List the SIP accounts and where their phones are", at_once<list_peers>},
        {"SIPshowpeer", "Show a SIP account: Peer", at_once<show_peer>},
    };
    return kActions;
}

}  // namespace almon::services
