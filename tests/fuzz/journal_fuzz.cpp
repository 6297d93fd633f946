// SPDX-License-Identifier: GPL-3.0-or-later
// A segment of the journal as a crash, a bad disk or a newer version may leave it.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "bus/event_codec.hpp"
#include "bus/journal_segment.hpp"

using namespace almon::bus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    std::string_view rest = bytes;
    while (const auto record = take_journal_record(rest))
        static_cast<void>(decode(*record));

    // Past the checksum, which random bytes hardly ever match.
    if (const auto event = decode(bytes)) {
        std::string again;
        encode(*event, again);
        if (!decode(again)) __builtin_trap();
    }
    return 0;
}
