// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "sip/transport.hpp"
#include "sip/transport/transport_context.hpp"

namespace almon::sip {

/// SIP over UDP (RFC 3261 18): reads on the thread of whoever works on the messages, and sends in the
/// caller's; many datagrams a system call, both ways. What is not SIP is counted and dropped, what the
/// network says about single datagrams (ICMP) is ignored: timers find out.
class UdpTransport final : public Transport, public DatagramSource {
public:
    explicit UdpTransport(const TransportContext& context);
    ~UdpTransport() override;

    [[nodiscard]] TransportKind kind() const noexcept override { return TransportKind::Udp; }
    [[nodiscard]] Result<NetAddress> listen(const NetAddress& address) override;
    [[nodiscard]] std::vector<NetAddress> listening() const override;
    void start() override {}
    void stop() override;
    /// `flow.local` chooses the socket; where that listens on all addresses it is also the source address.
    void send(const Flow& flow, std::string_view bytes) override;
    void send_all(std::span<const Outgoing> messages) override;

    [[nodiscard]] std::vector<int> descriptors() const override;
    void receive(std::vector<Received>& batch) override;

private:
    struct Socket;
    struct Buffers;
    class OutgoingBatch;

    void receive(const Socket& socket, std::vector<Received>& batch);
    void take(const Socket& socket, std::size_t count, std::vector<Received>& batch);
    [[nodiscard]] const Socket* socket_for(const NetAddress& local) const noexcept;
    void send(const Socket& socket, std::span<const Outgoing> messages);
    void report_lost(const Flow& flow);

    TransportContext context_;
    std::vector<std::unique_ptr<Socket>> sockets_;  ///< Constant after start(); read by every sender.
    std::unique_ptr<Buffers> buffers_;
    bool stopped_ = false;
};

}  // namespace almon::sip
