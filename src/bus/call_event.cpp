// SPDX-License-Identifier: GPL-3.0-or-later
#include "bus/call_event.hpp"

namespace almon::bus {

const char* name_of(CallEventType type) noexcept {
    switch (type) {
        case CallEventType::ChannelStart:
            return "CHAN_START";
        case CallEventType::ChannelEnd:
            return "CHAN_END";
        case CallEventType::HangUp:
            return "HANGUP";
        case CallEventType::Answer:
            return "ANSWER";
        case CallEventType::ApplicationStart:
            return "APP_START";
        case CallEventType::ApplicationEnd:
            return "APP_END";
        case CallEventType::BridgeEnter:
            return "BRIDGE_ENTER";
        case CallEventType::BridgeExit:
            return "BRIDGE_EXIT";
        case CallEventType::BridgeUpdate:
            return "BRIDGE_UPDATE";
        case CallEventType::BlindTransfer:
            return "BLINDTRANSFER";
        case CallEventType::AttendedTransfer:
            return "ATTENDEDTRANSFER";
        case CallEventType::Pickup:
            return "PICKUP";
        case CallEventType::LinkedIdEnd:
            return "LINKEDID_END";
    }
    return "";
}

}  // namespace almon::bus
