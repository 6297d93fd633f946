// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "model/declaration.hpp"
#include "model/destination.hpp"
#include "model/ids.hpp"
#include "model/period.hpp"

namespace almon::model {

/// When calls are taken, and where they go at other times (ADB-154 to ADB-158). Users, groups, queues,
/// incoming and outgoing calls may have one.
struct Schedule {
    ScheduleId id;
    std::string name;
    std::string description;
    std::string timezone;  ///< "Europe/Paris"; empty: the system's.
    bool enabled = true;
    std::vector<Period> open_periods;
    std::vector<ExceptionalPeriod> exceptional_periods;
    Destination closed_destination;
};
template <>
Declaration declare<Schedule>();

}  // namespace almon::model
