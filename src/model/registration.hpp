// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "model/declaration.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// A trunk's account at a provider, which we register with (ADB-013).
struct RegisterSip {
    RegisterSipId id;
    bool enabled = true;
    std::string transport = "udp";
    std::string sip_username;
    std::string auth_username;
    std::string auth_password;
    std::string remote_host;
    std::optional<int> remote_port;
    std::string callback_extension;  ///< User part of the Contact; empty: the user name.
    std::optional<int> expiration;   ///< Seconds.
};
template <>
Declaration declare<RegisterSip>();

/// The same by IAX.
struct RegisterIax {
    RegisterIaxId id;
    std::string auth_username;
    std::string auth_password;
    std::string remote_host;
    std::optional<int> remote_port;
    std::string callback_extension;
    std::string callback_context;
};
template <>
Declaration declare<RegisterIax>();

}  // namespace almon::model
