// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.hpp"
#include "store/presence_table.hpp"

namespace almon::services {

/// What users are for the others: available, away ... Kept over restarts. Any thread.
class Presences final {
public:
    /// Of a user who has never said anything.
    static constexpr std::string_view kUnknown = "disconnected";

    /// Reads those of before.
    [[nodiscard]] static Result<std::unique_ptr<Presences>> open(store::DatabaseLocation location);

    [[nodiscard]] std::string of(const std::string& user_uuid) const;
    /// Waits for the disk. @return whether it is another than before.
    [[nodiscard]] Result<bool> choose(const std::string& user_uuid, const std::string& presence);

private:
    explicit Presences(store::DatabaseLocation location) : table_(std::move(location)) {}

    store::PresenceTable table_;
    std::mutex choosing_;  ///< So that the table and the map agree on who was the last.
    mutable std::mutex mutex_;
    std::unordered_map<std::string, std::string> presences_;
};

}  // namespace almon::services
