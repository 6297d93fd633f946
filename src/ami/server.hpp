// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "ami/event.hpp"
#include "ami/office.hpp"
#include "base/net_address.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace almon::ami {

/// What a client may take of us. Who exceeds it is disconnected.
struct ServerLimits {
    std::size_t sessions = 200;
    Duration login_time = 30s;
    /// A client that reads too slowly finds so much waiting: hours of an office's events.
    std::size_t most_waiting = std::size_t{16} << 20;
    unsigned workers = 2;  ///< Threads that carry actions out.
};

/// The manager's port: TCP, one thread that owns the sockets and never waits, and some that carry actions
/// out, those of a session one after the other.
class Server final {
public:
    /// @param office lent until the end.
    explicit Server(Office& office, ServerLimits limits = {});
    /// Tells those who are there that the system ends, and closes.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Opens the port (zero: any free one). Gives the address bound.
    [[nodiscard]] Result<NetAddress> listen(const NetAddress& address);

    // Any thread; nothing of it waits.

    /// To all who want to hear of it.
    void deliver(std::shared_ptr<const Event> event);
    /// Whether deliver() would find anybody.
    [[nodiscard]] bool anybody_listens() const noexcept;
    /// Disconnects whoever has logged in with this account.
    void end(std::string_view account_id);

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace almon::ami
