// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <variant>

#include <boost/describe.hpp>

#include "sip/transaction_step.hpp"

namespace almon::sip {

/// Client transaction of every request but INVITE and ACK (RFC 3261 17.1.2).
/// Pure: no socket, clock or lock. The transaction layer feeds it and carries out what it returns.
class NonInviteClientTransaction final {
public:
    enum class State : std::uint8_t { Initial, Trying, Proceeding, Completed, Terminated };
    /// The transaction user sends the request; once.
    struct Send {};
    /// A response that matches this transaction.
    struct Response {
        int status;
    };
    using Input = std::variant<Send, Response, TimerFired, FlowBroken>;

    NonInviteClientTransaction() noexcept = default;
    /// @param reliable true for TCP, TLS and WebSocket: timer E is never started and timer K is zero.
    explicit NonInviteClientTransaction(bool reliable) noexcept : reliable_(reliable) {}

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
    Duration retransmission_interval_{};  ///< Of timer E.

    BOOST_DESCRIBE_CLASS(NonInviteClientTransaction, (), (), (),
                         (state_, reliable_, retransmission_interval_))
};

}  // namespace almon::sip
