// SPDX-License-Identifier: GPL-3.0-or-later
// A pattern and a number, divided by a line feed: matching ends, and a pattern is neither less nor greater
// than itself.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "dialplan/number_pattern.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto end = text.find('\n');
    const almon::dialplan::NumberPattern pattern(text.substr(0, end));
    const almon::dialplan::NumberPattern other(end == std::string_view::npos ? text : text.substr(end + 1));
    static_cast<void>(pattern.matches(end == std::string_view::npos ? text : text.substr(end + 1)));
    if (!(pattern == pattern) || (pattern < other) != (other > pattern)) std::abort();
    return 0;
}
