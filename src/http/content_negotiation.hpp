// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "http/request.hpp"

namespace almon::http {

/// True where the Accept field admits `type` ("application/json"): by name, by "application/*" or by "*/*",
/// with the weight of the most specific range that fits (RFC 9110 section 12.5.1). False without the field:
/// what that means, the service decides.
[[nodiscard]] bool accepts(const Request& request, std::string_view type) noexcept;
/// True where Content-Type is `type`, whatever its parameters.
[[nodiscard]] bool has_content_type(const Request& request, std::string_view type) noexcept;

[[nodiscard]] inline bool accepts_json(const Request& request) noexcept {
    return accepts(request, "application/json");
}
[[nodiscard]] inline bool has_json(const Request& request) noexcept {
    return has_content_type(request, "application/json");
}

}  // namespace almon::http
