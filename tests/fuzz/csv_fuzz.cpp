// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "services/csv.hpp"

// What is read can be written, and is read again as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace almon::services;
    const auto table = read_csv({reinterpret_cast<const char*>(data), size});
    if (!table) return 0;
    std::string text;
    append_csv_line(text, table->header);
    for (const auto& row : table->rows)
        append_csv_line(text, row);
    const auto again = read_csv(text);
    if (!again || again->header != table->header || again->rows != table->rows) std::abort();
    return 0;
}
