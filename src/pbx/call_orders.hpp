// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/ids.hpp"
#include "pbx/origination.hpp"
#include "pbx/steered_transfer.hpp"
#include "pbx/technology.hpp"

// What programs order of calls: CallCore carries it out. A call is named by the unique id of the channel.
// Refusals name a field of the order; NotFound: there is no such thing; InvalidArgument: it cannot be;
// Conflict: not as the call stands; Exhausted, Unavailable: not now.
namespace almon::pbx {

/// A call for a user (API-135): his phone rings first and shows whom it will call; when he answers, it dials,
/// with his rights and as he.
struct CallOrder {
    model::UserId user;
    model::LineId line{};  ///< One of his; 0: the main one.
    std::string exten;
    std::string context{};  ///< Where `exten` is looked up; empty: the line's.
    std::vector<Variable> variables{};
    std::chrono::milliseconds ring_time{0};  ///< Of his phone; 0: his own, or half a minute.
    std::optional<CallerId> shown{};         ///< What his phone shows; none: whom it will call.
    std::string account_code{};              ///< For bills; empty: the line's.
};

/// A party of a call is sent to somebody else (API-137).
struct TransferOrder {
    std::string initiator;    ///< Whose party sends the other away.
    std::string transferred;  ///< Who is sent; it must talk to the initiator. Empty: whoever does.
    std::string exten;
    std::string context{};  ///< Where `exten` is looked up; empty: the initiator's.
    SteeredTransfer::Flow flow = SteeredTransfer::Flow::Attended;
    std::chrono::seconds timeout{0};    ///< Of ringing; 0: as long as it rings.
    std::vector<Variable> variables{};  ///< For the recipient's call.
};

/// Somebody waits at a place of a parking lot.
struct ParkedParty {
    model::ParkingLotId lot;
    std::string place;
    std::string unique_id;
    std::string channel_name;
    CallerId party;
};

}  // namespace almon::pbx
