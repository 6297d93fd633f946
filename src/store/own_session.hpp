// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <mutex>
#include <optional>
#include <utility>

#include "base/result.hpp"
#include "store/database.hpp"

namespace almon::store {

/// The session of one table's readers and writers: opened when it is first needed, and anew after a failure.
/// Any thread, one after the other.
class OwnSession final {
public:
    explicit OwnSession(DatabaseLocation location) : location_(std::move(location)) {}

    /// What `work`, which takes a Session and returns a Result, comes to; whatever the library throws is a
    /// refusal.
    template <class Work>
    [[nodiscard]] auto with(Work&& work) -> decltype(work(std::declval<Session&>())) {
        const std::lock_guard lock(mutex_);
        if (!session_) {
            auto session = Session::open(location_);
            if (!session) return refuse(session);
            session_ = *std::move(session);
        }
        auto done = guarded([&] { return work(*session_); });
        if (!done) session_.reset();
        return done;
    }

private:
    const DatabaseLocation location_;
    std::mutex mutex_;
    std::optional<Session> session_;
};

}  // namespace almon::store
