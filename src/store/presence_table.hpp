// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <unordered_map>
#include <utility>

#include "base/result.hpp"
#include "store/own_session.hpp"

namespace almon::store {

/// The table `user_presences`: what users have chosen to be for the others. Any thread; waits for the disk.
class PresenceTable final {
public:
    explicit PresenceTable(DatabaseLocation location) : session_(std::move(location)) {}

    /// Names of presences by uuid of the user. Those of users who are gone are erased.
    [[nodiscard]] Result<std::unordered_map<std::string, std::string>> read();
    [[nodiscard]] Result<void> put(const std::string& user_uuid, const std::string& presence);

private:
    OwnSession session_;
};

}  // namespace almon::store
