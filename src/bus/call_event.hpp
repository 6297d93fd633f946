// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include <boost/describe.hpp>

#include "base/time.hpp"

namespace almon::bus {

/// The documented types of call events. LINKEDID_END closes a chain of linked channels; exactly one per
/// chain.
enum class CallEventType : std::uint8_t {
    ChannelStart,
    ChannelEnd,
    HangUp,
    Answer,
    ApplicationStart,
    ApplicationEnd,
    BridgeEnter,
    BridgeExit,
    BridgeUpdate,
    BlindTransfer,
    AttendedTransfer,
    Pickup,
    LinkedIdEnd,
};
/// As in the database: "CHAN_START", "CHAN_END", "HANGUP", "ANSWER", "APP_START", "APP_END", "BRIDGE_ENTER",
/// "BRIDGE_EXIT", "BRIDGE_UPDATE", "BLINDTRANSFER", "ATTENDEDTRANSFER", "PICKUP", "LINKEDID_END".
[[nodiscard]] const char* name_of(CallEventType type) noexcept;

/// One row of the `cel` table.
struct CallEvent {
    CallEventType type = CallEventType::ChannelStart;
    UtcTime time{};
    std::string caller_name;
    std::string caller_number;
    std::string dialled_number;  ///< cid_dnid
    std::string exten;
    std::string context;
    std::string channel_name;  ///< "SIP/alice-0000000a"
    std::string application;
    std::string application_data;
    std::string account_code;
    std::string peer_account_code;
    std::string unique_id;  ///< "1448037433.12": epoch seconds, dot, counter.
    std::string linked_id;  ///< The unique_id of the chain's first channel.
    std::string user_field;
    std::string peer;   ///< Name of the other channel in a bridge.
    std::string extra;  ///< JSON: for HANGUP {"hangupcause","hangupsource","dialstatus"}.

    // What the table does not have, for those who follow calls.

    std::uint64_t user = 0;    ///< Id of the user whose channel it is; 0: nobody's.
    std::uint64_t line = 0;    ///< Id of the line; 0: none of ours.
    std::uint64_t bridge = 0;  ///< Where it talks; 0: nowhere.
    bool outgoing = false;     ///< We placed the call.
};
BOOST_DESCRIBE_STRUCT(CallEvent, (),
                      (type, time, caller_name, caller_number, dialled_number, exten, context, channel_name,
                       application, application_data, account_code, peer_account_code, unique_id, linked_id,
                       user_field, peer, extra, user, line, bridge, outgoing))

/// A party has put the other on hold, or taken it back.
struct HoldChanged {
    std::string unique_id;  ///< Of the channel whose party did it.
    bool holds = false;
};
BOOST_DESCRIBE_STRUCT(HoldChanged, (), (unique_id, holds))

}  // namespace almon::bus
