// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "model/change.hpp"
#include "model/snapshot.hpp"
#include "services/auth/caller.hpp"

namespace almon::services {

class TokenStore;

/// A source of accounts that people and programs sign in to. Any thread.
class Backend {
public:
    virtual ~Backend() = default;

    [[nodiscard]] virtual std::string name() const = 0;
    /// Whose login and password these are. Refused: Unauthorized where they are nobody's, with the same words
    /// and after the same time whatever is wrong; Unavailable where that cannot be found out now. May take a
    /// while: for the pool.
    [[nodiscard]] virtual Result<Caller::Account> verify(std::string_view login, std::string_view password,
                                                         const model::Snapshot& snapshot) = 0;
    /// The account as it stands now; nothing where it is gone or may not sign in any more.
    [[nodiscard]] virtual std::optional<Caller::Account> account(std::string_view auth_id,
                                                                 const model::Snapshot& snapshot) const = 0;
};

/// The sources that there are: xivo_admin, xivo_service and xivo_user (SYS-082..SYS-084), by name.
class Backends final {
public:
    Backends();

    [[nodiscard]] const std::vector<std::unique_ptr<Backend>>& all() const noexcept { return all_; }
    /// Null where there is none of that name.
    [[nodiscard]] Backend* find(std::string_view name) const noexcept;

    /// Revokes the tokens of accounts that are gone or may do something else now. `change` led to `snapshot`;
    /// an empty one says that anything may have changed.
    void revoke_ended(TokenStore& tokens, const model::Change& change, const model::Snapshot& snapshot) const;

private:
    std::vector<std::unique_ptr<Backend>> all_;
};

/// What a user may do with a token of his own: his own settings, calls, mailbox and contacts, the directory,
/// and the presence of colleagues.
[[nodiscard]] const std::vector<std::string>& rules_of_users();

}  // namespace almon::services
