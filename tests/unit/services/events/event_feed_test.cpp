// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/events/event_feed.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>

#include <gtest/gtest.h>

#include "services/events/event_catalogue.hpp"

namespace almon::services {
namespace {

using enum bus::CallEventType;
namespace json = boost::json;

class NoJournal final : public bus::EventSink {
public:
    void emit(bus::Event) override {}
};

class EventFeedTest : public testing::Test {
protected:
    EventFeedTest() : bus(journal), feed({"installation"}, std::make_shared<const model::Snapshot>()) {
        feed.listen(
            [this](const Message& message) {
                const std::lock_guard lock(mutex);
                heard.push_back(message);
                said.notify_one();
            },
            [this] { return listens.load(); });
        feed.start(bus);
    }
    ~EventFeedTest() override { feed.stop(); }

    void emit(bus::CallEventType type, const std::string& id, std::uint64_t bridge = 0) {
        bus::CallEvent event;
        event.type = type;
        event.unique_id = id;
        event.bridge = bridge;
        bus.emit(bus::Event(event));
    }
    /// The data of the next message of that type that is about that call.
    json::object next(const EventType& type, std::string_view id) {
        std::unique_lock lock(mutex);
        while (true) {
            if (!said.wait_for(lock, std::chrono::seconds(10), [this] { return !heard.empty(); })) return {};
            const auto message = heard.front();
            heard.erase(heard.begin());
            auto data = json::parse(*message.body).at("data").as_object();
            if (message.name == type.name && data.at("call_id").as_string() == id) return data;
        }
    }

    /// A message of anybody's is told, whoever listens, at the beginning of a round.
    void await_round() {
        Message message;
        message.name = "round";
        feed.publish(message);
        std::unique_lock lock(mutex);
        ASSERT_TRUE(said.wait_for(lock, std::chrono::seconds(10), [this] { return !heard.empty(); }));
        EXPECT_EQ(heard.front().name, "round");
        heard.clear();
    }

    NoJournal journal;
    bus::EventBus bus;
    std::mutex mutex;
    std::condition_variable said;
    std::atomic<bool> listens = true;
    std::vector<Message> heard;
    EventFeed feed;
};

TEST_F(EventFeedTest, WhoWaitsInABridgeIsToldOfWhoComes) {
    emit(ChannelStart, "1.1");
    emit(ChannelStart, "1.2");
    emit(BridgeEnter, "1.1", 7);
    EXPECT_TRUE(next(events::kCallUpdated, "1.1").at("talking_to").as_object().empty());
    emit(BridgeEnter, "1.2", 7);
    EXPECT_TRUE(next(events::kCallUpdated, "1.1").at("talking_to").as_object().contains("1.2"));
}

TEST_F(EventFeedTest, ATalkThatWasOverAtOnceIsToldAllTheSame) {
    for (const auto* id : {"1.1", "1.2"}) {
        emit(ChannelStart, id);
        emit(BridgeEnter, id, 7);
    }
    emit(BridgeExit, "1.1", 7);
    emit(ChannelEnd, "1.1");
    EXPECT_TRUE(next(events::kCallUpdated, "1.1").at("talking_to").as_object().contains("1.2"));
    EXPECT_EQ(next(events::kCallEnded, "1.1").at("status").as_string(), "Down");
}

TEST_F(EventFeedTest, WhoBeginsToListenLateHearsWhatTheCallsAreByThen) {
    listens = false;
    emit(ChannelStart, "1.1");
    emit(BridgeEnter, "1.1", 7);
    await_round();
    await_round();  // what the first may have left to it
    listens = true;
    emit(ChannelStart, "1.2");
    emit(BridgeEnter, "1.2", 7);
    EXPECT_TRUE(next(events::kCallUpdated, "1.2").at("talking_to").as_object().contains("1.1"));
}

}  // namespace
}  // namespace almon::services
