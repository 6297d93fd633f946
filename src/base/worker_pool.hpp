// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace almon {

/// Threads for what would hold a loop up: handlers that wait, handshakes.
class WorkerPool final {
public:
    /// `name` is what `top -H` shows; 15 characters at most.
    WorkerPool(const char* name, unsigned threads);
    /// Finishes what runs; drops what waits.
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    /// Any thread. Tasks begin in the order of posting.
    void post(std::function<void()> task);

private:
    void run();

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> tasks_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace almon
