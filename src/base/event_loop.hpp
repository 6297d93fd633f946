// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace boost::asio {
class io_context;
}

namespace almon {

/// An Asio io_context on a thread of its own. Whatever is bound to it runs there, one after the other, so
/// what belongs to a loop needs no lock. Made and destroyed by the composition root.
class EventLoop final {
public:
    /// `name` is what `top -H` shows; 15 characters at most.
    explicit EventLoop(std::string name);
    /// Ends what runs, joins the thread; what was posted and has not run is dropped.
    ~EventLoop();
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;

    /// Runs `task` on the loop, in the order of posting. From any thread; never waits.
    void post(std::function<void()> task);
    /// For sockets and timers of those who include Asio.
    [[nodiscard]] boost::asio::io_context& context() noexcept { return *context_; }
    [[nodiscard]] bool on_this_thread() const noexcept {
        return std::this_thread::get_id() == thread_.get_id();
    }

private:
    struct Work;

    std::unique_ptr<boost::asio::io_context> context_;
    std::unique_ptr<Work> work_;
    std::thread thread_;
};

}  // namespace almon
