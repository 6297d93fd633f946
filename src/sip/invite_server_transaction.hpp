// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <variant>

#include <boost/describe.hpp>

#include "sip/transaction_step.hpp"

namespace almon::sip {

/// INVITE server transaction (RFC 3261 17.2.1, with the Accepted state of RFC 6026).
/// Pure: no socket, clock or lock. The transaction layer feeds it and carries out what it returns.
class InviteServerTransaction final {
public:
    enum class State : std::uint8_t { Initial, Proceeding, Accepted, Completed, Confirmed, Terminated };
    /// The INVITE, first and each time it is retransmitted.
    struct Invite {};
    /// An ACK that matches this transaction.
    struct Ack {};
    /// The transaction user answers; the layer keeps the message.
    struct Respond {
        int status;
    };
    using Input = std::variant<Invite, Ack, Respond, TimerFired, FlowBroken>;

    InviteServerTransaction() noexcept = default;
    /// @param reliable true for TCP, TLS and WebSocket: timer G is never started and timer I is zero.
    explicit InviteServerTransaction(bool reliable) noexcept : reliable_(reliable) {}

    /// One input in, the effects to carry out now, in order. An input that means nothing in this state gives
    /// none.
    [[nodiscard]] Effects on(const Input& input);
    [[nodiscard]] State state() const noexcept { return state_; }

private:
    Effects on_invite();
    Effects on_ack();
    Effects on_respond(int status);
    Effects on_timer(Timer timer);

    State state_ = State::Initial;
    bool reliable_ = false;
    Duration retransmission_interval_{};  ///< Of timer G.

    BOOST_DESCRIBE_CLASS(InviteServerTransaction, (), (), (), (state_, reliable_, retransmission_interval_))
};

}  // namespace almon::sip
