// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/event_loop.hpp"

#include <utility>

#include <pthread.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace almon {

/// Keeps the loop running while nothing is to be done.
struct EventLoop::Work {
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard;
};

EventLoop::EventLoop(std::string name)
    : context_(std::make_unique<boost::asio::io_context>(1)),
      work_(new Work{boost::asio::make_work_guard(*context_)}) {
    thread_ = std::thread([this, name = std::move(name)] {
        pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
        context_->run();
    });
}

EventLoop::~EventLoop() {
    context_->stop();
    thread_.join();
}

void EventLoop::post(std::function<void()> task) {
    boost::asio::post(*context_, std::move(task));
}

}  // namespace almon
