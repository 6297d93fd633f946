// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/step_clock.hpp"
#include "bus/event.hpp"
#include "pbx/channel.hpp"

namespace almon::pbx {

/// Tells the bus what happens to channels (CEL). Fills a row from the channel; the core says when.
class CallEvents final {
public:
    CallEvents(bus::EventSink& sink, const StepClock& clock) noexcept : sink_(sink), clock_(clock) {}

    /// @param linked_id unique id of the chain's first channel.
    void emit(bus::CallEventType type, const Channel& channel, const std::string& linked_id,
              std::string_view peer = {}, std::string extra = {});
    /// @param source name of the channel whose party hung up; empty: the system did.
    void hung_up(const Channel& channel, const std::string& linked_id, Cause cause, std::string_view source);

    /// The channel's party has put the other on hold, or taken it back.
    void held(const Channel& channel);

    /// Of a transfer that a program steers.
    void transferred(bus::TransferChanged changed) { sink_.emit(std::move(changed)); }

    void message_changed(bus::VoiceMessageChanged changed) { sink_.emit(std::move(changed)); }

    using Member = std::pair<std::string_view, std::string_view>;
    /// {"name":"value",...}, for `extra`.
    [[nodiscard]] static std::string json(std::span<const Member> members);
    [[nodiscard]] static std::string json(std::initializer_list<Member> members) {
        return json(std::span(members.begin(), members.size()));
    }

private:
    bus::EventSink& sink_;
    const StepClock& clock_;
};

}  // namespace almon::pbx
