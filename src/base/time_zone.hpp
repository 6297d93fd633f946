// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace almon {

/// How far the clocks of a region are from UTC, at any time: a file of the zoneinfo database (RFC 8536).
class TimeZone final {
public:
    /// UTC.
    TimeZone() = default;
    /// Refused: what is no TZif file of version 2 or later.
    [[nodiscard]] static Result<TimeZone> parse(std::string_view file);

    /// To be added to UTC.
    [[nodiscard]] std::chrono::seconds offset_at(UtcTime time) const noexcept;

private:
    struct Change {
        std::int64_t at;  ///< Seconds since 1970, UTC.
        std::int32_t offset;
    };
    std::int32_t first_offset_ = 0;
    std::vector<Change> changes_;
};

/// Time zones by name, read once from the machine's database. Whoever may wait for a disk loads them before
/// they are asked for. Thread-safe.
class TimeZones final {
public:
    /// @param local the file of the machine's own zone, which has the empty name.
    explicit TimeZones(std::string folder = "/usr/share/zoneinfo", std::string local = "/etc/localtime")
        : folder_(std::move(folder)), local_(std::move(local)) {}

    /// What is there already stays. NotFound where the database does not know the name: it is UTC then.
    Result<void> load(const std::string& name);
    /// Null: it was not loaded. Lives as long as this object.
    [[nodiscard]] const TimeZone* find(std::string_view name) const;

private:
    std::string folder_;
    std::string local_;
    mutable std::mutex mutex_;
    std::map<std::string, TimeZone, std::less<>> zones_;
};

}  // namespace almon
