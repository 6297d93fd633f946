// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "model/declaration.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// Somebody who may administer, signed in through the backend xivo_admin.
struct Administrator {
    AdministratorId id;
    std::string username;
    std::string password;  ///< As an argon2id hash.
    std::vector<std::string> acl = {"#"};
    bool enabled = true;
};
template <>
Declaration declare<Administrator>();

}  // namespace almon::model
