// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <variant>

#include <boost/describe.hpp>

#include "sip/transaction_step.hpp"

namespace almon::sip {

/// Server transaction of every request but INVITE and ACK (RFC 3261 17.2.2).
/// Pure: no socket, clock or lock. The transaction layer feeds it and carries out what it returns.
class NonInviteServerTransaction final {
public:
    enum class State : std::uint8_t { Initial, Trying, Proceeding, Completed, Terminated };
    /// The request, first and each time it is retransmitted.
    struct Request {};
    /// The transaction user answers; the layer keeps the message.
    struct Respond {
        int status;
    };
    using Input = std::variant<Request, Respond, TimerFired, FlowBroken>;

    NonInviteServerTransaction() noexcept = default;
    /// @param reliable true for TCP, TLS and WebSocket: timer J is zero.
    explicit NonInviteServerTransaction(bool reliable) noexcept : reliable_(reliable) {}

    /// One input in, the effects to carry out now, in order. An input that means nothing in this state gives
    /// none.
    [[nodiscard]] Effects on(const Input& input);
    [[nodiscard]] State state() const noexcept { return state_; }

private:
    Effects on_request();
    Effects on_respond(int status);
    Effects on_timer(Timer timer);

    State state_ = State::Initial;
    bool reliable_ = false;

    BOOST_DESCRIBE_CLASS(NonInviteServerTransaction, (), (), (), (state_, reliable_))
};

}  // namespace almon::sip
