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
    /// A new request, except ACK and CANCEL. Answer it with respond(), also where it has a defect().
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
    /// The server transaction is gone (its timers ran out, or no ACK came for a refusal). Never from within
    /// respond().
    virtual void on_terminated(ServerTransactionId transaction) = 0;
};

struct TransactionLimits {
    /// A request that would start one more server transaction is answered 503, without state.
    std::size_t transactions = 200'000;
};

/// What the layer has seen since it was made.
struct TransactionCounters {
    std::uint64_t server_transactions = 0;
    std::uint64_t client_transactions = 0;
    std::uint64_t retransmitted_requests = 0;  ///< Sent again by us.
    std::uint64_t retransmitted_responses =
        0;                                ///< Sent again by us, by timer or because the request came again.
    std::uint64_t absorbed_requests = 0;  ///< Came again.
    std::uint64_t stray_responses = 0;
    std::uint64_t unusable_messages = 0;  ///< Dropped: requests that no response can reach, broken responses.
    std::uint64_t refused_requests = 0;   ///< 503 at the limit.
    std::uint64_t timeouts = 0;           ///< Client transactions without a final response.
    std::uint64_t missing_acks = 0;       ///< Refusals of INVITE without ACK.
};
BOOST_DESCRIBE_STRUCT(TransactionCounters, (),
                      (server_transactions, client_transactions, retransmitted_requests,
                       retransmitted_responses, absorbed_requests, stray_responses, unusable_messages,
                       refused_requests, timeouts, missing_acks))

/// All transactions of this process: matching (RFC 3261 17.1.3, 17.2.3), retransmission, absorption of
/// retransmitted requests, automatic 100 Trying for an INVITE that is not answered at once, ACK for refusals,
/// answers to CANCEL. What it writes itself carries received and rport (RFC 3581); responses of the user go
/// out as they are handed in, to where RFC 3261 18.2.2 sends them. Pure: bytes leave through Wire, time comes
/// in. On the signalling loop; the user may call send() and respond() from within its callbacks.
class TransactionLayer final {
public:
    TransactionLayer(Random& random, Wire& wire, TransactionUser& user, TransactionLimits limits = {});
    ~TransactionLayer();

    void receive(const Flow& flow, const Message& message, Now now);
    /// Fails the client transactions that wait on this connection; server transactions will open one to
    /// where the sent-by of their Via points (RFC 3261 18.2.2).
    void flow_lost(const Flow& flow, Now now);
    /// Fires what is due. Call at next_deadline().
    void advance(Now now);
    [[nodiscard]] std::optional<Instant> next_deadline() const;

    /// A branch for a new request's Via: the magic cookie and at least 80 random bits.
    [[nodiscard]] std::string new_branch();
    /// Sends a request whose topmost Via carries `branch`; a CANCEL has that of its INVITE. Not for ACK to
    /// 2xx: that goes straight to the Wire.
    ClientTransactionId send(const Flow& flow, Method method, std::string_view method_name,
                             std::string branch, std::string bytes, Now now);
    /// Forgets an INVITE that was cancelled and gets no final response (RFC 3261 9.1). Nothing is told.
    void abandon(ClientTransactionId transaction);
    /// Sends a response, complete as serialized. What comes too late in the transaction's life is dropped.
    void respond(ServerTransactionId transaction, int status, std::string bytes, Now now);
    /// Sends a final response and forgets the transaction at once (RFC 3261 26.3.2.4): for who has proven
    /// nothing, and shall cost no memory. Should it be lost, the request comes again and is a new one. Where
    /// a provisional response keeps it from coming again this is respond().
    void respond_once(ServerTransactionId transaction, int status, std::string bytes, Now now);
    /// A To tag for an answer that is given once: the same when the request comes again (RFC 3261 8.2.7).
    [[nodiscard]] std::string stable_tag(ServerTransactionId transaction) const;
    /// Where responses of this transaction go; null when it is gone. Valid until the next call.
    [[nodiscard]] const Flow* flow_of(ServerTransactionId transaction) const;
    /// True when the request had come before by another path: it is to be answered 482 (RFC 3261 8.2.2.2).
    [[nodiscard]] bool is_merged(ServerTransactionId transaction) const;
    [[nodiscard]] std::size_t size() const noexcept;
    [[nodiscard]] const TransactionCounters& counters() const noexcept;

    /// Transactions with their timers, under the same ids.
    void save(Archive& archive) const;
    void restore(ArchiveReader& reader);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace almon::sip
