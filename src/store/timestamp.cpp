// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/timestamp.hpp"

#include <charconv>
#include <chrono>
#include <string>

namespace almon::store {
namespace {

using std::chrono::days;
using std::chrono::microseconds;

/// Takes `digits` digits and the character behind them, which must be `then` (0: anything).
bool take(std::string_view& rest, std::size_t digits, char then, int& value) {
    if (rest.size() < digits) return false;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + digits, value);
    if (error != std::errc{} || end != rest.data() + digits) return false;
    rest.remove_prefix(digits);
    if (then == '\0') return true;
    if (!rest.starts_with(then)) return false;
    rest.remove_prefix(1);
    return true;
}

/// Writes a number into its place, with leading zeros.
template <class Number>
void put(std::string& text, std::size_t at, std::size_t digits, Number number) {
    for (auto place = at + digits; place-- > at; number /= 10)
        text[place] = static_cast<char>('0' + number % 10);
}

}  // namespace

std::string timestamp_text(UtcTime time) {
    const auto day = std::chrono::floor<days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    // Some twenty times a call, so without the general formatter.
    std::string text("0000-00-00 00:00:00.000000+00");
    put(text, 0, 4, static_cast<int>(date.year()));
    put(text, 5, 2, static_cast<unsigned>(date.month()));
    put(text, 8, 2, static_cast<unsigned>(date.day()));
    put(text, 11, 2, clock.hours().count());
    put(text, 14, 2, clock.minutes().count());
    put(text, 17, 2, clock.seconds().count());
    put(text, 20, 6, clock.subseconds().count());
    return text;
}

Result<UtcTime> parse_timestamp(std::string_view text) {
    const auto refused = [] { return refuse(ErrorCode::Malformed, "timestamp", "not a time in UTC"); };
    int year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0, fraction = 0;
    auto rest = text;
    if (!take(rest, 4, '-', year) || !take(rest, 2, '-', month) || !take(rest, 2, ' ', day) ||
        !take(rest, 2, ':', hours) || !take(rest, 2, ':', minutes) || !take(rest, 2, '\0', seconds))
        return refused();
    if (rest.starts_with('.')) {
        rest.remove_prefix(1);
        const auto digits =
            std::min<std::size_t>(6, std::min(rest.size(), rest.find_first_not_of("0123456789")));
        if (digits == 0 || !take(rest, digits, '\0', fraction)) return refused();
        for (auto missing = digits; missing < 6; ++missing)
            fraction *= 10;
    }
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok() || hours > 23 || minutes > 59 || seconds > 60 || rest != "+00") return refused();
    return UtcTime{std::chrono::sys_days{date}.time_since_epoch() + std::chrono::hours{hours} +
                   std::chrono::minutes{minutes} + std::chrono::seconds{seconds} + microseconds{fraction}};
}

}  // namespace almon::store
