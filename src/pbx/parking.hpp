// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include <boost/describe.hpp>

#include "base/timer_queue.hpp"
#include "model/ids.hpp"

namespace almon::pbx {

/// Where a call waits until somebody dials the place, or its time is over (ADB-081 to ADB-084).
struct ParkingPlace {
    model::ParkingLotId lot;
    std::string number;        ///< That is dialled to take the call.
    bool is_reserved = false;  ///< Who asked for a place has it, until he sends the call there.
    model::UserId parker{};    ///< To whom the call goes back; 0: nobody.
    TimerId timer{};           ///< Until then; 0: it may wait for ever.
};
BOOST_DESCRIBE_STRUCT(ParkingPlace, (), (lot, number, is_reserved, parker, timer))

}  // namespace almon::pbx
