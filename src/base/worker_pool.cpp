// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/worker_pool.hpp"

#include <utility>

#include <pthread.h>

namespace almon {

WorkerPool::WorkerPool(const char* name, unsigned threads) {
    for (unsigned number = 0; number < threads; ++number) {
        threads_.emplace_back([this, name] {
            pthread_setname_np(pthread_self(), name);
            run();
        });
    }
}

WorkerPool::~WorkerPool() {
    std::deque<std::function<void()>> dropped;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        dropped.swap(tasks_);
    }
    wake_.notify_all();
    for (std::thread& thread : threads_)
        thread.join();
}

void WorkerPool::post(std::function<void()> task) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return;
        tasks_.push_back(std::move(task));
    }
    wake_.notify_one();
}

void WorkerPool::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
        if (stopping_) return;
        auto task = std::move(tasks_.front());
        tasks_.pop_front();
        lock.unlock();
        task();
        task = nullptr;
        lock.lock();
    }
}

}  // namespace almon
