// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/snapshot_publisher.hpp"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

namespace almon::model {
namespace {

std::shared_ptr<const Snapshot> at_change(std::uint64_t number) {
    return SnapshotBuilder(*Snapshot::empty()).build(number);
}

TEST(SnapshotPublisher, StartsWithTheEmptySnapshot) {
    EXPECT_EQ(SnapshotPublisher().current()->change(), 0u);
}

TEST(SnapshotPublisher, ThePublishedSnapshotIsInForceAtOnce) {
    SnapshotPublisher publisher;
    publisher.publish(at_change(1));
    EXPECT_EQ(publisher.current()->change(), 1u);
}

TEST(SnapshotPublisher, AnOldSnapshotLivesWhileItIsReadAndIsFreedByThePublisher) {
    SnapshotPublisher publisher(at_change(1));
    auto reader = publisher.current();
    const std::weak_ptr<const Snapshot> old = reader;
    publisher.publish(at_change(2));
    EXPECT_EQ(publisher.free_unused(), 1u);
    reader.reset();  // as the signalling loop does: frees nothing
    EXPECT_FALSE(old.expired());
    EXPECT_EQ(publisher.free_unused(), 0u);
    EXPECT_TRUE(old.expired());
}

TEST(SnapshotPublisher, AReaderNeverSeesTimeGoBack) {
    SnapshotPublisher publisher;
    std::atomic<bool> done{false};
    std::thread reader([&] {
        std::uint64_t last = 0;
        while (!done) {
            const auto now = publisher.current()->change();
            EXPECT_GE(now, last);
            last = now;
        }
    });
    for (std::uint64_t number = 1; number <= 2000; ++number)
        publisher.publish(at_change(number));
    done = true;
    reader.join();
}

}  // namespace
}  // namespace almon::model
