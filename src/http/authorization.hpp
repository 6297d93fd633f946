// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace almon::http {

/// Name and password as an Authorization field of the scheme Basic carries them (RFC 7617).
struct BasicCredentials {
    std::string login;
    std::string password;

    /// Refused: another scheme (Unsupported); what is no base64, no UTF-8 or has no colon (Malformed).
    [[nodiscard]] static Result<BasicCredentials> parse(std::string_view field);
};

}  // namespace almon::http
