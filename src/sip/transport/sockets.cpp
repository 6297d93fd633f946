// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/transport/sockets.hpp"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include <boost/asio/error.hpp>

namespace almon::sip {

void close_on_exec(int descriptor) noexcept {
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

Error listen_error(TransportKind kind, const NetAddress& address, const boost::system::error_code& error) {
    std::string what(via_name(kind));
    what += " port " + std::to_string(address.port) + " on " + address.host();
    if (error == boost::asio::error::address_in_use) {
        return {ErrorCode::Conflict, "listen", what + " is already in use"};
    }
    if (error == boost::asio::error::access_denied) {
        return {ErrorCode::Forbidden, "listen", what + " may only be opened by root"};
    }
    if (error.value() == EADDRNOTAVAIL) {
        return {ErrorCode::InvalidArgument, "listen",
                what + " cannot be opened: no interface of this machine has that address"};
    }
    if (error == boost::asio::error::address_family_not_supported) {
        return {ErrorCode::Unavailable, "listen",
                what + " cannot be opened: this machine has no " + (address.ipv6 ? "IPv6" : "IPv4")};
    }
    return {ErrorCode::Unavailable, "listen", what + " cannot be opened: " + error.message()};
}

Result<NetAddress> source_address_to(const NetAddress& remote) {
    // Connecting a datagram socket sends nothing; it only looks up the route.
    const int probe = ::socket(remote.ipv6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (probe < 0) return refuse(ErrorCode::Unavailable, "remote", "there is no socket to look up the route");
    sockaddr_storage storage;
    const auto length = remote.to(storage);
    NetAddress source;
    bool found = false;
    if (::connect(probe, reinterpret_cast<const sockaddr*>(&storage), length) == 0) {
        socklen_t size = sizeof(storage);
        if (::getsockname(probe, reinterpret_cast<sockaddr*>(&storage), &size) == 0) {
            source = NetAddress::from(storage);
            found = true;
        }
    }
    ::close(probe);
    if (!found) return refuse(ErrorCode::Unavailable, "remote", "there is no route to " + remote.host());
    source.port = 0;
    return source;
}

bool listens_for(const NetAddress& listening, const NetAddress& local) noexcept {
    if (listening.ipv6 != local.ipv6 || listening.port != local.port) return false;
    return listening.is_unspecified() || listening.same_host(local);
}

}  // namespace almon::sip
