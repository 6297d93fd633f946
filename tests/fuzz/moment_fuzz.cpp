// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "services/local_time.hpp"
#include "services/moment.hpp"

// What is read is written in UTC, and is read again as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace almon::services;
    const auto moment = parse_moment({reinterpret_cast<const char*>(data), size});
    if (!moment) return 0;
    const auto text = utc_iso_text(*moment);
    // Before the year 0 and after 9999 only a zone leads; such a text is not read again.
    const bool has_year = text.size() == sizeof("2016-07-22T12:00:00.000000") - 1 && !text.starts_with('-');
    if (has_year && parse_moment(text) != moment) std::abort();
    return 0;
}
