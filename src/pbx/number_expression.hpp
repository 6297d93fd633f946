// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bitset>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace almon::pbx {

/// A regular expression for numbers of callers, as they are written in xivo_in_callerid.conf (INS-024): ^ and
/// $, characters, \d, a period for any, [0-9+] and [^0], each with *, +, ?, {3} or {1,3}. Matches in time
/// that grows with the length of the number alone.
class NumberExpression final {
public:
    /// Refused with the reason: groups, alternatives, and what does not end.
    [[nodiscard]] static Result<NumberExpression> parse(std::string_view text);

    /// Whether it matches the number, or a part of it where it has no ^ or $. Longer numbers than 64
    /// characters match nothing.
    [[nodiscard]] bool matches(std::string_view number) const;

private:
    struct Step {
        std::bitset<128> characters;
        std::size_t least = 1;
        std::size_t most = 1;
    };
    std::vector<Step> steps_;
    bool from_start_ = false;
    bool to_end_ = false;
};

}  // namespace almon::pbx
