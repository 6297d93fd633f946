// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include <boost/describe.hpp>

#include "sip/session_expires.hpp"

namespace almon::sip {

/// What one user agent wants of session timers (RFC 4028). A zero interval switches the extension off.
struct SessionTimers {
    std::chrono::seconds interval{1800};
    std::chrono::seconds minimum{90};

    friend bool operator==(const SessionTimers&, const SessionTimers&) = default;
};
BOOST_DESCRIBE_STRUCT(SessionTimers, (), (interval, minimum))

using Refresher = SessionExpires::Refresher;

/// The session's timer as negotiated last; nothing runs while `interval` is zero.
struct SessionTimer {
    std::chrono::seconds interval{0};
    bool we_refresh = false;

    [[nodiscard]] bool runs() const noexcept { return interval.count() > 0; }
    /// When the refresher sends the next refresh: half of the interval (RFC 4028 7.2).
    [[nodiscard]] std::chrono::milliseconds refresh_after() const noexcept {
        return std::chrono::milliseconds(interval) / 2;
    }
    /// When the other side gives up and sends BYE: the interval less the smaller of 32 s and a third
    /// (RFC 4028 10).
    [[nodiscard]] std::chrono::milliseconds expires_after() const noexcept;

    friend bool operator==(const SessionTimer&, const SessionTimer&) = default;
};
BOOST_DESCRIBE_STRUCT(SessionTimer, (), (interval, we_refresh))

/// What a request says of session timers.
struct TimerRequest {
    bool supported = false;  ///< "timer" in Supported.
    std::optional<SessionExpires> expires;
    std::chrono::seconds minimum{90};  ///< Min-SE; 90 where absent (RFC 4028 5).
};

/// What we answer to it.
struct TimerAnswer {
    bool too_small = false;                 ///< Refuse with 422 and our Min-SE.
    std::optional<SessionExpires> expires;  ///< The Session-Expires of the 2xx.
    bool require = false;  ///< Require: timer, because the other side has to refresh (RFC 4028 9).
    SessionTimer timer;
};
[[nodiscard]] TimerAnswer answer_session_timer(const SessionTimers& ours, const TimerRequest& request);

/// The timer that a 2xx to our request leaves, from its Session-Expires.
[[nodiscard]] SessionTimer accepted_session_timer(const SessionTimers& ours,
                                                  const std::optional<SessionExpires>& in_response);

}  // namespace almon::sip
