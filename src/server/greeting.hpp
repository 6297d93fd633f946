// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "server/server_settings.hpp"
#include "store/demo_office.hpp"

namespace almon::server {

/// What a person needs to register two phones of the demo office, and nothing more.
[[nodiscard]] std::string greeting(const std::vector<store::DemoUser>& users, const std::string& host,
                                   const ServerSettings& settings);

}  // namespace almon::server
