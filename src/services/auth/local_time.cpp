// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/auth/local_time.hpp"

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

}  // namespace almon::services
