// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "sip/parameters.hpp"
#include "sip/uri.hpp"

namespace almon::sip {

/// The value of From, To, Contact, Route, P-Asserted-Identity ...: name-addr or addr-spec with parameters
/// (RFC 3261 20.10, 25.1). Views into the text it was parsed from.
struct NameAddr {
    std::string_view display;  ///< Without quotes, escapes of a quoted-string included; see display_text().
    std::string_view uri;      ///< Without angle brackets. See sip_uri().
    Parameters parameters;     ///< Those behind the address, not those of the URI.

    /// One element. `field` names the header in a refusal.
    [[nodiscard]] static Result<NameAddr> parse(std::string_view value, std::string_view field = "address");

    /// The display name as a person reads it, UTF-8.
    [[nodiscard]] std::string display_text() const;
    [[nodiscard]] Result<SipUri> sip_uri() const { return SipUri::parse(uri); }
    /// Empty when there is none: RFC 2543 elements send none.
    [[nodiscard]] std::string_view tag() const noexcept {
        return parameters.find("tag").value_or(std::string_view{});
    }
    /// The expires parameter of a Contact, in seconds; nothing when absent or broken.
    [[nodiscard]] std::optional<std::uint32_t> expires() const noexcept;
    /// The q parameter in thousandths, 0 to 1000; nothing when absent or broken (RFC 3261 25.1, qvalue).
    [[nodiscard]] std::optional<std::uint16_t> q() const noexcept;
    /// `"display" <uri>;parameters`, always with angle brackets.
    [[nodiscard]] std::string text() const;
    /// Contact: * (RFC 3261 10.2.2).
    [[nodiscard]] bool is_wildcard() const noexcept { return uri.empty() && display == "*"; }
};

/// `"display" <uri>`, or `<uri>` where display is empty. The display name is UTF-8; it is quoted and escaped.
[[nodiscard]] std::string name_addr(std::string_view display, std::string_view uri);

}  // namespace almon::sip
