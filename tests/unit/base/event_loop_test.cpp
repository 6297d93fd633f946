// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/event_loop.hpp"

#include <future>
#include <vector>

#include <gtest/gtest.h>

namespace almon {
namespace {

TEST(EventLoop, RunsWhatIsPosted_InOrder_OnItsOwnThread) {
    EventLoop loop("test");
    std::vector<int> order;
    std::promise<bool> done;
    for (int number = 0; number < 100; ++number)
        loop.post([&order, number] { order.push_back(number); });
    loop.post([&] { done.set_value(loop.on_this_thread()); });
    EXPECT_TRUE(done.get_future().get());
    EXPECT_FALSE(loop.on_this_thread());
    ASSERT_EQ(order.size(), 100u);
    for (int number = 0; number < 100; ++number)
        EXPECT_EQ(order[static_cast<std::size_t>(number)], number);
}

TEST(EventLoop, EndsWithTasksLeft) {
    EventLoop loop("test");
    for (int number = 0; number < 1000; ++number)
        loop.post([] {});
}

}  // namespace
}  // namespace almon
