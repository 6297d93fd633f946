// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "model/snapshot.hpp"

namespace almon::model {

/// Where everybody finds the configuration that is in force. Any thread may read; one thread at a time
/// publishes. Readers hold a snapshot as long as they like, and never free one: the publisher keeps every
/// old snapshot until it is the last to hold it, so that the signalling loop is not held up by destructors.
class SnapshotPublisher final {
public:
    explicit SnapshotPublisher(std::shared_ptr<const Snapshot> first = Snapshot::empty());

    [[nodiscard]] std::shared_ptr<const Snapshot> current() const;
    /// From its return on, current() gives `next`. Frees what nobody reads any more.
    void publish(std::shared_ptr<const Snapshot> next);
    /// Frees the old snapshots that nobody reads any more and says how many are still being read.
    std::size_t free_unused();

private:
    mutable std::mutex mutex_;  ///< Held for the copy of a pointer only.
    std::shared_ptr<const Snapshot> current_;
    std::vector<std::shared_ptr<const Snapshot>> retired_;  ///< Touched by the publishing thread only.
};

}  // namespace almon::model
