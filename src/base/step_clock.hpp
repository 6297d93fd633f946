// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/time.hpp"

namespace almon {

/// The time of the step that a deterministic core is in. The loop (or the simulator) sets it before it hands
/// an input in; all parts of the core hold a reference and read it. It never moves within a step.
struct StepClock {
    Now now{};

    [[nodiscard]] Instant instant() const noexcept { return now.instant; }
    [[nodiscard]] UtcTime utc() const noexcept { return now.utc; }
};

}  // namespace almon
