// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "sip/flow.hpp"
#include "sip/message.hpp"

namespace almon::sip {

/// A message that arrived whole on a flow, already parsed on the transport's thread.
struct Received {
    Flow flow;
    Message message;
};

/// Who takes what transports bring. Called on the transport's thread; the signalling loop's implementation
/// queues.
class TransportListener {
public:
    virtual ~TransportListener() = default;
    /// Everything that one wake-up of the transport brought, in order.
    virtual void on_received(std::vector<Received> batch) = 0;
    /// The connection of this flow is gone, or `send` on it failed for good.
    virtual void on_flow_lost(const Flow& flow) = 0;
};

/// A way for bytes to leave. The call core sees only this; sockets, TLS and WebSocket live behind it.
class Wire {
public:
    virtual ~Wire() = default;
    /// Sends one message. Never blocks. Failure is reported by TransportListener::on_flow_lost, later.
    virtual void send(const Flow& flow, std::string_view bytes) = 0;
};

}  // namespace almon::sip
