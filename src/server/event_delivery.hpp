// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "bus/amqp_publisher.hpp"
#include "bus/event_bus.hpp"
#include "http/server.hpp"
#include "server/server_settings.hpp"
#include "services/auth/authentication.hpp"
#include "services/events/event_feed.hpp"
#include "services/websocketd/event_clients.hpp"

namespace almon::server {

/// What tells programs what happens: the feed of messages, and the ways they leave by, WebSocket and AMQP.
class EventDelivery final {
public:
    EventDelivery(const ServerSettings& settings, services::Authentication& authentication,
                  const std::vector<bus::StoredContact>& contacts);
    ~EventDelivery();

    /// Opens the port for WebSockets and begins to follow the bus.
    [[nodiscard]] Result<void> start(const std::shared_ptr<const http::TlsContext>& tls, bus::EventBus& bus);
    /// Programs may ask a service from now on (API-019); it is taken back by stop() (API-020).
    void announce(std::string service, const NetAddress& address);
    /// Tells what is left, then closes the connections.
    void stop(std::chrono::milliseconds grace);

    [[nodiscard]] services::EventFeed& feed() noexcept { return feed_; }
    struct Figures {
        std::size_t clients = 0;  ///< Programs that are connected over WebSocket.
        bool has_broker = false;  ///< Whether the rest means something.
        bool broker_connected = false;
        std::size_t broker_waiting = 0;  ///< Messages.
        std::uint64_t broker_lost = 0;   ///< Messages, since the start.
    };
    /// Any thread.
    [[nodiscard]] Figures figures() const;
    /// WebSockets of programs, to be mounted wherever else they may come in; it uses this.
    [[nodiscard]] const std::shared_ptr<const http::Service>& service() const noexcept { return service_; }

private:
    struct Announced {
        std::string service;
        std::string id;
    };

    const std::string host_;  ///< That services listen on.
    const std::uint16_t port_;
    services::Authentication& authentication_;
    std::shared_ptr<services::EventClients> clients_;  ///< The end of a token may be told when this is gone.
    std::shared_ptr<const http::Service> service_;
    std::unique_ptr<bus::AmqpPublisher> amqp_;
    std::unique_ptr<http::Server> server_;
    std::vector<Announced> announced_;
    services::EventFeed feed_;  ///< Its thread uses all of the above.
};

}  // namespace almon::server
