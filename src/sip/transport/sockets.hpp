// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstring>

#include <sys/socket.h>

#include <boost/asio/ip/address.hpp>
#include <boost/system/error_code.hpp>

#include "base/net_address.hpp"
#include "base/result.hpp"
#include "sip/flow.hpp"

namespace almon::sip {

template <class Endpoint>
[[nodiscard]] Endpoint endpoint_of(const NetAddress& address) {
    sockaddr_storage storage;
    const auto length = address.to(storage);
    Endpoint endpoint;
    std::memcpy(endpoint.data(), &storage, length);
    endpoint.resize(length);
    return endpoint;
}

template <class Endpoint>
[[nodiscard]] NetAddress net_address_of(const Endpoint& endpoint) {
    sockaddr_storage storage{};
    std::memcpy(&storage, endpoint.data(), endpoint.size());
    return NetAddress::from(storage);
}

/// Programs that we start do not inherit the socket.
void close_on_exec(int descriptor) noexcept;

/// Why an address cannot be listened on, in a sentence for the administrator.
[[nodiscard]] Error listen_error(TransportKind kind, const NetAddress& address,
                                 const boost::system::error_code& error);

/// The address of ours from which packets to `remote` leave; port 0.
[[nodiscard]] Result<NetAddress> source_address_to(const NetAddress& remote);

/// True where `flow.local` is this listening address, or one of those that it stands for: `listening` may be
/// all addresses of a family.
[[nodiscard]] bool listens_for(const NetAddress& listening, const NetAddress& local) noexcept;

}  // namespace almon::sip
