// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include <boost/asio/io_context.hpp>

#include "base/time.hpp"
#include "sip/transport.hpp"

namespace almon::sip {

struct TransportLimits {
    /// Asked for at each UDP socket, in bytes: a burst waits here while the thread is busy.
    int udp_socket_buffer = 8 * 1024 * 1024;
    std::size_t connections = 20'000;
    std::size_t connections_per_address = 1'000;
    /// What waits for one peer that does not read, in bytes; beyond, its connection is dropped.
    std::size_t write_queue = 1024 * 1024;
    Duration connect_timeout = 10s;
    /// From its first byte to its last.
    Duration message_timeout = 10s;
    /// From accepting a connection to its first whole message.
    Duration first_message_timeout = 30s;
    /// Without any byte from the peer. Above the usual hour between registrations.
    Duration idle_timeout = 65min;
    /// A peer that takes nothing of what waits for it.
    Duration write_timeout = 30s;
};

/// What the transports have seen, to be read from any thread.
struct TransportCounters {
    std::atomic<std::uint64_t> received{0};   ///< Whole messages.
    std::atomic<std::uint64_t> sent{0};       ///< Messages handed to the kernel or to a write queue.
    std::atomic<std::uint64_t> malformed{0};  ///< Dropped: not SIP.
    std::atomic<std::uint64_t> oversized{0};  ///< Dropped: longer than a message may be.
    std::atomic<std::uint64_t> keep_alives{0};
    std::atomic<std::uint64_t> unsent{0};       ///< Datagrams that the kernel did not take.
    std::atomic<std::uint64_t> connections{0};  ///< Now.
    std::atomic<std::uint64_t> accepted{0};
    std::atomic<std::uint64_t> connected{0};   ///< Opened by us.
    std::atomic<std::uint64_t> refused{0};     ///< Connections beyond a limit.
    std::atomic<std::uint64_t> timed_out{0};   ///< Connections closed by one of the timeouts.
    std::atomic<std::uint64_t> overflowed{0};  ///< Connections dropped because their peer did not read.
};

/// What a transport needs from the house around it. All of it outlives the transport.
struct TransportContext {
    boost::asio::io_context& io;
    TransportListener& listener;
    const TransportLimits& limits;
    TransportCounters& counters;
    std::atomic<std::uint64_t>& last_connection;  ///< Numbers are shared by all kinds.
};

}  // namespace almon::sip
