// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "model/declaration.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// What may not be dialled, or may although it else may not (API-112). Users, groups and outgoing calls have
/// lists of them; incoming calls, too, where they are about who calls.
struct CallPermission {
    CallPermissionId id;
    std::string name;
    std::string password;  ///< Digits that open what it forbids.
    std::string mode = "deny";
    bool enabled = true;
    std::string description;
    std::vector<std::string> extensions;  ///< Numbers and patterns.
};
template <>
Declaration declare<CallPermission>();

}  // namespace almon::model
