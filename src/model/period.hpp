// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "model/destination.hpp"
#include "model/field_codec.hpp"

namespace almon::model {

/// A part of the year in a schedule (ADB-155): what lies in all four at once. An empty list is any.
struct Period {
    std::string hours_start;      ///< "09:00"
    std::string hours_end;        ///< "18:00"; before the start: until the next day.
    std::vector<int> week_days;   ///< 1 is Monday.
    std::vector<int> month_days;  ///< 1 to 31.
    std::vector<int> months;      ///< 1 is January.
};

/// A part of the year in which calls go elsewhere, though the schedule is open (ADB-156): holidays, lunch.
struct ExceptionalPeriod : Period {
    Destination destination;
};

template <>
struct FieldCodec<Period> {
    static boost::json::object schema();
    static boost::json::value to_json(const Period& period);
    static Result<void> from_json(const boost::json::value& json, Period& period);
};

template <>
struct FieldCodec<ExceptionalPeriod> {
    static boost::json::object schema();
    static boost::json::value to_json(const ExceptionalPeriod& period);
    static Result<void> from_json(const boost::json::value& json, ExceptionalPeriod& period);
};

inline void refer(const ExceptionalPeriod& period, const Refer& take) {
    refer(period.destination, take);
}
/// The period stays: calls in it go nowhere.
inline void forget(std::vector<ExceptionalPeriod>& periods, const Reference& gone) {
    for (auto& period : periods) {
        if (period.destination.to == gone) forget(period.destination, gone);
    }
}

}  // namespace almon::model
