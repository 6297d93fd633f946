// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/session_timer.hpp"

#include <algorithm>

namespace almon::sip {

namespace {

using std::chrono::seconds;

}  // namespace

std::chrono::milliseconds SessionTimer::expires_after() const noexcept {
    const std::chrono::milliseconds whole = interval;
    return whole - std::min<std::chrono::milliseconds>(seconds{32}, whole / 3);
}

TimerAnswer answer_session_timer(const SessionTimers& ours, const TimerRequest& request) {
    TimerAnswer answer;
    if (ours.interval.count() <= 0) return answer;
    const seconds minimum = std::max(ours.minimum, seconds{90});
    if (!request.expires) {
        // RFC 4028 9: we may ask for a timer where the caller did not; only of one who understands it.
        if (!request.supported) return answer;
        answer.expires = SessionExpires{std::max(ours.interval, request.minimum), Refresher::Uac};
    } else {
        // One who does not support timers would not understand 422: then a proxy asked (RFC 4028 9).
        if (request.supported && request.expires->interval < ours.minimum) {
            answer.too_small = true;
            return answer;
        }
        // We may shorten the interval, not below the minimum that proxies and the caller named (RFC 4028 9).
        SessionExpires expires;
        expires.interval =
            std::min(request.expires->interval, std::max({ours.interval, request.minimum, minimum}));
        expires.refresher =
            request.supported ? request.expires->refresher.value_or(Refresher::Uac) : Refresher::Uas;
        answer.expires = expires;
    }
    answer.require = answer.expires->refresher == Refresher::Uac;
    answer.timer = {answer.expires->interval, answer.expires->refresher == Refresher::Uas};
    return answer;
}

SessionTimer accepted_session_timer(const SessionTimers& ours,
                                    const std::optional<SessionExpires>& in_response) {
    // Without Session-Expires the other side runs no timer, and none is needed of us (RFC 4028 7.2).
    if (ours.interval.count() <= 0 || !in_response || in_response->interval.count() <= 0) return {};
    return {in_response->interval, in_response->refresher != Refresher::Uas};
}

}  // namespace almon::sip
