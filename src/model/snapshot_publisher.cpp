// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/snapshot_publisher.hpp"

#include <utility>

namespace almon::model {

SnapshotPublisher::SnapshotPublisher(std::shared_ptr<const Snapshot> first) : current_(std::move(first)) {}

std::shared_ptr<const Snapshot> SnapshotPublisher::current() const {
    const std::lock_guard lock(mutex_);
    return current_;
}

void SnapshotPublisher::publish(std::shared_ptr<const Snapshot> next) {
    {
        const std::lock_guard lock(mutex_);
        current_.swap(next);
    }
    retired_.push_back(std::move(next));
    free_unused();
}

std::size_t SnapshotPublisher::free_unused() {
    // A count of one cannot grow again: the only reference left is ours.
    std::erase_if(retired_, [](const auto& snapshot) { return snapshot.use_count() == 1; });
    return retired_.size();
}

}  // namespace almon::model
