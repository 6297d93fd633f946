// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace almon::model {

/// Options of an account, "name" and "value", in their order.
using OptionList = std::vector<std::pair<std::string, std::string>>;

/// Refuses options without a name, and those of `single` (written with hyphens) that are there twice; - and _
/// are the same in a name.
[[nodiscard]] Result<void> check_options(const OptionList& options, std::span<const std::string_view> single);

}  // namespace almon::model
