// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace almon::sip {

class Message;

/// One value of Reason (RFC 3326 2): `SIP;cause=200;text="Call completed elsewhere"`, `Q.850;cause=16`.
struct Reason {
    std::string protocol;
    std::optional<std::uint16_t> cause;
    std::string text;

    [[nodiscard]] static Result<Reason> parse(std::string_view value);
    /// The value of that protocol ("SIP", "Q.850") in a message, if there is one that parses.
    [[nodiscard]] static std::optional<Reason> of(const Message& message, std::string_view protocol);
    /// As a header field value.
    [[nodiscard]] std::string header_value() const;
};

}  // namespace almon::sip
