// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/parking_lot.hpp"

#include <utility>

#include "model/change.hpp"
#include "model/extension.hpp"
#include "model/relations.hpp"
#include "model/snapshot.hpp"
#include "model/text_checks.hpp"

namespace almon::model {
namespace {

Result<void> fits(const ParkingLot& lot, const ParkingLot*, const Snapshot&) {
    if (lot.slots_start.size() == lot.slots_end.size() && lot.slots_start <= lot.slots_end) return {};
    return refuse(ErrorCode::InvalidArgument, "slots_end",
                  "must be as long as slots_start and not before it");
}

}  // namespace

template <>
Declaration declare<ParkingLot>() {
    Declaration made;
    made.kind = "parking_lot";
    made.title = "ParkingLot";
    made.table = "parking_lots";
    made.collection = "/parkinglots";
    made.id_name = "parking_lot_id";
    made.fields = {
        field("id", &ParkingLot::id).key().sortable().says("Number of the parking lot"),
        field("name", &ParkingLot::name).length(0, 128).searched().sortable().says("Name of the parking lot"),
        field("slots_start", &ParkingLot::slots_start)
            .required()
            .length(1, 40)
            .checked_by(checks::digits)
            .sortable()
            .says("First number where calls wait"),
        field("slots_end", &ParkingLot::slots_end)
            .required()
            .length(1, 40)
            .checked_by(checks::digits)
            .sortable()
            .says("Last number where calls wait"),
        field("timeout", &ParkingLot::timeout)
            .range(0, 86'400)
            .sortable()
            .says("Seconds until the call goes back to who parked it; 0: never"),
        field("music_on_hold", &ParkingLot::music_on_hold)
            .length(0, 128)
            .checked_by(checks::word)
            .sortable()
            .says("Music that who waits hears"),
    };
    made.relations = {
        {"extensions", relations::list_of(relations::extension_schema()),
         relations::writes_extensions_to<ParkingLot>},
    };
    made.fits = declaring::fits<ParkingLot, fits>;
    return made;
}

bool is_place(const ParkingLot& lot, std::string_view number) noexcept {
    return number.size() == lot.slots_start.size() && number >= lot.slots_start && number <= lot.slots_end &&
           number.find_first_not_of("0123456789") == std::string_view::npos;
}

void put_first_parking_lot(Change& change, ParkingLotId lot, ExtensionId extension, std::string context) {
    ParkingLot first;
    first.id = lot;
    first.name = "default";
    first.slots_start = "701";
    first.slots_end = "750";
    Extension number{extension, "700", std::move(context)};
    number.leads_to = {&declaration_of<ParkingLot>(), lot.value};
    change.put(std::move(first)).put(std::move(number));
}

}  // namespace almon::model
