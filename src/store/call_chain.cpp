// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/call_chain.hpp"

#include <algorithm>
#include <cctype>

namespace almon::store {
namespace {

/// "sip/alice" of "SIP/alice-0000000a".
std::string line_of(const std::string& channel_name) {
    auto line = channel_name.substr(0, channel_name.rfind('-'));
    const auto technology = line.begin() + static_cast<std::ptrdiff_t>(std::min(line.find('/'), line.size()));
    std::transform(line.begin(), technology, line.begin(),
                   [](unsigned char letter) { return std::tolower(letter); });
    return line;
}

}  // namespace

void CallChain::take(const bus::CallEvent& event) {
    if (event.unique_id == event.linked_id)
        take_caller(event);
    else if (event.outgoing)
        take_called(event);
    call_.ended = std::max(call_.ended, event.time);
}

void CallChain::take_caller(const bus::CallEvent& event) {
    using enum bus::CallEventType;
    if (event.type == ChannelStart) {
        has_begun_ = true;
        was_placed_ = event.outgoing;
        is_from_outside_ = !event.outgoing && event.line == 0;
        call_.linked_id = event.linked_id;
        call_.begun = event.time;
        call_.source_name = event.caller_name;
        call_.source_exten = event.caller_number;
        call_.source_line = line_of(event.channel_name);
        call_.source_user = model::UserId{event.user};
        call_.user_field = event.user_field;
    }
    if (call_.destination_exten.empty()) call_.destination_exten = event.exten;
    if (event.type == Answer && !was_placed_ && !call_.answered) call_.answered = event.time;
}

void CallChain::take_called(const bus::CallEvent& event) {
    using enum bus::CallEventType;
    const bool is_first_rung = event.type == ChannelStart && call_.destination_line.empty();
    const bool is_first_to_answer = event.type == Answer && !was_taken_;
    if (!is_first_rung && !is_first_to_answer) return;
    call_.destination_name = event.caller_name;
    call_.destination_line = line_of(event.channel_name);
    call_.destination_user = model::UserId{event.user};
    goes_outside_ = event.line == 0;
    called_field_ = event.user_field;
    if (!is_first_to_answer) return;
    was_taken_ = true;
    if (!call_.answered) call_.answered = event.time;
}

std::optional<LoggedCall> CallChain::logged() const {
    if (!has_begun_) return std::nullopt;
    auto call = call_;
    if (is_from_outside_)
        call.direction = CallDirection::Inbound;
    else if (goes_outside_)
        call.direction = CallDirection::Outbound;
    if (call.user_field.empty()) call.user_field = called_field_;
    return call;
}

}  // namespace almon::store
