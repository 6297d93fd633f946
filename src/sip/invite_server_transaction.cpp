// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/invite_server_transaction.hpp"

#include <algorithm>

#include "base/overload.hpp"

namespace almon::sip {

Effects InviteServerTransaction::on(const Input& input) {
    return std::visit(
        Overload{
            [this](Invite) { return on_invite(); },
            [this](Ack) { return on_ack(); },
            [this](Respond respond) { return on_respond(respond.status); },
            [this](TimerFired fired) { return on_timer(fired.timer); },
            // RFC 6026 on 17.2.4: the machine stays where it is; the peer may come back on another flow.
            [](FlowBroken) { return Effects{}; },
        },
        input);
}

Effects InviteServerTransaction::on_invite() {
    switch (state_) {
        case State::Initial:
            state_ = State::Proceeding;
            // RFC 3261 17.2.1: 100 unless the user answers at once, as it does with a challenge.
            return {PassRequest{}, SendTrying{}};
        case State::Proceeding:
        case State::Completed:
            return {SendResponse{}};
        case State::Accepted:  // RFC 6026 7.1: absorbed; the user repeats its 2xx by itself.
        case State::Confirmed:
        case State::Terminated:
            break;
    }
    return {};
}

Effects InviteServerTransaction::on_ack() {
    switch (state_) {
        case State::Completed:
            state_ = State::Confirmed;
            return {StopTimer{Timer::G}, StopTimer{Timer::H}, StartTimer{Timer::I, reliable_ ? 0s : kT4}};
        case State::Accepted:
            return {PassAck{}};
        case State::Initial:
        case State::Proceeding:
        case State::Confirmed:
        case State::Terminated:
            break;
    }
    return {};
}

Effects InviteServerTransaction::on_respond(int status) {
    // RFC 6026 7.1: every further 2xx is passed to the transport.
    if (state_ == State::Accepted && status / 100 == 2) return {SendResponse{}};
    if (state_ != State::Proceeding) return {};
    if (status < 200) return {SendResponse{}};
    if (status < 300) {
        state_ = State::Accepted;
        return {SendResponse{}, StartTimer{Timer::L, 64 * kT1}};
    }
    state_ = State::Completed;
    Effects effects{SendResponse{}};
    if (!reliable_) {
        retransmission_interval_ = kT1;
        effects.push_back(StartTimer{Timer::G, retransmission_interval_});
    }
    effects.push_back(StartTimer{Timer::H, 64 * kT1});
    return effects;
}

Effects InviteServerTransaction::on_timer(Timer timer) {
    if (timer == Timer::G && state_ == State::Completed) {
        retransmission_interval_ = std::min(2 * retransmission_interval_, kT2);
        return {SendResponse{}, StartTimer{Timer::G, retransmission_interval_}};
    }
    if (timer == Timer::H && state_ == State::Completed) {
        state_ = State::Terminated;
        return {ReportTimeout{}, Terminate{}};
    }
    if ((timer == Timer::I && state_ == State::Confirmed) ||
        (timer == Timer::L && state_ == State::Accepted)) {
        state_ = State::Terminated;
        return {Terminate{}};
    }
    return {};
}

}  // namespace almon::sip
