// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/non_invite_client_transaction.hpp"

#include <algorithm>

#include "base/overload.hpp"

namespace almon::sip {

Effects NonInviteClientTransaction::on(const Input& input) {
    return std::visit(Overload{
                          [this](Send) { return on_send(); },
                          [this](Response response) { return on_response(response.status); },
                          [this](TimerFired fired) { return on_timer(fired.timer); },
                          [this](FlowBroken) { return on_flow_broken(); },
                      },
                      input);
}

Effects NonInviteClientTransaction::on_send() {
    if (state_ != State::Initial) return {};
    state_ = State::Trying;
    Effects effects{SendRequest{}};
    if (!reliable_) {
        retransmission_interval_ = kT1;
        effects.push_back(StartTimer{Timer::E, retransmission_interval_});
    }
    effects.push_back(StartTimer{Timer::F, 64 * kT1});
    return effects;
}

Effects NonInviteClientTransaction::on_response(int status) {
    if (state_ != State::Trying && state_ != State::Proceeding) return {};
    if (status < 200) {
        // Timer E goes on: RFC 3261 17.1.2.2 retransmits in Proceeding too, every T2.
        state_ = State::Proceeding;
        return {PassResponse{}};
    }
    state_ = State::Completed;
    Effects effects;
    if (!reliable_) effects.push_back(StopTimer{Timer::E});
    effects.push_back(StopTimer{Timer::F});
    effects.push_back(StartTimer{Timer::K, reliable_ ? 0s : kT4});
    effects.push_back(PassResponse{});
    return effects;
}

Effects NonInviteClientTransaction::on_timer(Timer timer) {
    const bool waiting = state_ == State::Trying || state_ == State::Proceeding;
    if (timer == Timer::E && waiting) {
        retransmission_interval_ =
            state_ == State::Proceeding ? kT2 : std::min(2 * retransmission_interval_, kT2);
        return {SendRequest{}, StartTimer{Timer::E, retransmission_interval_}};
    }
    if (timer == Timer::F && waiting) {
        state_ = State::Terminated;
        return {ReportTimeout{}, Terminate{}};
    }
    if (timer == Timer::K && state_ == State::Completed) {
        state_ = State::Terminated;
        return {Terminate{}};
    }
    return {};
}

Effects NonInviteClientTransaction::on_flow_broken() {
    switch (state_) {
        case State::Trying:
        case State::Proceeding:
            state_ = State::Terminated;
            return {ReportFlowLost{}, Terminate{}};
        case State::Completed:
            // Nothing more to absorb.
            state_ = State::Terminated;
            return {Terminate{}};
        case State::Initial:
        case State::Terminated:
            break;
    }
    return {};
}

}  // namespace almon::sip
