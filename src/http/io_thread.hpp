// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/steady_timer.hpp>

#include "base/event_loop.hpp"
#include "base/time.hpp"

namespace almon::http {

/// A connection of any kind, as its IO thread sees it. All is called on that thread.
class Peer {
public:
    virtual ~Peer() = default;
    /// Now and then: whose time is up closes.
    virtual void check(Instant now) = 0;
    /// The server ends: finish what is under way, then close.
    virtual void drain() = 0;
    /// Close now.
    virtual void abort() = 0;
};

/// A loop with the connections that live on it and what they share.
class IoThread final {
public:
    using Place = std::list<std::shared_ptr<Peer>>::iterator;

    IoThread(std::string name, Duration check_interval);
    /// Aborts what is left.
    ~IoThread();

    [[nodiscard]] EventLoop& loop() noexcept { return loop_; }

    // On the thread:

    Place add(std::shared_ptr<Peer> peer);
    void remove(Place place) noexcept;
    void drain();
    void abort();
    /// For what a read brings, until the reader returns to the loop.
    [[nodiscard]] std::array<char, 64 * 1024>& scratch() noexcept { return *scratch_; }
    /// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7), made once a second.
    [[nodiscard]] std::string_view date(UtcTime now);

private:
    void check();

    Duration check_interval_;
    std::unique_ptr<std::array<char, 64 * 1024>> scratch_;
    std::list<std::shared_ptr<Peer>> peers_;
    std::int64_t date_second_ = -1;
    std::string date_;
    EventLoop loop_;
    boost::asio::steady_timer timer_;
};

}  // namespace almon::http
