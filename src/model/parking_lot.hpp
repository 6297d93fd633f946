// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "model/declaration.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// Numbers where calls wait until somebody dials them (ADB-081 to ADB-086).
struct ParkingLot {
    ParkingLotId id;
    std::string name;
    std::string slots_start;
    std::string slots_end;
    int timeout = 45;  ///< Seconds until the call goes back to who parked it; 0: never.
    std::string music_on_hold = "default";
};
template <>
Declaration declare<ParkingLot>();

/// Whether the number is one of the lot's places (ADB-082).
[[nodiscard]] bool is_place(const ParkingLot& lot, std::string_view number) noexcept;

struct Change;
/// The lot that a new system has (ADB-081): calls are parked by 700, and wait at 701 to 750.
void put_first_parking_lot(Change& change, ParkingLotId lot, ExtensionId extension, std::string context);

}  // namespace almon::model
