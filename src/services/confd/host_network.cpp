// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/confd/host_network.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <unistd.h>

namespace almon::services {
namespace {

std::string text_of(const sockaddr* address) {
    if (address == nullptr || address->sa_family != AF_INET) return {};
    std::array<char, INET_ADDRSTRLEN> text{};
    const auto* internet = reinterpret_cast<const sockaddr_in*>(address);
    return ::inet_ntop(AF_INET, &internet->sin_addr, text.data(), text.size()) != nullptr ? text.data() : "";
}

std::vector<HostNetwork::Interface> interfaces() {
    std::vector<HostNetwork::Interface> found;
    ifaddrs* all = nullptr;
    if (::getifaddrs(&all) != 0) return found;
    for (const auto* one = all; one != nullptr; one = one->ifa_next) {
        const auto address = text_of(one->ifa_addr);
        if (address.empty() || (one->ifa_flags & IFF_LOOPBACK) != 0) continue;
        found.push_back({one->ifa_name, address, text_of(one->ifa_netmask)});
    }
    ::freeifaddrs(all);
    return found;
}

/// The kernel writes addresses of its routing table in hexadecimal digits, in the byte order of the network.
std::vector<HostNetwork::Gateway> gateways() {
    std::vector<HostNetwork::Gateway> found;
    std::ifstream table("/proc/net/route");
    std::string row;
    std::getline(table, row);  // the head
    while (std::getline(table, row)) {
        std::istringstream words(row);
        std::string interface, destination;
        in_addr gateway{};
        if (!(words >> interface >> destination >> std::hex >> gateway.s_addr) || destination != "00000000")
            continue;
        std::array<char, INET_ADDRSTRLEN> text{};
        if (::inet_ntop(AF_INET, &gateway, text.data(), text.size()) != nullptr)
            found.push_back({interface, text.data()});
    }
    return found;
}

std::string timezone() {
    std::ifstream file("/etc/timezone");
    std::string name;
    if (std::getline(file, name) && !name.empty()) return name;
    std::error_code error;
    const auto link = std::filesystem::read_symlink("/etc/localtime", error).string();
    constexpr std::string_view kFolder = "zoneinfo/";
    const auto at = link.find(kFolder);
    return at == std::string::npos ? "" : link.substr(at + kFolder.size());
}

}  // namespace

HostNetwork discover_host_network() {
    HostNetwork network;
    std::array<char, 256> hostname{};
    if (::gethostname(hostname.data(), hostname.size() - 1) == 0) network.hostname = hostname.data();
    if (const auto dot = network.hostname.find('.'); dot != std::string::npos) {
        network.domain = network.hostname.substr(dot + 1);
        network.hostname.erase(dot);
    }
    std::ifstream resolver("/etc/resolv.conf");
    std::string row;
    while (std::getline(resolver, row)) {
        std::istringstream words(row);
        std::string key, value;
        words >> key >> value;
        if (key == "nameserver" && network.nameservers.size() < 3) network.nameservers.push_back(value);
        if ((key == "domain" || key == "search") && network.domain.empty()) network.domain = value;
    }
    network.timezone = timezone();
    network.interfaces = interfaces();
    network.gateways = gateways();
    return network;
}

}  // namespace almon::services
