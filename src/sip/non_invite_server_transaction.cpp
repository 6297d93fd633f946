// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/non_invite_server_transaction.hpp"

#include "base/overload.hpp"

namespace almon::sip {

Effects NonInviteServerTransaction::on(const Input& input) {
    return std::visit(
        Overload{
            [this](Request) { return on_request(); },
            [this](Respond respond) { return on_respond(respond.status); },
            [this](TimerFired fired) { return on_timer(fired.timer); },
            // RFC 6026 on 17.2.4: the machine stays where it is; the peer may come back on another flow.
            [](FlowBroken) { return Effects{}; },
        },
        input);
}

Effects NonInviteServerTransaction::on_request() {
    switch (state_) {
        case State::Initial:
            state_ = State::Trying;
            return {PassRequest{}};
        case State::Proceeding:
        case State::Completed:
            return {SendResponse{}};
        case State::Trying:
        case State::Terminated:
            break;
    }
    return {};
}

Effects NonInviteServerTransaction::on_respond(int status) {
    if (state_ != State::Trying && state_ != State::Proceeding) return {};
    if (status < 200) {
        state_ = State::Proceeding;
        return {SendResponse{}};
    }
    state_ = State::Completed;
    return {SendResponse{}, StartTimer{Timer::J, reliable_ ? 0s : 64 * kT1}};
}

Effects NonInviteServerTransaction::on_timer(Timer timer) {
    if (timer != Timer::J || state_ != State::Completed) return {};
    state_ = State::Terminated;
    return {Terminate{}};
}

}  // namespace almon::sip
