// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/local_time.hpp"

#include <chrono>
#include <ctime>

#include <fmt/format.h>

namespace almon::services {

namespace {

std::string text_of(const std::tm& time, long long microseconds) {
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}", time.tm_year + 1900, time.tm_mon + 1,
                       time.tm_mday, time.tm_hour, time.tm_min, time.tm_sec, microseconds);
}

template <class BrokenDown>
std::string iso_text(UtcTime time, BrokenDown broken_down) {
    const auto second = std::chrono::floor<std::chrono::seconds>(time);
    const std::time_t count = second.time_since_epoch().count();
    std::tm fields{};
    broken_down(&count, &fields);
    return text_of(fields, (time - second).count());
}

}  // namespace

std::string utc_iso_text(UtcTime time) {
    return iso_text(time, ::gmtime_r);
}

std::string local_iso_text(UtcTime time) {
    return iso_text(time, ::localtime_r);
}

UtcTime from_local(UtcTime shown) noexcept {
    const auto second = std::chrono::floor<std::chrono::seconds>(shown);
    const std::time_t count = second.time_since_epoch().count();
    std::tm fields{};
    ::gmtime_r(&count, &fields);
    fields.tm_isdst = -1;
    return UtcTime{std::chrono::seconds(::mktime(&fields))} + (shown - second);
}

std::string zoned_iso_text(UtcTime time) {
    const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(time);
    const auto second = std::chrono::floor<std::chrono::seconds>(milliseconds);
    const std::time_t count = second.time_since_epoch().count();
    std::tm fields{};
    ::localtime_r(&count, &fields);
    const long offset = fields.tm_gmtoff / 60;
    const long distance = offset < 0 ? -offset : offset;
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}{}{:02}{:02}", fields.tm_year + 1900,
                       fields.tm_mon + 1, fields.tm_mday, fields.tm_hour, fields.tm_min, fields.tm_sec,
                       (milliseconds - second).count(), offset < 0 ? '-' : '+', distance / 60, distance % 60);
}

}  // namespace almon::services
