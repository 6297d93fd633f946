// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/outward_address.hpp"

#include <sys/socket.h>
#include <unistd.h>

namespace almon::server {

NetAddress outward_address(const std::string& listening) {
    const auto address = NetAddress::parse(listening, 0).value_or(NetAddress{});
    if (!address.is_unspecified()) return address;
    const bool ipv6 = address.ipv6;
    const auto loopback = NetAddress::parse(ipv6 ? "::1" : "127.0.0.1", 0).value();
    const int probe = socket(ipv6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (probe < 0) return loopback;
    // Connecting a datagram socket only looks up the route; the addresses are those of documentation (RFC
    // 5737, 3849).
    sockaddr_storage far{};
    const auto length = NetAddress::parse(ipv6 ? "2001:db8::1" : "192.0.2.1", 9)->to(far);
    sockaddr_storage near{};
    socklen_t near_length = sizeof(near);
    NetAddress found = loopback;
    if (connect(probe, reinterpret_cast<const sockaddr*>(&far), length) == 0 &&
        getsockname(probe, reinterpret_cast<sockaddr*>(&near), &near_length) == 0) {
        found = NetAddress::from(near);
        found.port = 0;
    }
    close(probe);
    return found;
}

}  // namespace almon::server
