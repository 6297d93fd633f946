// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/service_changes.hpp"

#include <utility>

#include <pthread.h>

#include "base/log.hpp"
#include "model/change.hpp"
#include "store/configuration_store.hpp"

namespace almon::server {

namespace {

constexpr int kMostTries = 10;

}  // namespace

ServiceChanges::ServiceChanges(Maker maker, Listener listener)
    : maker_(std::move(maker)), listener_(std::move(listener)) {}

ServiceChanges::~ServiceChanges() {
    {
        const std::scoped_lock lock(mutex_);
        closed_ = true;
    }
    something_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void ServiceChanges::ask(std::vector<pbx::ServiceChange> changes) {
    if (changes.empty()) return;
    {
        const std::scoped_lock lock(mutex_);
        for (auto& each : changes)
            changes_.push_back(std::move(each));
        if (!thread_.joinable()) {
            thread_ = std::thread([this] {
                pthread_setname_np(pthread_self(), "changes");
                run();
            });
        }
    }
    something_.notify_one();
}

void ServiceChanges::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        something_.wait(lock, [this] { return closed_ || !changes_.empty(); });
        if (closed_) return;
        const auto change = std::move(changes_.front());
        changes_.pop_front();
        lock.unlock();
        const auto made = maker_(change);
        if (!made)
            log_warning("a change by telephone was refused: {} {}", made.error().field, made.error().reason);
        listener_(change, made.has_value());
        lock.lock();
    }
}

Result<void> make_service_change(store::ConfigurationStore& store, const pbx::ServiceChange& change,
                                 UtcTime now) {
    for (int tries = 1;; ++tries) {
        auto planned = pbx::change_of(change, *store.current());
        if (!planned) return refuse(planned);
        if (planned->operations.empty()) return {};
        const auto made = store.apply(*std::move(planned), now);
        if (made) return {};
        if (made.error().code != ErrorCode::Outdated || tries == kMostTries) return refuse(made);
    }
}

}  // namespace almon::server
