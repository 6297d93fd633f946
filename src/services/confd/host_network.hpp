// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace almon::services {

/// What this machine knows of its network, for the wizard to propose.
struct HostNetwork {
    struct Interface {
        std::string name;
        std::string address;
        std::string netmask;
    };
    struct Gateway {
        std::string interface;
        std::string address;
    };
    std::string hostname;
    std::string domain;
    std::string timezone;
    std::vector<std::string> nameservers;  ///< Three at most.
    std::vector<Interface> interfaces;     ///< IPv4, without loopback.
    std::vector<Gateway> gateways;
};

/// Reads files and asks the kernel; what cannot be found out is left empty.
[[nodiscard]] HostNetwork discover_host_network();

}  // namespace almon::services
