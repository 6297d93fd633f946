// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "model/declaration.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// A number within a context, and whom it leads to.
struct Extension {
    ExtensionId id;
    std::string exten;
    std::string context;
    bool commented = false;  ///< Switched off.
};
template <>
Declaration declare<Extension>();

}  // namespace almon::model
