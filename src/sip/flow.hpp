// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include <boost/describe.hpp>

#include "base/net_address.hpp"

namespace almon::sip {

enum class TransportKind : std::uint8_t { Udp, Tcp, Tls, Ws, Wss };

/// As in a Via header: "UDP", "TCP", "TLS", "WS", "WSS".
[[nodiscard]] std::string_view via_name(TransportKind kind) noexcept;
/// As in a URI's transport parameter: "udp", "tcp", "tls", "ws", "wss".
[[nodiscard]] std::string_view uri_name(TransportKind kind) noexcept;
/// True where the transport itself delivers: no retransmissions of requests (RFC 3261 17.1).
[[nodiscard]] constexpr bool is_reliable(TransportKind kind) noexcept {
    return kind != TransportKind::Udp;
}

/// The way a message came or shall go: a flow in the sense of RFC 5626, a plain value.
/// For a connection that does not exist (any more), `connection` is 0 or stale and the transport opens one to
/// `remote`.
struct Flow {
    TransportKind transport = TransportKind::Udp;
    NetAddress local{};            ///< The listening address of ours that it belongs to.
    NetAddress remote{};           ///< Where bytes go; where they came from.
    std::uint64_t connection = 0;  ///< 0 over UDP.

    friend bool operator==(const Flow&, const Flow&) = default;
};
BOOST_DESCRIBE_STRUCT(Flow, (), (transport, local, remote, connection))

}  // namespace almon::sip
