// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/timer_queue.hpp"

#include <map>
#include <string>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace almon {
namespace {

using Queue = TimerQueue<std::string>;

Instant at(int milliseconds) {
    return Instant{std::chrono::milliseconds(milliseconds)};
}

TEST(TimerQueueTest, TimersFireInTheOrderOfTheirDeadlines) {
    Queue queue;
    queue.start(at(30), "third");
    queue.start(at(10), "first");
    queue.start(at(20), "second");
    EXPECT_EQ(queue.next_deadline(), at(10));
    EXPECT_EQ(queue.take_due(at(25))->second, "first");
    EXPECT_EQ(queue.take_due(at(25))->second, "second");
    EXPECT_FALSE(queue.take_due(at(25)));
    EXPECT_EQ(queue.next_deadline(), at(30));
    EXPECT_EQ(queue.size(), 1U);
}

TEST(TimerQueueTest, TimersOfOneInstantFireInTheOrderInWhichTheyWereStarted) {
    Queue queue;
    for (int i = 0; i < 100; ++i)
        queue.start(at(10), std::to_string(i));
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(queue.take_due(at(10))->second, std::to_string(i));
}

TEST(TimerQueueTest, AStoppedTimerDoesNotFireAndItsIdIsCleared) {
    Queue queue;
    TimerId first = queue.start(at(10), "first");
    TimerId copy = first;
    queue.start(at(20), "second");
    EXPECT_TRUE(queue.stop(first));
    EXPECT_FALSE(first);
    EXPECT_FALSE(queue.stop(copy));
    EXPECT_FALSE(copy);
    EXPECT_EQ(queue.take_due(at(20))->second, "second");
    EXPECT_FALSE(queue.next_deadline());
}

TEST(TimerQueueTest, AnIdIsNeverReused) {
    Queue queue;
    TimerId first = queue.start(at(10), "first");
    const TimerId kept = first;
    queue.stop(first);
    EXPECT_NE(queue.start(at(10), "second"), kept);
    TimerId stale = kept;
    EXPECT_FALSE(queue.stop(stale));
    EXPECT_EQ(queue.size(), 1U);
}

TEST(TimerQueueTest, ItBehavesLikeASortedMapWhateverHappensAndSoDoesItsCopyFromBytes) {
    SeededRandom random(5);
    Queue queue;
    std::map<std::pair<Instant, TimerId>, std::string> model;
    std::map<TimerId, Instant> deadlines;
    int now = 0;
    for (int step = 0; step < 20'000; ++step) {
        const auto what = random.below(10);
        if (what < 5) {
            const Instant deadline = at(now + static_cast<int>(random.below(500)));
            const TimerId id = queue.start(deadline, std::to_string(step));
            model.emplace(std::pair{deadline, id}, std::to_string(step));
            deadlines.emplace(id, deadline);
        } else if (what < 8 && !deadlines.empty()) {
            auto chosen = deadlines.lower_bound(TimerId{random.below(deadlines.rbegin()->first.value) + 1});
            if (chosen == deadlines.end()) chosen = deadlines.begin();
            TimerId id = chosen->first;
            model.erase({chosen->second, id});
            deadlines.erase(chosen);
            EXPECT_TRUE(queue.stop(id));
        } else if (what == 8) {
            now += static_cast<int>(random.below(20));
            while (const auto due = queue.take_due(at(now))) {
                ASSERT_FALSE(model.empty());
                EXPECT_EQ(due->first, model.begin()->first.second);
                EXPECT_EQ(due->second, model.begin()->second);
                deadlines.erase(due->first);
                model.erase(model.begin());
            }
            EXPECT_TRUE(model.empty() || model.begin()->first.first > at(now));
        } else if (step % 100 == 0) {
            Archive archive;
            archive.put(queue);
            queue = {};
            ArchiveReader reader(archive.bytes());
            reader.get(queue);
            EXPECT_TRUE(reader.ok() && reader.at_end());
            Archive again;
            again.put(queue);
            EXPECT_EQ(archive.bytes(), again.bytes());
        }
        ASSERT_EQ(queue.size(), model.size());
    }
}

}  // namespace
}  // namespace almon
