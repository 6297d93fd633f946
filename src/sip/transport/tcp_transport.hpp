// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "base/tls_socket.hpp"
#include "sip/transport.hpp"
#include "sip/transport/transport_context.hpp"

namespace almon::sip {

/// SIP over TCP, or TLS on it (RFC 3261 18, keep-alives of RFC 5626 4.4.1). Reads on the transport's thread;
/// a sender writes itself what the kernel takes at once, the rest follows from the transport's thread.
class TcpTransport final : public Transport {
public:
    explicit TcpTransport(const TransportContext& context);
    /// SIP over TLS with the certificate of `tls` (RFC 5922). Handshakes run on a thread of their own. Peers
    /// are reached over connections that they have opened (RFC 5923), none is opened to them.
    TcpTransport(const TransportContext& context, std::shared_ptr<ssl_ctx_st> tls);
    ~TcpTransport() override;

    [[nodiscard]] TransportKind kind() const noexcept override {
        return tls_ ? TransportKind::Tls : TransportKind::Tcp;
    }
    [[nodiscard]] Result<NetAddress> listen(const NetAddress& address) override;
    [[nodiscard]] std::vector<NetAddress> listening() const override;
    void start() override;
    void stop() override;
    /// On the connection of the flow if it still leads to `flow.remote`, else on any that does, else on a new
    /// one, whose source address is that of `flow.local`.
    void send(const Flow& flow, std::string_view bytes) override;

private:
    struct Listener;
    class Connection;
    using ConnectionPointer = std::shared_ptr<Connection>;
    enum class Admission { Accepted, Opened };

    void accept(Listener& listener);
    void greet(Listener& listener);
    [[nodiscard]] ConnectionPointer admit(const Flow& flow, Admission admission);
    [[nodiscard]] ConnectionPointer find_or_open(const Flow& flow);
    void connect(const ConnectionPointer& connection);
    void on_connected(const ConnectionPointer& connection);
    void shake_hands(const ConnectionPointer& connection);
    void on_shaken(const ConnectionPointer& connection, TlsSocket::Status status);
    void begin_to_read(const ConnectionPointer& connection);
    void wait_readable(const ConnectionPointer& connection);
    void read(const ConnectionPointer& connection);
    [[nodiscard]] bool take(const ConnectionPointer& connection, std::vector<Received>& batch);
    void write(const ConnectionPointer& connection, std::string_view bytes);
    void wait_writable(const ConnectionPointer& connection);
    void flush(const ConnectionPointer& connection);
    void close(const ConnectionPointer& connection);
    void close_soon(const ConnectionPointer& connection);
    void report_lost(const Flow& flow);
    void sweep();
    [[nodiscard]] bool is_overdue(Connection& connection) const;
    [[nodiscard]] std::uint32_t sweeps(Duration duration) const noexcept;

    TransportContext context_;
    const std::shared_ptr<ssl_ctx_st> tls_;             ///< Null: plain TCP.
    std::vector<std::unique_ptr<Listener>> listeners_;  ///< Constant after start().
    boost::asio::steady_timer sweep_timer_;
    Duration sweep_interval_;
    std::unique_ptr<char[]> scratch_;  ///< What one read brings.

    std::mutex mutex_;  ///< Of what follows.
    std::unordered_map<std::uint64_t, ConnectionPointer> connections_;
    std::unordered_map<NetAddress, std::uint64_t> by_remote_;
    std::unordered_map<NetAddress, std::size_t> per_host_;  ///< Port 0.
    bool stopped_ = false;

    std::unique_ptr<boost::asio::thread_pool> handshakes_;  ///< Only with TLS; last, as it uses the rest.
};

}  // namespace almon::sip
