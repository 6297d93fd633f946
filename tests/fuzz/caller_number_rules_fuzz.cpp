// SPDX-License-Identifier: GPL-3.0-or-later
// Files of rules for callers' numbers: what is taken can be applied to any number.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "pbx/caller_number_rules.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto rules = almon::pbx::parse_caller_number_rules(text);
    if (!rules) return 0;
    for (const std::string_view number :
         {std::string_view("0140506070"), text.substr(0, 64), std::string_view()}) {
        if (const auto* rule = almon::pbx::rule_for(*rules, number))
            static_cast<void>(almon::pbx::rewritten(*rule, number));
    }
    return 0;
}
