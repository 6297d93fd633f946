// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/archive.hpp"
#include "base/id.hpp"
#include "base/time.hpp"

namespace almon {

struct TimerTag;
using TimerId = Id<TimerTag>;

/// Deadlines of a deterministic core. What a timer means is a value (`Purpose`), never a closure, so that it
/// can be saved. Timers due at the same instant fire in the order in which they were started. Not
/// thread-safe.
template <class Purpose>
class TimerQueue final {
public:
    TimerQueue() = default;
    // Moving keeps what points into the map; a copy would not.
    TimerQueue(TimerQueue&&) noexcept = default;
    TimerQueue& operator=(TimerQueue&&) noexcept = default;

    /// Starts a timer; the id is never reused.
    TimerId start(Instant deadline, Purpose purpose) {
        const TimerId id{++last_};
        // Most are of the longest kind, so that they come last: nobody walks down a tree of thousands for
        // them.
        running_.emplace(id, due_.emplace_hint(due_.end(), std::pair{deadline, id}, std::move(purpose)));
        return id;
    }
    /// Stops a timer; false when it has fired or was stopped already. Clears the id.
    bool stop(TimerId& id) {
        const auto found = running_.find(std::exchange(id, TimerId{}) /* by value */);
        if (found == running_.end()) return false;
        due_.erase(found->second);
        running_.erase(found);
        return true;
    }
    [[nodiscard]] std::optional<Instant> next_deadline() const {
        if (due_.empty()) return std::nullopt;
        return due_.begin()->first.first;
    }
    /// Takes the first timer that is due, if any. Call until it gives none.
    [[nodiscard]] std::optional<std::pair<TimerId, Purpose>> take_due(Instant now) {
        if (due_.empty() || due_.begin()->first.first > now) return std::nullopt;
        auto node = due_.extract(due_.begin());
        running_.erase(node.key().second);
        return std::pair{node.key().second, std::move(node.mapped())};
    }
    [[nodiscard]] std::size_t size() const noexcept { return due_.size(); }

    void save(Archive& archive) const {
        archive.put(due_);
        archive.put(last_);
    }
    void restore(ArchiveReader& reader) {
        reader.get(due_);
        reader.get(last_);
        find_running();
    }

private:
    using Due = std::map<std::pair<Instant, TimerId>, Purpose>;

    void find_running() {
        running_.clear();
        for (auto timer = due_.begin(); timer != due_.end(); ++timer)
            running_.emplace(timer->first.second, timer);
    }

    Due due_;
    std::unordered_map<TimerId, typename Due::iterator> running_;
    std::uint64_t last_ = 0;
};

}  // namespace almon
