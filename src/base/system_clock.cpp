// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/system_clock.hpp"

namespace almon {

Now system_now() noexcept {
    return Now{
        Instant{std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch())},
        std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now())};
}

}  // namespace almon
