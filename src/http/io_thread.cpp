// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/io_thread.hpp"

#include <chrono>
#include <future>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include "base/system_clock.hpp"

namespace almon::http {

namespace {

constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

}  // namespace

IoThread::IoThread(std::string name, Duration check_interval)
    : check_interval_(check_interval),
      scratch_(std::make_unique<std::array<char, 64 * 1024>>()),
      loop_(std::move(name)),
      timer_(loop_.context()) {
    loop_.post([this] { check(); });
}

IoThread::~IoThread() {
    std::promise<void> done;
    loop_.post([&] {
        timer_.cancel();
        abort();
        done.set_value();
    });
    done.get_future().wait();
}

IoThread::Place IoThread::add(std::shared_ptr<Peer> peer) {
    return peers_.insert(peers_.end(), std::move(peer));
}

void IoThread::remove(Place place) noexcept {
    peers_.erase(place);
}

void IoThread::check() {
    const Instant now = system_now().instant;
    for (auto next = peers_.begin(); next != peers_.end();) {
        const std::shared_ptr<Peer> peer = *next++;  // it may remove itself
        peer->check(now);
    }
    timer_.expires_after(check_interval_);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) check();
    });
}

void IoThread::drain() {
    for (auto next = peers_.begin(); next != peers_.end();) {
        const std::shared_ptr<Peer> peer = *next++;
        peer->drain();
    }
}

void IoThread::abort() {
    for (auto next = peers_.begin(); next != peers_.end();) {
        const std::shared_ptr<Peer> peer = *next++;
        peer->abort();
    }
}

std::string_view IoThread::date(UtcTime now) {
    const auto second = std::chrono::floor<std::chrono::seconds>(now);
    if (second.time_since_epoch().count() == date_second_) return date_;
    date_second_ = second.time_since_epoch().count();
    const auto day = std::chrono::floor<std::chrono::days>(second);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(second - day);
    date_ = fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT",
                        kDays[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                        kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                        time.hours().count(), time.minutes().count(), time.seconds().count());
    return date_;
}

}  // namespace almon::http
