// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace almon::pbx {

/// The names of the sounds that say a telephone number, one for each digit, * and #; what else stands in it
/// is not said.
[[nodiscard]] std::vector<std::string> spoken_digits(std::string_view number);

/// The names of the sounds that say how many, below a million; more is said digit by digit.
/// @param language "fr_FR": what begins with "fr" counts as the French do ("mille deux cents"), all else as
/// the English do ("one thousand two hundred").
[[nodiscard]] std::vector<std::string> spoken_number(std::string_view language, std::uint32_t number);

}  // namespace almon::pbx
