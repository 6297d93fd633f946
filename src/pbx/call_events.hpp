// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

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

private:
    bus::EventSink& sink_;
    const StepClock& clock_;
};

}  // namespace almon::pbx
