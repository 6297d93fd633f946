// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ctime>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace almon::dialplan {

/// When something holds: "09:00-17:00,mon-fri,1-31,jan-dec", as GotoIfTime, IFTIME and includes say it. `*`
/// is always; several of a kind are joined by &; a range that ends before it begins goes on into the next
/// day, week, month or year. The last minute belongs to it.
class TimeRange final {
public:
    /// Refused with what is wrong; what is left out is always.
    [[nodiscard]] static Result<TimeRange> parse(std::string_view text);

    [[nodiscard]] bool holds(const std::tm& time) const noexcept;

private:
    struct Part {
        int first;
        int last;
    };
    using Parts = std::vector<Part>;
    static bool holds(const Parts& parts, int value) noexcept;

    Parts minutes_;     ///< Of the day.
    Parts week_days_;   ///< 0 is Sunday.
    Parts month_days_;  ///< From 1.
    Parts months_;      ///< 0 is January.
};

}  // namespace almon::dialplan
