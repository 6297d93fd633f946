// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "pbx/service_change.hpp"

namespace almon::store {
class ConfigurationStore;
}

namespace almon::server {

/// Makes what users change by telephone, one after the other, on a thread of its own, since the disk has to
/// be waited for. The thread begins with the first change.
class ServiceChanges final {
public:
    using Maker = std::function<Result<void>(const pbx::ServiceChange& change)>;
    /// Called on that thread, once for each change.
    using Listener = std::function<void(const pbx::ServiceChange& change, bool made)>;

    ServiceChanges(Maker maker, Listener listener);
    /// What is under way is made; what waits is not.
    ~ServiceChanges();
    ServiceChanges(const ServiceChanges&) = delete;
    ServiceChanges& operator=(const ServiceChanges&) = delete;

    void ask(std::vector<pbx::ServiceChange> changes);

private:
    void run();

    Maker maker_;
    Listener listener_;
    std::mutex mutex_;
    std::condition_variable something_;
    std::deque<pbx::ServiceChange> changes_;
    bool closed_ = false;
    std::thread thread_;
};

/// Makes it in the store, anew where somebody else changed the same in between.
[[nodiscard]] Result<void> make_service_change(store::ConfigurationStore& store,
                                               const pbx::ServiceChange& change, UtcTime now);

}  // namespace almon::server
