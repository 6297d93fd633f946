// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/invite_client_transaction.hpp"

#include "base/overload.hpp"

namespace almon::sip {

Effects InviteClientTransaction::on(const Input& input) {
    return std::visit(Overload{
                          [this](Send) { return on_send(); },
                          [this](Response response) { return on_response(response.status); },
                          [this](TimerFired fired) { return on_timer(fired.timer); },
                          [this](FlowBroken) { return on_flow_broken(); },
                      },
                      input);
}

Effects InviteClientTransaction::on_send() {
    if (state_ != State::Initial) return {};
    state_ = State::Calling;
    Effects effects{SendRequest{}};
    if (!reliable_) {
        retransmission_interval_ = kT1;
        effects.push_back(StartTimer{Timer::A, retransmission_interval_});
    }
    effects.push_back(StartTimer{Timer::B, 64 * kT1});
    return effects;
}

Effects InviteClientTransaction::on_response(int status) {
    switch (state_) {
        case State::Calling:
        case State::Proceeding:
            break;
        case State::Accepted:
            // RFC 6026 7.2: each 2xx goes up, whether repeated or of another fork; all else is noise.
            if (status / 100 == 2) return {PassResponse{}};
            return {};
        case State::Completed:
            if (status >= 300) return {SendAck{}};
            return {};
        case State::Initial:
        case State::Terminated:
            return {};
    }
    Effects effects;
    if (state_ == State::Calling) {
        if (!reliable_) effects.push_back(StopTimer{Timer::A});
        effects.push_back(StopTimer{Timer::B});
    }
    if (status < 200) {
        state_ = State::Proceeding;
    } else if (status < 300) {
        state_ = State::Accepted;
        effects.push_back(StartTimer{Timer::M, 64 * kT1});
    } else {
        state_ = State::Completed;
        effects.push_back(SendAck{});
        // RFC 3261 17.1.1.2: at least 32 s over an unreliable transport.
        effects.push_back(StartTimer{Timer::D, reliable_ ? 0s : 64 * kT1});
    }
    effects.push_back(PassResponse{});
    return effects;
}

Effects InviteClientTransaction::on_timer(Timer timer) {
    if (timer == Timer::A && state_ == State::Calling) {
        // Doubled each time without a ceiling, unlike timers E and G; timer B ends it.
        retransmission_interval_ *= 2;
        return {SendRequest{}, StartTimer{Timer::A, retransmission_interval_}};
    }
    if (timer == Timer::B && state_ == State::Calling) {
        state_ = State::Terminated;
        return {ReportTimeout{}, Terminate{}};
    }
    if ((timer == Timer::D && state_ == State::Completed) ||
        (timer == Timer::M && state_ == State::Accepted)) {
        state_ = State::Terminated;
        return {Terminate{}};
    }
    return {};
}

Effects InviteClientTransaction::on_flow_broken() {
    switch (state_) {
        case State::Calling:
        case State::Proceeding:
            state_ = State::Terminated;
            return {ReportFlowLost{}, Terminate{}};
        case State::Completed:
            // The user has its final response; nobody can hear the ACK.
            state_ = State::Terminated;
            return {Terminate{}};
        case State::Accepted:  // RFC 6026 7.2: further 2xx may still come on another flow.
        case State::Initial:
        case State::Terminated:
            break;
    }
    return {};
}

}  // namespace almon::sip
