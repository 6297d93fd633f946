// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <variant>

#include "bus/call_event.hpp"
#include "bus/contact_event.hpp"
#include "bus/transfer_event.hpp"
#include "bus/voicemail_event.hpp"

namespace almon::bus {

/// Everything that the call core tells. Journalled before the step's messages leave; consumed by the database
/// and by whoever only wants to know.
using Event =
    std::variant<CallEvent, ContactBound, ContactRemoved, HoldChanged, TransferChanged, VoiceMessageChanged>;

/// Where the call core puts its events. Must neither block nor call back.
class EventSink {
public:
    virtual ~EventSink() = default;
    virtual void emit(Event event) = 0;
};

}  // namespace almon::bus
