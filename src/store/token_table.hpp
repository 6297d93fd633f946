// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "store/own_session.hpp"

namespace almon::store {

/// A token as it is kept: whose it is and what it allows, but not the token itself.
struct StoredToken {
    std::string digest;  ///< SHA-256 of the token in hexadecimal digits.
    std::string backend;
    std::string auth_id;
    std::string user_uuid;  ///< Empty: it is no user's.
    std::string name;       ///< The login.
    std::vector<std::string> acl;
    UtcTime issued{};
    UtcTime expires{};
};

/// The table `tokens`, through a session of its own, which is opened anew after a failure. Any thread; waits
/// for the disk.
class TokenTable final {
public:
    explicit TokenTable(DatabaseLocation location) : session_(std::move(location)) {}

    [[nodiscard]] Result<std::vector<StoredToken>> read();
    [[nodiscard]] Result<void> add(const StoredToken& token);
    /// Those that are not there are erased already.
    [[nodiscard]] Result<void> erase(const std::vector<std::string>& digests);
    [[nodiscard]] Result<void> erase_expired(UtcTime now);

private:
    OwnSession session_;
};

}  // namespace almon::store
