// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "sip/parameters.hpp"

namespace almon::sip {

/// Event (RFC 6665 8.2.1). Views into the text it was parsed from.
struct Event {
    std::string_view package;  ///< "message-summary", "dialog", "refer" ...; with template: "presence.winfo".
    Parameters parameters;

    [[nodiscard]] static Result<Event> parse(std::string_view value);
    [[nodiscard]] std::string_view id() const noexcept {
        return parameters.find("id").value_or(std::string_view{});
    }
    /// The same subscription: package and id, case-sensitive; other parameters do not count (8.2.1).
    [[nodiscard]] bool same_as(const Event& other) const noexcept {
        return package == other.package && id() == other.id();
    }
};

/// Subscription-State (RFC 6665 8.2.3). Views into the text it was parsed from.
struct SubscriptionState {
    enum class State : std::uint8_t { Active, Pending, Terminated, Other };

    State state = State::Other;
    std::optional<std::chrono::seconds> expires;
    std::string_view reason;  ///< "deactivated", "timeout", "noresource" ...
    std::optional<std::chrono::seconds> retry_after;

    [[nodiscard]] static Result<SubscriptionState> parse(std::string_view value);
    /// "active;expires=3599", "terminated;reason=timeout".
    [[nodiscard]] std::string text() const;
};

}  // namespace almon::sip
