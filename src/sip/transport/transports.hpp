// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "base/net_address.hpp"
#include "base/result.hpp"
#include "sip/transport.hpp"
#include "sip/transport/transport_context.hpp"

namespace almon::sip {

class WebSocketTransport;

/// The sockets of SIP: owns one thread that receives, frames and parses for the transports with connections,
/// and hands whole messages to the listener on that thread. Datagrams are read by whoever works on them,
/// through datagrams(). send() may be called from any thread.
///
/// Order of life: construct, listen() for each address, start(), ..., stop(). The listener must not be called
/// into the ground: it outlives this object or stop() comes first.
class Transports final : public Wire {
public:
    /// With UDP, TCP and both kinds of WebSocket plugged in.
    explicit Transports(TransportListener& listener, TransportLimits limits = {});
    /// Stops.
    ~Transports() override;

    /// What a further transport is made with.
    [[nodiscard]] TransportContext context() noexcept;
    /// Plugs in a further kind, before start().
    void add(std::unique_ptr<Transport> transport);

    /// Opens an address to listen on, before start(). Port 0 takes a free one. Returns what was opened.
    /// Refused in a sentence for the administrator: "UDP port 5060 on 0.0.0.0 is already in use".
    [[nodiscard]] Result<NetAddress> listen(TransportKind kind, const NetAddress& address);
    void start();
    /// Closes every connection, ends the thread. Send nothing afterwards.
    void stop();

    /// Over UDP in the caller's thread, from the socket that `flow.local` belongs to. Over TCP on the
    /// connection of the flow, else on one that leads to its remote address, else on a new one.
    void send(const Flow& flow, std::string_view bytes) override;
    void send_all(std::span<const Outgoing> messages) override;

    /// Where whoever accepts WebSockets hands them in.
    /// @param kind Ws or Wss.
    [[nodiscard]] WebSocketTransport& websockets(TransportKind kind) noexcept;

    /// What comes over UDP.
    [[nodiscard]] DatagramSource& datagrams() noexcept;

    /// A flow towards somebody we have not heard of: from the listening address that reaches `remote`, with
    /// the address of the interface where we listen on all. Refused when nothing listens for that transport
    /// and address family, or there is no route.
    [[nodiscard]] Result<Flow> flow_to(TransportKind kind, const NetAddress& remote) const;

    [[nodiscard]] const TransportCounters& counters() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace almon::sip
