// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <variant>

#include <boost/describe.hpp>

#include "sip/transaction_step.hpp"

namespace almon::sip {

/// INVITE client transaction (RFC 3261 17.1.1, with the Accepted state of RFC 6026).
/// Pure: no socket, clock or lock. The transaction layer feeds it and carries out what it returns.
class InviteClientTransaction final {
public:
    enum class State : std::uint8_t { Initial, Calling, Proceeding, Accepted, Completed, Terminated };
    /// The transaction user sends the INVITE; once.
    struct Send {};
    /// A response that matches this transaction.
    struct Response {
        int status;
    };
    using Input = std::variant<Send, Response, TimerFired, FlowBroken>;

    InviteClientTransaction() noexcept = default;
    /// @param reliable true for TCP, TLS and WebSocket: timer A is never started and timer D is zero.
    explicit InviteClientTransaction(bool reliable) noexcept : reliable_(reliable) {}

    /// One input in, the effects to carry out now, in order. An input that means nothing in this state gives
    /// none.
    [[nodiscard]] Effects on(const Input& input);
    [[nodiscard]] State state() const noexcept { return state_; }

private:
    Effects on_send();
    Effects on_response(int status);
    Effects on_timer(Timer timer);
    Effects on_flow_broken();

    State state_ = State::Initial;
    bool reliable_ = false;
    Duration retransmission_interval_{};  ///< Of timer A.

    BOOST_DESCRIBE_CLASS(InviteClientTransaction, (), (), (), (state_, reliable_, retransmission_interval_))
};

}  // namespace almon::sip
