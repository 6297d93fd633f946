// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "server/server_settings.hpp"
#include "store/demo_office.hpp"

namespace almon::server {

/// What a person needs to sign in on the page of the demo office or to register phones, and nothing more.
[[nodiscard]] std::string greeting(const store::DemoOffice& office, const std::string& host,
                                   const ServerSettings& settings);

}  // namespace almon::server
