// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "ami/message_framer.hpp"
#include "ami/server.hpp"
#include "ami/session.hpp"
#include "base/event_loop.hpp"
#include "base/worker_pool.hpp"

namespace almon::ami {

/// The way back to the loop for answers that take their time: when the loop is gone, they are too late.
class WayBack final {
public:
    explicit WayBack(EventLoop& loop) : loop_(&loop) {}
    void post(std::function<void()> task) {
        const std::lock_guard lock(mutex_);
        if (loop_ != nullptr) loop_->post(std::move(task));
    }
    void close() {
        const std::lock_guard lock(mutex_);
        loop_ = nullptr;
    }

private:
    std::mutex mutex_;
    EventLoop* loop_;
};

/// A client's socket. All is called on the loop.
class Connection final : public std::enable_shared_from_this<Connection> {
public:
    /// What all connections share.
    struct Context {
        WorkerPool& pool;
        std::shared_ptr<WayBack> way_back;
        const ServerLimits& limits;
        std::function<void(const std::shared_ptr<Connection>&)> gone;
        std::function<void()> changed;  ///< Somebody may hear other events than before.
    };

    Connection(boost::asio::ip::tcp::socket socket, std::shared_ptr<Session> session, Context context);

    void start();
    [[nodiscard]] const Session& session() const noexcept { return *session_; }
    void send(std::string_view text);
    /// What waits is still sent, as far as that can be done at once.
    void close();

private:
    void read();
    void took(std::size_t bytes);
    void work();
    void answered(const Session::Answer& answer);
    void write();
    void say_goodbye();

    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer timer_;  ///< Of the login, then of the goodbye.
    const std::shared_ptr<Session> session_;
    const Context context_;
    MessageFramer framer_;
    std::array<char, 16 * 1024> piece_{};
    std::string waiting_;
    std::string writing_;
    bool busy_ = false;     ///< An action is under way.
    bool reading_ = false;  ///< A read is.
    bool ends_ = false;     ///< Nothing more is said than what waits.
    bool closed_ = false;
};

}  // namespace almon::ami
