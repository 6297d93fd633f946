// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "base/random.hpp"
#include "base/time.hpp"
#include "sip/transaction_layer.hpp"

namespace almon::sip {

/// A TransactionLayer in virtual time. What it sends and tells is written down as lines such as
/// "send 192.0.2.1:5060 SIP/2.0 100 Trying" and "request INVITE", taken by happened().
class TransactionRig final : public Wire, public TransactionUser {
public:
    explicit TransactionRig(TransactionLimits limits = {}, std::uint64_t seed = 1);

    void receive(const std::string& bytes) { receive(bytes, flow); }
    void receive(const std::string& bytes, const Flow& from);
    /// The phone's request to us, with `extra` header lines ("Route: <sip:a>\r\n").
    [[nodiscard]] std::string request(const std::string& method, const std::string& branch,
                                      const std::string& extra = {}) const;
    /// A response to the request that we sent last.
    [[nodiscard]] std::string response(int status, const std::string& to_tag = "peer") const;
    ClientTransactionId send(const std::string& method, std::string branch = {});
    void respond(int status, const std::string& to_tag = "ours");
    /// Time goes by; what is due fires on its way.
    void pass(Duration duration);
    /// The lines since the last call.
    [[nodiscard]] std::vector<std::string> happened();
    /// The layer is saved, thrown away and restored into a new one.
    void save_and_restore();

    void send(const Flow& to, std::string_view bytes) override;
    void on_request(ServerTransactionId transaction, const Flow& from, const Message& request) override;
    void on_ack(const Flow& from, const Message& ack) override;
    void on_cancel(ServerTransactionId invite, const Message& cancel) override;
    void on_response(ClientTransactionId transaction, const Flow& from, const Message& response) override;
    void on_stray_response(const Flow& from, const Message& response) override;
    void on_failure(ClientTransactionId transaction, Failure failure) override;
    void on_terminated(ServerTransactionId transaction) override;

    Flow flow;  ///< Of the peer, UDP at first.
    Now now{};
    SeededRandom random;
    TransactionLimits limits;
    std::unique_ptr<TransactionLayer> layer;
    ServerTransactionId server;  ///< That of the latest request.
    ClientTransactionId client;  ///< The latest.
    std::string received_bytes;  ///< The latest request that was passed up.
    std::string sent_bytes;      ///< The latest message that was sent.
    std::string sent_request;    ///< The latest request that was sent, ACK apart.
    std::vector<std::string> lines;
    bool answers_at_once = false;  ///< 200 from within on_request.
};

}  // namespace almon::sip
