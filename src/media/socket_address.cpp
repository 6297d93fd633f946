// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/socket_address.hpp"

#include <algorithm>

namespace almon::media {

SocketAddress SocketAddress::make(const NetAddress& address, bool ipv6_socket) noexcept {
    SocketAddress made;
    if (address.port == 0 || address.is_unspecified() || (address.ipv6 && !ipv6_socket)) return made;
    if (ipv6_socket) {
        made.v6.sin6_family = AF_INET6;
        made.v6.sin6_port = htons(address.port);
        auto* const bytes = made.v6.sin6_addr.s6_addr;
        if (address.ipv6) {
            std::copy_n(address.bytes.data(), 16, bytes);
        } else {
            bytes[10] = bytes[11] = 0xFF;
            std::copy_n(address.bytes.data(), 4, bytes + 12);
        }
        made.length = sizeof(sockaddr_in6);
        return made;
    }
    made.v4.sin_family = AF_INET;
    made.v4.sin_port = htons(address.port);
    std::memcpy(&made.v4.sin_addr, address.bytes.data(), 4);
    made.length = sizeof(sockaddr_in);
    return made;
}

NetAddress SocketAddress::net_address() const noexcept {
    NetAddress address;
    if (length == 0) return address;
    address.port = port();
    if (any.sa_family == AF_INET) {
        std::memcpy(address.bytes.data(), &v4.sin_addr, 4);
    } else if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
        std::copy_n(v6.sin6_addr.s6_addr + 12, 4, address.bytes.data());
    } else {
        address.ipv6 = true;
        std::copy_n(v6.sin6_addr.s6_addr, 16, address.bytes.data());
    }
    return address;
}

bool SocketAddress::same_host(const SocketAddress& other) const noexcept {
    return with_port(1) == other.with_port(1);
}

SocketAddress SocketAddress::with_port(std::uint16_t port) const noexcept {
    auto changed = *this;
    // The port lies at the same place in both families.
    changed.v4.sin_port = htons(port);
    return changed;
}

}  // namespace almon::media
