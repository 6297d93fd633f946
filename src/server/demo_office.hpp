// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/configuration_store.hpp"

namespace almon::server {

/// Three users who can call each other: what a newcomer needs to register two phones.
struct DemoOffice {
    struct DemoUser {
        std::string firstname;
        std::string exten;
        std::string sip_username;
        std::string sip_password;
    };
    std::vector<DemoUser> users;
};

/// Makes context default (1000 to 1999) with Alice 1001, Bob 1002 and Carol 1003 and random passwords, unless they are there
/// already, and writes `json_file`, readable by its owner alone.
[[nodiscard]] Result<DemoOffice> open_demo_office(store::ConfigurationStore& configuration, const std::filesystem::path& json_file,
                                                  UtcTime now);

/// Prints how to register two phones.
void greet(const DemoOffice& office, const std::string& host, int port);

}  // namespace almon::server
