// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "dialplan/values.hpp"

namespace almon::dialplan {

/// What a function says: those that reckon with texts, numbers and times here, all others as `values` knows
/// them.
/// @param arguments filled in already.
/// NotFound: there is none of this name. InvalidArgument names what is wrong.
[[nodiscard]] Result<std::string> call_function(std::string_view name, std::string_view arguments,
                                                Values& values);

}  // namespace almon::dialplan
