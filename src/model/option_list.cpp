// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/option_list.hpp"

#include <algorithm>

namespace almon::model {

Result<void> check_options(const OptionList& options, std::span<const std::string_view> single) {
    std::vector<std::string> seen;
    for (const auto& [given, value] : options) {
        auto name = given;
        std::replace(name.begin(), name.end(), '_', '-');
        if (name.empty())
            return refuse(ErrorCode::InvalidArgument, "options", "holds an option without a name");
        if (std::find(single.begin(), single.end(), name) == single.end()) continue;
        if (std::find(seen.begin(), seen.end(), name) != seen.end())
            return refuse(ErrorCode::InvalidArgument, "options", "has '" + given + "' twice");
        seen.push_back(std::move(name));
    }
    return {};
}

}  // namespace almon::model
