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
    /// Starts a timer; the id is never reused.
    TimerId start(Instant deadline, Purpose purpose) {
        const TimerId id{++last_};
        due_.emplace(std::pair{deadline, id}, std::move(purpose));
        deadlines_.emplace(id, deadline);
        return id;
    }
    /// Stops a timer; false when it has fired or was stopped already. Clears the id.
    bool stop(TimerId& id) {
        const auto found = deadlines_.find(std::exchange(id, TimerId{}) /* by value */);
        if (found == deadlines_.end()) return false;
        due_.erase({found->second, found->first});
        deadlines_.erase(found);
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
        deadlines_.erase(node.key().second);
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
        deadlines_.clear();
        for (const auto& [key, purpose] : due_)
            deadlines_.emplace(key.second, key.first);
    }

private:
    std::map<std::pair<Instant, TimerId>, Purpose> due_;
    std::unordered_map<TimerId, Instant> deadlines_;
    std::uint64_t last_ = 0;
};

}  // namespace almon
