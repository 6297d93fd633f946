// SPDX-License-Identifier: GPL-3.0-or-later
#include "bus/event_bus.hpp"

#include <gtest/gtest.h>

namespace almon::bus {
namespace {

class Recorder final : public EventSink {
public:
    void emit(Event event) override { events.push_back(std::move(event)); }
    std::vector<Event> events;
};

class EventBusTest : public testing::Test {
protected:
    Recorder journal;
    EventBus bus{journal};
};

TEST_F(EventBusTest, TheJournalGetsEverything_SubscribersTheKindsTheyAskedFor) {
    const auto calls = bus.subscribe(EventKinds::of<CallEvent>(), 10, {});
    const auto contacts = bus.subscribe(EventKinds::of<ContactBound, ContactRemoved>(), 10, {});
    bus.emit(CallEvent{});
    bus.emit(ContactRemoved{"alice", "sip:a"});
    EXPECT_EQ(journal.events.size(), 2u);
    const auto heard = calls->take();
    ASSERT_EQ(heard.size(), 1u);
    EXPECT_TRUE(std::holds_alternative<CallEvent>(heard[0]));
    EXPECT_EQ(contacts->take().size(), 1u);
    EXPECT_TRUE(contacts->take().empty());
}

TEST_F(EventBusTest, ASubscriberIsWokenOnceUntilItTakes) {
    int woken = 0;
    const auto calls = bus.subscribe(EventKinds::of<CallEvent>(), 10, [&] { ++woken; });
    bus.emit(CallEvent{});
    bus.emit(CallEvent{});
    EXPECT_EQ(woken, 1);
    EXPECT_EQ(calls->take().size(), 2u);
    bus.emit(CallEvent{});
    EXPECT_EQ(woken, 2);
}

TEST_F(EventBusTest, ASlowSubscriberLosesEventsAndCanTell) {
    const auto calls = bus.subscribe(EventKinds::of<CallEvent>(), 2, {});
    for (int number = 0; number < 5; ++number)
        bus.emit(CallEvent{});
    EXPECT_EQ(calls->size(), 2u);
    EXPECT_EQ(calls->take().size(), 2u);
    EXPECT_EQ(calls->size(), 0u);
    EXPECT_EQ(calls->take_dropped(), 3u);
    EXPECT_EQ(calls->take_dropped(), 0u);
    EXPECT_EQ(journal.events.size(), 5u);
}

TEST_F(EventBusTest, WhoGivesUpItsQueueHearsNothingMore) {
    int woken = 0;
    auto calls = bus.subscribe(EventKinds::of<CallEvent>(), 2, [&] { ++woken; });
    calls.reset();
    bus.emit(CallEvent{});
    EXPECT_EQ(woken, 0);
}

}  // namespace
}  // namespace almon::bus
