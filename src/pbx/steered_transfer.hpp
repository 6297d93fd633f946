// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "base/timer_queue.hpp"
#include "bus/transfer_event.hpp"
#include "model/ids.hpp"
#include "pbx/ids.hpp"
#include "pbx/origination.hpp"

namespace almon::pbx {

/// A transfer that a program steers (API-137). The initiator needs no second call for it.
///
/// Attended: the transferred party waits in silence while the initiator dials the recipient and talks to it.
/// Completed, the transferred party takes the initiator's place, before the answer as well; cancelled,
/// refused, not answered or left by the recipient, it talks to the initiator again. An initiator who hangs up
/// has completed it. Where the transferred party hangs up, the two others are left to themselves.
///
/// Blind: the transferred party dials, and the initiator is free as soon as somebody rings.
struct SteeredTransfer {
    using Flow = bus::TransferFlow;
    using Stage = bus::TransferStage;

    SteeredTransferId id;
    std::string name;  ///< As programs know it: a UUID.
    Flow flow = Flow::Attended;
    Stage stage = Stage::Starting;
    ChannelId transferred;
    ChannelId initiator;  ///< 0: it is free already.
    model::UserId user;   ///< Whose phone the initiator's is.
    // Unique ids of their channels, which may be gone.
    std::string transferred_call;
    std::string initiator_call;
    std::string recipient_call;  ///< Empty: nobody rings yet.
    std::vector<Variable> variables;
    TimerId timeout{};

    /// As others are told of it.
    [[nodiscard]] bus::TransferChanged told(bus::TransferChange change) const {
        return {change, name, flow, stage, transferred_call, initiator_call, recipient_call, user.value};
    }
};
BOOST_DESCRIBE_STRUCT(SteeredTransfer, (),
                      (id, name, flow, stage, transferred, initiator, user, transferred_call, initiator_call,
                       recipient_call, variables, timeout))

}  // namespace almon::pbx
