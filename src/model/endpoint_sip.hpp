// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/declaration.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// A SIP account.
struct EndpointSip {
    EndpointSipId id;
    std::string username;  ///< Also the address of record.
    std::string secret;    ///< Clear only in memory, sealed in the database.
    std::string type = "friend";
    std::string host = "dynamic";
    std::vector<std::pair<std::string, std::string>> options;  ///< In the documented order; names may repeat.

    // Derived by the store when it loads or saves the endpoint, in lower-case hexadecimal digits; not
    // declared, since they are neither saved nor shown. H(username ":" realm ":" secret), RFC 7616
    // section 3.4.2.
    std::string a1_md5;
    std::string a1_sha256;
};
template <>
Declaration declare<EndpointSip>();

}  // namespace almon::model
