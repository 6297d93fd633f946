// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/port_pair.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <netinet/in.h>
#include <netinet/ip.h>
#include <sys/socket.h>

namespace almon::media {
namespace {

Result<Descriptor> bound_socket(const NetAddress& host, std::uint16_t port) {
    Descriptor descriptor(
        ::socket(host.ipv6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP));
    if (!descriptor) return refuse(ErrorCode::Exhausted, "socket", std::generic_category().message(errno));
    // RFC 4594: telephony is marked Expedited Forwarding. Where that is not allowed, it goes unmarked.
    const int expedited = IPTOS_DSCP_EF;
    const int off = 0;
    const int on = 1;
    if (host.ipv6) {
        ::setsockopt(descriptor.get(), IPPROTO_IPV6, IPV6_TCLASS, &expedited, sizeof(expedited));
        const int* const only = host.is_unspecified() ? &off : &on;
        ::setsockopt(descriptor.get(), IPPROTO_IPV6, IPV6_V6ONLY, only, sizeof(*only));
    }
    if (!host.ipv6 || host.is_unspecified())
        ::setsockopt(descriptor.get(), IPPROTO_IP, IP_TOS, &expedited, sizeof(expedited));
    auto address = host;
    address.port = port;
    sockaddr_storage storage{};
    const auto length = address.to(storage);
    if (::bind(descriptor.get(), reinterpret_cast<const sockaddr*>(&storage), length) != 0) {
        const auto code =
            errno == EADDRINUSE || errno == EACCES ? ErrorCode::Conflict : ErrorCode::Unavailable;
        return refuse(code, address.text(), std::generic_category().message(errno));
    }
    return descriptor;
}

void drain_socket(int descriptor) noexcept {
    std::array<char, 16> bytes{};
    // A stranger who sends faster than we read must not keep us here.
    for (int i = 0; i < 4096; ++i) {
        if (::recv(descriptor, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_TRUNC) < 0 && errno == EAGAIN)
            return;
    }
}

}  // namespace

Result<PortPair> PortPair::bind(const NetAddress& host, std::uint16_t even_port) {
    auto rtp = bound_socket(host, even_port);
    if (!rtp) return refuse(rtp);
    auto rtcp = bound_socket(host, static_cast<std::uint16_t>(even_port + 1));
    if (!rtcp) return refuse(rtcp);
    return PortPair{std::move(*rtp), std::move(*rtcp), even_port};
}

void PortPair::drain() const noexcept {
    drain_socket(rtp.get());
    drain_socket(rtcp.get());
}

void ReadyPorts::put(std::vector<PortPair> pairs) {
    const std::lock_guard lock(mutex_);
    for (auto& pair : pairs) {
        const auto port = pair.port;
        pairs_.insert_or_assign(port, std::move(pair));
    }
}

std::optional<PortPair> ReadyPorts::take(std::uint16_t port) {
    const std::lock_guard lock(mutex_);
    const auto found = pairs_.find(port);
    if (found == pairs_.end()) return std::nullopt;
    auto pair = std::move(found->second);
    pairs_.erase(found);
    return pair;
}

}  // namespace almon::media
