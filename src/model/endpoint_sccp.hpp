// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/declaration.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// What an SCCP phone shows and speaks (API-091); its name is that of its line.
struct EndpointSccp {
    EndpointSccpId id;
    std::vector<std::pair<std::string, std::string>> options;
};
template <>
Declaration declare<EndpointSccp>();

}  // namespace almon::model
