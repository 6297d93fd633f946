// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/net_address.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace almon {

Result<NetAddress> NetAddress::parse(std::string_view address, std::uint16_t port) {
    NetAddress parsed;
    parsed.port = port;
    if (address.size() > 2 && address.front() == '[' && address.back() == ']') {
        address = address.substr(1, address.size() - 2);
    }
    const std::string text(address);
    if (inet_pton(AF_INET, text.c_str(), parsed.bytes.data()) == 1) return parsed;
    if (inet_pton(AF_INET6, text.c_str(), parsed.bytes.data()) == 1) {
        parsed.ipv6 = true;
        return parsed;
    }
    return refuse(ErrorCode::InvalidArgument, "address", "'" + text + "' is not an IP address");
}

NetAddress NetAddress::from(const sockaddr_storage& socket_address) noexcept {
    NetAddress address;
    if (socket_address.ss_family == AF_INET6) {
        sockaddr_in6 in6{};
        std::memcpy(&in6, &socket_address, sizeof(in6));
        std::memcpy(address.bytes.data(), &in6.sin6_addr, 16);
        address.port = ntohs(in6.sin6_port);
        address.ipv6 = true;
    } else if (socket_address.ss_family == AF_INET) {
        sockaddr_in in{};
        std::memcpy(&in, &socket_address, sizeof(in));
        std::memcpy(address.bytes.data(), &in.sin_addr, 4);
        address.port = ntohs(in.sin_port);
    }
    return address;
}

std::uint32_t NetAddress::to(sockaddr_storage& into) const noexcept {
    into = {};
    if (ipv6) {
        sockaddr_in6 in6{};
        in6.sin6_family = AF_INET6;
        in6.sin6_port = htons(port);
        std::memcpy(&in6.sin6_addr, bytes.data(), 16);
        std::memcpy(&into, &in6, sizeof(in6));
        return sizeof(in6);
    }
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(port);
    std::memcpy(&in.sin_addr, bytes.data(), 4);
    std::memcpy(&into, &in, sizeof(in));
    return sizeof(in);
}

std::string NetAddress::host() const {
    if (!ipv6) {
        // Several times a message, where inet_ntop() goes through the general formatter.
        std::array<char, 16> text;
        char* end = text.data();
        for (std::size_t i = 0; i < 4; ++i) {
            if (i > 0) *end++ = '.';
            end = std::to_chars(end, text.data() + text.size(), bytes[i]).ptr;
        }
        return std::string(text.data(), end);
    }
    char text[INET6_ADDRSTRLEN] = {};
    inet_ntop(AF_INET6, bytes.data(), text, sizeof(text));
    return text;
}

std::string NetAddress::host_in_uri() const {
    return ipv6 ? "[" + host() + "]" : host();
}

std::string NetAddress::text() const {
    return host_in_uri() + ":" + std::to_string(port);
}

bool NetAddress::is_unspecified() const noexcept {
    return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace almon

std::size_t std::hash<almon::NetAddress>::operator()(const almon::NetAddress& address) const noexcept {
    std::uint64_t halves[2];
    std::memcpy(halves, address.bytes.data(), sizeof(halves));
    const std::uint64_t mixed = (halves[0] ^ (std::uint64_t{address.port} << 40U)) * 0x9e3779b97f4a7c15ULL +
                                halves[1] * 0xc2b2ae3d27d4eb4fULL;
    return mixed ^ (mixed >> 29U) ^ (address.ipv6 ? 1U : 0U);
}
