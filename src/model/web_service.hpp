// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "model/declaration.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// A program that may use the API (API-031): by token through the backend xivo_service, by HTTP digest
/// (API-043), or from its address alone (API-042).
struct WebService {
    WebServiceId id;
    std::string name;
    std::string username;
    std::string password;  ///< Clear only in memory, as HTTP digest needs it.
    std::string host;      ///< An IP address whose requests need no password; empty: none.
    std::vector<std::string> acl;
    std::string description;
};
template <>
Declaration declare<WebService>();

}  // namespace almon::model
