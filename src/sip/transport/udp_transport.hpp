// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "sip/transport.hpp"
#include "sip/transport/transport_context.hpp"

namespace almon::sip {

/// SIP over UDP (RFC 3261 18): receives many datagrams a system call, sends in the caller's thread.
/// What is not SIP is counted and dropped, what the network says about single datagrams (ICMP) is ignored:
/// timers find out.
class UdpTransport final : public Transport {
public:
    explicit UdpTransport(const TransportContext& context);
    ~UdpTransport() override;

    [[nodiscard]] TransportKind kind() const noexcept override { return TransportKind::Udp; }
    [[nodiscard]] Result<NetAddress> listen(const NetAddress& address) override;
    [[nodiscard]] std::vector<NetAddress> listening() const override;
    void start() override;
    void stop() override;
    /// `flow.local` chooses the socket; where that listens on all addresses it is also the source address.
    void send(const Flow& flow, std::string_view bytes) override;

private:
    struct Socket;
    struct Buffers;

    void wait(Socket& socket);
    void receive(Socket& socket);
    void take(const Socket& socket, std::size_t count, std::vector<Received>& batch);
    [[nodiscard]] const Socket* socket_for(const NetAddress& local) const noexcept;
    void report_lost(const Flow& flow);

    TransportContext context_;
    std::vector<std::unique_ptr<Socket>> sockets_;  ///< Constant after start(); read by every sender.
    std::unique_ptr<Buffers> buffers_;
    bool stopped_ = false;
};

}  // namespace almon::sip
