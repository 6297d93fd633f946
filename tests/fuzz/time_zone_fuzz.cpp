// SPDX-License-Identifier: GPL-3.0-or-later
// Files of the zoneinfo database: whatever they hold, every time has an offset.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/time_zone.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto zone = almon::TimeZone::parse({reinterpret_cast<const char*>(data), size});
    if (!zone) return 0;
    for (const std::int64_t second :
         {std::int64_t{-5'000'000'000}, std::int64_t{0}, std::int64_t{5'000'000'000}})
        static_cast<void>(zone->offset_at(almon::UtcTime{std::chrono::seconds{second}}));
    return 0;
}
