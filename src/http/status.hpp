// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "base/result.hpp"

namespace almon::http {

/// "Not Found"; for a status that has no name "Status".
[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

/// The status that a refusal has unless its service's dialect knows better.
[[nodiscard]] int status_of(ErrorCode code) noexcept;

}  // namespace almon::http
