// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include <boost/describe.hpp>

namespace almon::bus {

enum class TransferFlow : std::uint8_t {
    Attended,  ///< The initiator talks to the recipient first.
    Blind,
};

/// How far a transfer has come.
enum class TransferStage : std::uint8_t {
    Starting,  ///< The number is dialled.
    Ringback,  ///< The recipient rings.
    Answered,  ///< The recipient talks to the initiator.
};

enum class TransferChange : std::uint8_t {
    Created,
    Updated,    ///< It has come farther.
    Answered,   ///< By the recipient.
    Cancelled,  ///< The two first parties talk again.
    Completed,  ///< The transferred party has, or waits for, the recipient.
    Abandoned,  ///< The transferred party is gone.
    Ended,      ///< After one of the three before.
};

/// What happens to a transfer that a program steers. Calls are named by unique ids.
struct TransferChanged {
    TransferChange change = TransferChange::Created;
    std::string id;
    TransferFlow flow = TransferFlow::Attended;
    TransferStage stage = TransferStage::Starting;
    std::string transferred_call;
    std::string initiator_call;
    std::string recipient_call;  ///< Empty: nobody rings yet.
    std::uint64_t user = 0;      ///< Id of the initiator's user; 0: nobody of ours.
};
BOOST_DESCRIBE_STRUCT(TransferChanged, (),
                      (change, id, flow, stage, transferred_call, initiator_call, recipient_call, user))

}  // namespace almon::bus
