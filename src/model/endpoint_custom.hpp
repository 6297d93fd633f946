// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "model/declaration.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// A way to be reached that is no account: "dahdi/i1", "Local/1001@default" (API-092).
struct EndpointCustom {
    EndpointCustomId id;
    std::string interface;
    bool enabled = true;
};
template <>
Declaration declare<EndpointCustom>();

}  // namespace almon::model
