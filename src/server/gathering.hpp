// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

#include "base/time.hpp"

namespace almon::server {

/// When a loop should let messages come together before it looks again. Waking a thread costs more than a
/// message; where hundreds arrive in a second, several are worked off at one wake-up, with one write to the
/// journal and one call to send. Where few arrive, none waits.
class Gathering final {
public:
    /// So many messages a second make it worth while: they follow each other by two milliseconds.
    static constexpr std::size_t kBusyRate = 500;
    /// What a message waits at most: little beside the 500 ms after which a phone would repeat it.
    static constexpr Duration kPause = 1ms;
    /// The rate is taken over this.
    static constexpr Duration kWindow = 20ms;

    /// The step at `now` worked off so many messages.
    void took(std::size_t messages, Instant now) noexcept {
        taken_ += messages;
        const auto passed = now - window_began_;
        if (passed < kWindow) return;
        busy_ = taken_ * (1s / 1us) >= kBusyRate * static_cast<std::size_t>(passed / 1us);
        taken_ = 0;
        window_began_ = now;
    }
    /// To rest now; zero: look at once.
    [[nodiscard]] Duration pause() const noexcept { return busy_ ? kPause : Duration::zero(); }

private:
    Instant window_began_{};
    std::size_t taken_ = 0;
    bool busy_ = false;
};

}  // namespace almon::server
