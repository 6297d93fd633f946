// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/net_address.hpp"
#include "base/result.hpp"
#include "sip/flow.hpp"
#include "sip/message.hpp"

namespace almon::sip {

/// A message that arrived whole on a flow, already parsed on the transport's thread.
struct Received {
    Flow flow;
    Message message;
};

/// A message on its way out.
struct Outgoing {
    Flow flow;
    std::string_view bytes;
};

/// Who takes what transports with a thread of their own bring. Called on that thread; the signalling loop's
/// implementation queues.
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
    /// Sends several, in their order. Where a step says more than one thing, this costs less.
    virtual void send_all(std::span<const Outgoing> messages) {
        for (const auto& message : messages)
            send(message.flow, message.bytes);
    }
};

/// Sockets whose messages arrive whole, one a datagram, so that nobody needs to collect their parts: whoever
/// works on the messages reads them himself, and no thread has to wake another for each.
class DatagramSource {
public:
    virtual ~DatagramSource() = default;
    /// To wait on until one becomes readable; the same from start() of the transports on.
    [[nodiscard]] virtual std::vector<int> descriptors() const = 0;
    /// Appends what has arrived, in order; some dozens of messages at most, so that other work gets its turn.
    /// Never blocks. On one thread.
    virtual void receive(std::vector<Received>& batch) = 0;
};

/// One kind of transport, plugged into Transports: UDP and TCP today.
class Transport {
public:
    virtual ~Transport() = default;
    [[nodiscard]] virtual TransportKind kind() const noexcept = 0;
    /// Opens one more address to listen on, before start(). Port 0 takes a free one. Returns what was opened;
    /// a refusal names transport, address and port.
    [[nodiscard]] virtual Result<NetAddress> listen(const NetAddress& address) = 0;
    [[nodiscard]] virtual std::vector<NetAddress> listening() const = 0;
    /// Begins to receive. On the transport's thread, like stop().
    virtual void start() = 0;
    /// Drops every connection and stops to receive; nothing is told to the listener any more.
    virtual void stop() = 0;
    /// From any thread. Never blocks.
    virtual void send(const Flow& flow, std::string_view bytes) = 0;
    /// Several in their order, all of flows of this transport.
    virtual void send_all(std::span<const Outgoing> messages) {
        for (const auto& message : messages)
            send(message.flow, message.bytes);
    }
};

}  // namespace almon::sip
