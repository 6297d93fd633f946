// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pbx/cause.hpp"

namespace almon::pbx {

/// The final response that says this cause (RFC 3398 section 7.2.4.1 and 8.2.6.1, with the choices of a PBX:
/// an unregistered phone is 480, a declined call 603).
[[nodiscard]] int sip_status_of(Cause cause) noexcept;
/// The cause that a final response of a phone means.
[[nodiscard]] Cause cause_of_sip_status(int status) noexcept;

/// A Reason header value (RFC 3326): `Q.850;cause=16;text="Normal clearing"`, or for an answer elsewhere
/// `SIP;cause=200;text="Call completed elsewhere"`.
[[nodiscard]] std::string reason_header_of(Cause cause);
/// The cause in a Reason header, if it says one that we know.
[[nodiscard]] std::optional<Cause> cause_of_reason_header(std::string_view value) noexcept;

}  // namespace almon::pbx
