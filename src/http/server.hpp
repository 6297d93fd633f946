// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "base/net_address.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "http/service.hpp"
#include "http/tls_context.hpp"

namespace almon::http {

/// What a peer may take of us. Who exceeds a time is disconnected.
struct ServerLimits {
    /// Request line and header fields together, in bytes; beyond it the answer is 431.
    std::size_t max_head = std::size_t{16} * 1024;
    Duration handshake_timeout = 10s;
    /// From a request's first byte (for the first of a connection: from its opening) to the end of its head.
    Duration head_timeout = 10s;
    /// A body may take `body_grace` and then a second for each `min_rate` bytes; a response likewise.
    Duration body_grace = 10s;
    Duration response_grace = 30s;
    std::size_t min_rate = 1024;
    /// Between two requests of a connection.
    Duration idle_timeout = 60s;
    std::size_t connections = 10'000;
    /// From one IPv4 address or one IPv6 network of 64 bits.
    std::size_t connections_per_address = 1'000;
};

struct ServerSettings {
    unsigned io_threads = 2;
    unsigned workers = 4;
    ServerLimits limits;
};

/// HTTP/1.1 and WebSocket server: `io_threads` threads that own the sockets and run the quick handlers, and
/// `workers` threads for those that wait.
class Server final {
public:
    explicit Server(ServerSettings settings = {});
    /// stop() without grace.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Opens a port (zero: any free one) and serves `mounts` there from now on, over TLS where `tls` is
    /// given. Gives the address bound. Any thread, also while serving.
    [[nodiscard]] Result<NetAddress> listen(const NetAddress& address, std::vector<Mount> mounts,
                                            std::shared_ptr<const TlsContext> tls = nullptr);
    /// Closes the ports and the idle connections, waits up to `grace` for the requests under way, then closes
    /// the rest. A handler that runs is waited for in any case. Once; listen() is refused afterwards.
    void stop(Duration grace);
    /// Connections open now.
    [[nodiscard]] std::size_t connections() const;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace almon::http
