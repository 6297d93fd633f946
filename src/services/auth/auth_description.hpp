// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "http/router.hpp"

namespace almon::services {

inline constexpr std::string_view kAuthBase = "/0.1";
inline constexpr std::string_view kDescriptionType = "application/x-yaml";

/// The OpenAPI 2.0 document of xivo-auth: every route of `router`, each with what it is for. A route without
/// its words is a programmer's error.
[[nodiscard]] std::string auth_description(const http::Router& router);

}  // namespace almon::services
