// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "base/time.hpp"

namespace almon {

/// The machine's clocks, read once for an input that is about to be handled. Event loops and the
/// composition root alone ask; everybody else is handed the time. Any thread.
[[nodiscard]] Now system_now() noexcept;

/// For who answers whenever he is asked and so has nobody to hand him the time: system_now, or a test's
/// clock.
using Clock = std::function<Now()>;

}  // namespace almon
