// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>

namespace almon {

using namespace std::chrono_literals;
using Duration = std::chrono::nanoseconds;

/// The clock of the call core. It has no now(): time is handed in, by the loop in production and by the
/// simulator in tests. Monotonic, counted from an origin that means nothing.
struct CoreClock {
    using duration = Duration;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<CoreClock>;
    static constexpr bool is_steady = true;
};
using Instant = CoreClock::time_point;

/// Wall-clock time, UTC, for what people and databases read. Never used to measure how long something took.
using UtcTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

/// The moment at which an input is handled: both clocks read once, together.
struct Now {
    Instant instant;
    UtcTime utc;
};

}  // namespace almon
