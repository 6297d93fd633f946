// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "model/declaration.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// Who may take whose ringing calls with *8 (ADA-167).
struct CallPickup {
    CallPickupId id;
    std::string name;
    std::string description;
    bool enabled = true;
    std::vector<UserId> interceptor_users;
    std::vector<GroupId> interceptor_groups;
    std::vector<UserId> target_users;
    std::vector<GroupId> target_groups;
};
template <>
Declaration declare<CallPickup>();

}  // namespace almon::model
