// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sip/message.hpp"

// Fields that hold one number. What is absent or broken gives nothing: RFC 4475 3.1.2.4 lets both be treated
// alike.
namespace almon::sip {

/// delta-seconds (RFC 3261 25.1); values above 2^32 - 1 give the maximum, as RFC 3261 20.19 allows for
/// Expires.
[[nodiscard]] std::optional<std::chrono::seconds> parse_delta_seconds(std::string_view value) noexcept;

[[nodiscard]] std::optional<std::uint8_t> max_forwards(const Message& message) noexcept;
[[nodiscard]] std::optional<std::chrono::seconds> expires(const Message& message) noexcept;
[[nodiscard]] std::optional<std::chrono::seconds> min_expires(const Message& message) noexcept;
/// Retry-After without its comment and parameters (RFC 3261 20.33).
[[nodiscard]] std::optional<std::chrono::seconds> retry_after(const Message& message) noexcept;

}  // namespace almon::sip
