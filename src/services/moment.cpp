// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/moment.hpp"

#include <chrono>
#include <cstddef>
#include <string>

#include "services/local_time.hpp"

namespace almon::services {

namespace {

/// Takes things off the front of a text; false where something else stands there.
class Scanner final {
public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    /// Exactly so many digits, of which the number is at most `most`.
    [[nodiscard]] bool number(std::size_t digits, int most, int& value) {
        if (rest_.size() < digits) return false;
        value = 0;
        for (const char c : rest_.substr(0, digits)) {
            if (c < '0' || c > '9') return false;
            value = value * 10 + (c - '0');
        }
        rest_.remove_prefix(digits);
        return value <= most;
    }
    [[nodiscard]] bool mark(char mark) {
        if (!rest_.starts_with(mark)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    /// Digits behind a point; what is finer than microseconds is left off.
    [[nodiscard]] bool fraction(std::chrono::microseconds& value) {
        std::size_t digits = 0;
        int unit = 100'000;
        for (; digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits) {
            value += std::chrono::microseconds((rest_[digits] - '0') * unit);
            unit /= 10;
        }
        rest_.remove_prefix(digits);
        return digits > 0;
    }
    [[nodiscard]] bool empty() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

/// "Z", "+02:00", "-0330", "+01".
bool take_zone(Scanner& text, std::chrono::minutes& ahead) {
    if (text.mark('Z')) return true;
    const bool west = text.mark('-');
    if (!west && !text.mark('+')) return false;
    int hours = 0, minutes = 0;
    if (!text.number(2, 23, hours)) return false;
    const bool colon = text.mark(':');
    if ((colon || !text.empty()) && !text.number(2, 59, minutes)) return false;
    ahead = std::chrono::hours(hours) + std::chrono::minutes(minutes);
    if (west) ahead = -ahead;
    return true;
}

}  // namespace

std::optional<UtcTime> parse_moment(std::string_view given, WithoutZone without_zone) noexcept {
    Scanner text(given);
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    if (!text.number(4, 9999, year) || !text.mark('-') || !text.number(2, 12, month) || !text.mark('-') ||
        !text.number(2, 31, day) || !(text.mark('T') || text.mark(' ')) || !text.number(2, 23, hour) ||
        !text.mark(':') || !text.number(2, 59, minute) || !text.mark(':') || !text.number(2, 60, second))
        return std::nullopt;
    std::chrono::microseconds fraction{0};
    if (text.mark('.') && !text.fraction(fraction)) return std::nullopt;
    std::chrono::minutes ahead{0};
    const bool has_zone = !text.empty();
    if (has_zone && (!take_zone(text, ahead) || !text.empty())) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) return std::nullopt;
    const auto read = UtcTime{std::chrono::sys_days(date)} + std::chrono::hours(hour) +
                      std::chrono::minutes(minute) + std::chrono::seconds(second) + fraction - ahead;
    return has_zone || without_zone == WithoutZone::Utc ? read : from_local(read);
}

Result<UtcTime> moment_of(std::string_view parameter, std::string_view text) {
    const auto moment = parse_moment(text, WithoutZone::MachineTime);
    if (!moment)
        return refuse(ErrorCode::InvalidArgument, std::string(parameter), "must be like 2016-07-22T13:44:05");
    return *moment;
}

Result<std::optional<UtcTime>> moment_in(const http::Query& query, std::string_view parameter) {
    const auto text = query.find(parameter);
    if (!text || text->empty()) return std::nullopt;
    auto moment = moment_of(parameter, *text);
    if (!moment) return refuse(moment);
    return std::optional(*moment);
}

}  // namespace almon::services
