// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/call_events.hpp"

#include <fmt/format.h>

namespace almon::pbx {
namespace {

/// Endpoint names may hold whatever an administrator typed.
std::string json_text(std::string_view text) {
    std::string quoted = "\"";
    for (const char byte : text) {
        if (byte == '"' || byte == '\\') {
            quoted += '\\';
            quoted += byte;
        } else if (static_cast<unsigned char>(byte) < 0x20) {
            quoted += fmt::format("\\u{:04x}", static_cast<unsigned>(byte));
        } else {
            quoted += byte;
        }
    }
    quoted += '"';
    return quoted;
}

}  // namespace

void CallEvents::emit(bus::CallEventType type, const Channel& channel, const std::string& linked_id,
                      std::string_view peer, std::string extra) {
    bus::CallEvent event;
    event.type = type;
    event.time = clock_.utc();
    event.caller_name = channel.identity.name;
    event.caller_number = channel.identity.number;
    event.dialled_number = channel.exten;
    event.exten = channel.exten;
    event.context = channel.context;
    event.channel_name = channel.name;
    event.application = channel.application;
    event.application_data = channel.application_data;
    event.account_code = channel.account_code;
    event.unique_id = channel.unique_id;
    event.linked_id = linked_id;
    event.user_field = channel.user_field;
    event.peer = peer;
    event.extra = std::move(extra);
    event.user = channel.user.value;
    event.line = channel.line.value;
    event.bridge = channel.seat ? channel.seat->room.value : channel.bridge.value;
    event.outgoing = channel.outgoing;
    sink_.emit(std::move(event));
}

void CallEvents::held(const Channel& channel) {
    sink_.emit(bus::HoldChanged{channel.unique_id, channel.media.holds});
}

std::string CallEvents::json(std::span<const Member> members) {
    std::string text = "{";
    for (const auto& [name, value] : members) {
        if (text.size() > 1) text += ',';
        text += json_text(name);
        text += ':';
        text += json_text(value);
    }
    text += '}';
    return text;
}

void CallEvents::hung_up(const Channel& channel, const std::string& linked_id, Cause cause,
                         std::string_view source) {
    emit(bus::CallEventType::HangUp, channel, linked_id, {},
         fmt::format(R"({{"hangupcause":{},"hangupsource":{},"dialstatus":{}}})", static_cast<int>(cause),
                     json_text(source), json_text(channel.dial_status)));
}

}  // namespace almon::pbx
