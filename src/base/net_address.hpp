// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <boost/describe.hpp>

#include "base/result.hpp"

struct sockaddr_storage;

namespace almon {

/// An IP address with a port: a plain value, comparable, without a socket. IPv4 is kept in the first four
/// bytes.
struct NetAddress {
    std::array<std::uint8_t, 16> bytes{};
    std::uint16_t port = 0;
    bool ipv6 = false;

    /// `address` is a literal: "192.0.2.1", "2001:db8::1" or "[2001:db8::1]". Names are refused.
    [[nodiscard]] static Result<NetAddress> parse(std::string_view address, std::uint16_t port);
    [[nodiscard]] static NetAddress from(const sockaddr_storage& socket_address) noexcept;
    /// Fills `into` and returns its length for bind, connect and sendto.
    std::uint32_t to(sockaddr_storage& into) const noexcept;

    /// Without the port; IPv6 without brackets.
    [[nodiscard]] std::string host() const;
    /// As in a URI or Via: IPv6 in brackets.
    [[nodiscard]] std::string host_in_uri() const;
    /// "192.0.2.1:5060", "[2001:db8::1]:5060".
    [[nodiscard]] std::string text() const;
    [[nodiscard]] bool is_unspecified() const noexcept;
    [[nodiscard]] bool same_host(const NetAddress& other) const noexcept {
        return ipv6 == other.ipv6 && bytes == other.bytes;
    }

    friend auto operator<=>(const NetAddress&, const NetAddress&) = default;
};
BOOST_DESCRIBE_STRUCT(NetAddress, (), (bytes, port, ipv6))

}  // namespace almon

template <>
struct std::hash<almon::NetAddress> {
    std::size_t operator()(const almon::NetAddress& address) const noexcept;
};
