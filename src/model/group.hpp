// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/declaration.hpp"
#include "model/destination.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// Users who ring together, or one after the other (API-105).
struct Group {
    GroupId id;
    std::string name;
    std::string ring_strategy = "all";
    std::optional<int> timeout;  ///< Seconds the group rings; nothing: as long as the caller waits.
    int user_timeout = 15;       ///< Seconds a member rings.
    int retry_delay = 5;         ///< Seconds before a member rings again.
    bool ring_in_use = true;
    std::string music_on_hold;
    std::string caller_id_mode;
    std::string caller_id_name;
    std::string preprocess_subroutine;
    bool enabled = true;
    std::vector<UserId> users;  ///< In the order in which a linear strategy calls them.
    Destination noanswer_destination;
    ScheduleId schedule;
    std::vector<CallPermissionId> call_permissions;
};
template <>
Declaration declare<Group>();

}  // namespace almon::model
