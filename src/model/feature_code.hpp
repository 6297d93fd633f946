// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "model/declaration.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// What is dialled for a function of the system, like *98 for the mailbox. All are there from the start;
/// their numbers can be changed, and they can be switched off.
struct FeatureCode {
    FeatureCodeId id;
    std::string uuid;
    std::string feature;  ///< "vmusermsg"
    std::string exten;    ///< "*98"; with a pattern where more is dialled after it: "_*11."
    bool enabled = true;
};
template <>
Declaration declare<FeatureCode>();

/// What is always dialled of a code: "*11" of "_*11.".
[[nodiscard]] std::string_view fixed_part(const FeatureCode& code) noexcept;

}  // namespace almon::model
