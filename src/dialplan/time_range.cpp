// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialplan/time_range.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/lower_case.hpp"
#include "base/whole_number.hpp"
#include "dialplan/arguments.hpp"

namespace almon::dialplan {
namespace {

constexpr std::array<std::string_view, 7> kWeekDays{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};

template <std::size_t count>
std::optional<int> place_in(const std::array<std::string_view, count>& names, std::string_view name) {
    const auto found = std::ranges::find(names, in_lower_case(name));
    if (found == names.end()) return std::nullopt;
    return static_cast<int>(found - names.begin());
}

std::optional<int> minute_of(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto hour = whole_number<int>(text.substr(0, colon));
    const auto minute = whole_number<int>(text.substr(colon + 1));
    if (!hour || !minute || *hour < 0 || *hour > 23 || *minute < 0 || *minute > 59) return std::nullopt;
    return *hour * 60 + *minute;
}

std::optional<int> week_day_of(std::string_view text) {
    return place_in(kWeekDays, text);
}

std::optional<int> month_day_of(std::string_view text) {
    const auto day = whole_number<int>(text);
    return day && *day >= 1 && *day <= 31 ? day : std::nullopt;
}

std::optional<int> month_of(std::string_view text) {
    if (const auto number = whole_number<int>(text))
        return *number >= 1 && *number <= 12 ? std::optional(*number - 1) : std::nullopt;
    return place_in(kMonths, text);
}

}  // namespace

Result<TimeRange> TimeRange::parse(std::string_view text) {
    const auto fields = split_arguments(text);
    TimeRange range;
    using Reader = std::optional<int> (*)(std::string_view);
    struct Kind {
        std::string_view name;
        Reader read;
        Parts TimeRange::*parts;
    };
    static constexpr std::array<Kind, 4> kKinds{{{"times", minute_of, &TimeRange::minutes_},
                                                 {"days of the week", week_day_of, &TimeRange::week_days_},
                                                 {"days of the month", month_day_of, &TimeRange::month_days_},
                                                 {"months", month_of, &TimeRange::months_}}};
    for (std::size_t i = 0; i < kKinds.size(); ++i) {
        auto rest = argument(fields, i);
        if (rest.empty() || rest == "*") continue;
        while (!rest.empty()) {
            const auto end = std::min(rest.find('&'), rest.size());
            const auto one = trimmed(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
            const auto dash = std::min(one.find('-'), one.size());
            const auto first = kKinds[i].read(trimmed(one.substr(0, dash)));
            const auto last = dash == one.size() ? first : kKinds[i].read(trimmed(one.substr(dash + 1)));
            if (!first || !last) {
                return refuse(ErrorCode::Malformed, std::string(kKinds[i].name),
                              fmt::format("\"{}\" is none", one));
            }
            (range.*kKinds[i].parts).push_back({*first, *last});
        }
    }
    return range;
}

bool TimeRange::holds(const Parts& parts, int value) noexcept {
    return parts.empty() || std::ranges::any_of(parts, [&](const Part& part) {
               return part.first <= part.last ? part.first <= value && value <= part.last
                                              : part.first <= value || value <= part.last;
           });
}

bool TimeRange::holds(const std::tm& time) const noexcept {
    return holds(minutes_, time.tm_hour * 60 + time.tm_min) && holds(week_days_, time.tm_wday) &&
           holds(month_days_, time.tm_mday) && holds(months_, time.tm_mon);
}

}  // namespace almon::dialplan
