// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "model/declaration.hpp"
#include "model/ids.hpp"
#include "model/reference.hpp"

namespace almon::model {

/// A number within a context, and whom it leads to.
struct Extension {
    ExtensionId id;
    std::string exten;
    std::string context;
    bool commented = false;  ///< Switched off.
    /// The incoming call, group, conference, queue ... that it leads to. Lines and ways out have associations
    /// of their own instead, since there may be several or more to say.
    Reference leads_to{};
};
template <>
Declaration declare<Extension>();

/// A number leads to one thing only: refuses one that leads somewhere already.
[[nodiscard]] Result<void> check_unused(const Extension& extension, const Snapshot& snapshot);

}  // namespace almon::model
