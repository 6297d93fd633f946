// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "model/declaration.hpp"
#include "model/destination.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// What happens with calls from outside to its numbers (API-097).
struct Incall {
    IncallId id;
    Destination destination;
    std::string description;
    std::string preprocess_subroutine;
    std::string caller_id_mode;  ///< "prepend", "overwrite" or "append"; empty: the name stays as it came.
    std::string caller_id_name;
    ScheduleId schedule;
    /// About callers' numbers (ADA-078).
    std::vector<CallPermissionId> call_permissions;
};
template <>
Declaration declare<Incall>();

}  // namespace almon::model
