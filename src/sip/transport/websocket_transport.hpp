// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sip/transport.hpp"
#include "sip/transport/transport_context.hpp"

namespace almon::sip {

/// SIP over WebSocket (RFC 7118): one message a frame, on connections that the program's HTTP server accepts
/// and carries. Nobody can be called over it who has not connected himself; who leaves is gone.
class WebSocketTransport final : public Transport {
public:
    /// One WebSocket, as whoever carries it offers it. From any thread, also after its end.
    class Connection {
    public:
        virtual ~Connection() = default;
        /// Queued, never blocks.
        virtual void send(std::string_view message) = 0;
        virtual void close() = 0;
    };

    /// @param kind Ws or Wss.
    WebSocketTransport(const TransportContext& context, TransportKind kind);
    ~WebSocketTransport() override;

    // Of whoever carries the connections, from any thread:

    /// A peer has connected. Nothing where it cannot be served any more.
    [[nodiscard]] std::optional<Flow> opened(const NetAddress& local, const NetAddress& remote,
                                             std::shared_ptr<Connection> connection);
    /// A whole message of the peer, text or binary (RFC 7118 section 5). What is no SIP is dropped.
    void received(const Flow& flow, std::string_view message);
    void closed(const Flow& flow);

    // Transport
    [[nodiscard]] TransportKind kind() const noexcept override { return kind_; }
    /// Notes an address where connections are accepted; opens nothing itself.
    [[nodiscard]] Result<NetAddress> listen(const NetAddress& address) override;
    [[nodiscard]] std::vector<NetAddress> listening() const override { return listening_; }
    void start() override {}
    void stop() override;
    void send(const Flow& flow, std::string_view bytes) override;

private:
    struct Peer {
        NetAddress remote;
        std::shared_ptr<Connection> connection;
    };

    [[nodiscard]] std::shared_ptr<Connection> find(const Flow& flow);

    TransportContext context_;
    const TransportKind kind_;
    std::vector<NetAddress> listening_;

    std::mutex mutex_;  ///< Of what follows.
    std::unordered_map<std::uint64_t, Peer> peers_;
    bool stopped_ = false;
};

}  // namespace almon::sip
