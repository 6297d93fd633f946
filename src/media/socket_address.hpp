// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstring>

#include <netinet/in.h>
#include <sys/socket.h>

#include "base/net_address.hpp"

namespace almon::media {

/// An address in the form the kernel takes, small enough to be kept for each leg and compared for each
/// packet.
struct SocketAddress {
    union {
        sockaddr any;
        sockaddr_in v4;
        sockaddr_in6 v6;
    };
    socklen_t length = 0;  ///< 0: none.

    SocketAddress() noexcept : v6{} {}
    /// For a socket of family AF_INET6 (`ipv6_socket`), an IPv4 address is written as mapped (RFC
    /// 4291 2.5.5.2). None for an unspecified address, port 0 or an IPv6 address on an IPv4 socket: nothing
    /// can be sent there.
    [[nodiscard]] static SocketAddress make(const NetAddress& address, bool ipv6_socket) noexcept;
    [[nodiscard]] NetAddress net_address() const noexcept;
    [[nodiscard]] bool same_host(const SocketAddress& other) const noexcept;
    [[nodiscard]] SocketAddress with_port(std::uint16_t port) const noexcept;
    [[nodiscard]] std::uint16_t port() const noexcept { return ntohs(v4.sin_port); }
    [[nodiscard]] explicit operator bool() const noexcept { return length != 0; }

    friend bool operator==(const SocketAddress& left, const SocketAddress& right) noexcept {
        if (left.length != right.length) return false;
        if (left.length == sizeof(sockaddr_in))
            return left.v4.sin_port == right.v4.sin_port &&
                   left.v4.sin_addr.s_addr == right.v4.sin_addr.s_addr;
        // The flow label may change and a scope comes only with link-local addresses.
        return left.length == 0 ||
               (left.v6.sin6_port == right.v6.sin6_port &&
                std::memcmp(&left.v6.sin6_addr, &right.v6.sin6_addr, sizeof(in6_addr)) == 0);
    }
};

}  // namespace almon::media
