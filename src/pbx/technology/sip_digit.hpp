// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "sip/user_agent.hpp"

namespace almon::pbx {

struct SignalledDigit {
    char digit = '0';
    std::chrono::milliseconds duration{250};
};

/// The digit in an INFO body: application/dtmf-relay (`Signal=5`, `Duration=160`) or application/dtmf (`5`).
/// Digits are 0-9, *, #, A-D and '!' for a hook flash; 10, 11 and 16 mean *, # and flash as some phones send
/// them. None: something else.
[[nodiscard]] std::optional<SignalledDigit> digit_in(std::string_view content_type, std::string_view body);

/// An INFO body that says a digit.
[[nodiscard]] sip::Body dtmf_relay(char digit, std::chrono::milliseconds duration);

}  // namespace almon::pbx
