// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/time.hpp"

namespace almon::bus {

struct AmqpSettings {
    std::string host = "127.0.0.1";
    std::uint16_t port = 5672;
    std::string username = "guest";
    std::string password = "guest";
    std::string virtual_host = "/";
    std::string exchange = "xivo";  ///< Made where it is not there: type topic, durable (API-001).
    /// Messages that wait at most while the broker is away or slow; beyond, the oldest are lost.
    std::size_t backlog = 10'000;
    Duration connect_timeout = 3s;
    /// Before it is tried again after a failure; doubled with each further one, up to `longest_pause`.
    Duration first_pause = 500ms;
    Duration longest_pause = 30s;
};

/// Publishes to an AMQP 0-9-1 broker on a thread of its own: whoever publishes never waits. A broker that is
/// away is tried again and again. Messages are transient (API-003) and JSON.
class AmqpPublisher final {
public:
    explicit AmqpPublisher(AmqpSettings settings);
    /// Sends what still waits if that takes no longer than a second.
    ~AmqpPublisher();
    AmqpPublisher(const AmqpPublisher&) = delete;
    AmqpPublisher& operator=(const AmqpPublisher&) = delete;

    void publish(std::string routing_key, std::shared_ptr<const std::string> body);
    /// Messages given up since the start.
    [[nodiscard]] std::uint64_t lost() const noexcept { return lost_; }
    [[nodiscard]] bool connected() const noexcept { return connected_; }
    /// Messages that wait for the broker.
    [[nodiscard]] std::size_t waiting() const;

private:
    class Connection;
    struct Waiting {
        std::string routing_key;
        std::shared_ptr<const std::string> body;
    };

    void run();
    [[nodiscard]] bool serve(Connection& connection);
    [[nodiscard]] bool pause(Duration pause);

    const AmqpSettings settings_;
    std::atomic<std::uint64_t> lost_ = 0;
    std::atomic<bool> connected_ = false;

    mutable std::mutex mutex_;
    std::condition_variable woken_;
    std::condition_variable drained_;
    std::deque<Waiting> waiting_;
    bool sending_ = false;  ///< Some have been taken out and are under way.
    bool stopping_ = false;
    int socket_ = -1;  ///< Of the connection under way.
    std::thread thread_;
};

}  // namespace almon::bus
