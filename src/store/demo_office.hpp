// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "store/configuration_store.hpp"

namespace almon::store {

/// What a person needs to register a phone of the demo office, and to sign in on the page.
struct DemoUser {
    std::string firstname;
    std::string exten;
    std::string sip_username;
    std::string sip_password;
};

/// Somebody who may do everything, through the programming interfaces.
struct DemoAdministrator {
    std::string username;
    std::string password;
};

struct DemoOffice {
    std::vector<DemoUser> users;
    DemoAdministrator admin;
};

/// The demo office: context `default` with 1000 to 1999 and the users Alice 1001, Bob 1002, Carol 1003, each
/// with a line and a SIP account with a random password, which also opens the page to them. Made in one
/// change where there is no user yet; otherwise what is there stays. Its users are written to `file`
/// (demo.json, mode 600) and given back; those of the three who are not there any more are left out. The
/// administrator `admin`, too: the database knows his password only as a hash, so that he gets a new one
/// where `file` does not hold it any more.
[[nodiscard]] Result<DemoOffice> make_demo_office(ConfigurationStore& store, Random& random,
                                                  const std::filesystem::path& file, UtcTime now);

}  // namespace almon::store
