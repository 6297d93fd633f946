// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/archive.hpp"
#include "base/id.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "sip/message.hpp"
#include "sip/transport.hpp"

namespace almon::sip {

struct ServerTransactionTag;
using ServerTransactionId = Id<ServerTransactionTag>;
struct ClientTransactionTag;
using ClientTransactionId = Id<ClientTransactionTag>;

/// Who uses transactions (RFC 3261 17: the TU).
class TransactionUser {
public:
    virtual ~TransactionUser() = default;
    /// A new request, except ACK and CANCEL. Answer it with respond().
    virtual void on_request(ServerTransactionId transaction, const Flow& flow, const Message& request) = 0;
    /// ACK for a 2xx (it belongs to no transaction).
    virtual void on_ack(const Flow& flow, const Message& ack) = 0;
    /// CANCEL that matches an INVITE; it has been answered with 200. The INVITE still wants its final
    /// response.
    virtual void on_cancel(ServerTransactionId invite, const Message& cancel) = 0;
    /// Provisional and final responses. Each retransmitted 2xx to an INVITE comes again (RFC 6026), so that
    /// it can be acknowledged.
    virtual void on_response(ClientTransactionId transaction, const Flow& flow, const Message& response) = 0;
    /// A response that matches nothing: a late 2xx, or noise.
    virtual void on_stray_response(const Flow& flow, const Message& response) = 0;
    enum class Failure : std::uint8_t { Timeout, FlowLost };
    virtual void on_failure(ClientTransactionId transaction, Failure failure) = 0;
    /// The server transaction is gone (its timers ran out).
    virtual void on_terminated(ServerTransactionId transaction) = 0;
};

/// All transactions of this process: matching (RFC 3261 17.1.3, 17.2.3), retransmission, absorption of
/// retransmitted requests, automatic 100 Trying at once for INVITE, ACK for refusals, RFC 3581 rport and
/// received on responses.
class TransactionLayer final {
public:
    TransactionLayer(Random& random, Wire& wire, TransactionUser& user);
    ~TransactionLayer();

    void receive(const Flow& flow, const Message& message, Now now);
    void flow_lost(const Flow& flow, Now now);
    void advance(Now now);
    [[nodiscard]] std::optional<Instant> next_deadline() const;

    /// A branch for a new request's Via: the magic cookie and at least 80 random bits.
    [[nodiscard]] std::string new_branch();
    /// Sends a request whose topmost Via carries `branch`. Not for ACK to 2xx: that goes straight to the
    /// Wire.
    ClientTransactionId send(const Flow& flow, Method method, std::string_view method_name,
                             std::string branch, std::string bytes, Now now);
    /// Sends a response, complete as serialized.
    void respond(ServerTransactionId transaction, int status, std::string bytes, Now now);
    /// Where responses of this transaction go.
    [[nodiscard]] const Flow* flow_of(ServerTransactionId transaction) const;
    [[nodiscard]] std::size_t size() const noexcept;

    void save(Archive& archive) const;
    void restore(ArchiveReader& reader);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace almon::sip
