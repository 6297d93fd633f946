// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/events/event_feed.hpp"

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
        feed.listen([this](const Message& message) {
            const std::lock_guard lock(mutex);
            heard.push_back(message);
            said.notify_one();
        });
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

    NoJournal journal;
    bus::EventBus bus;
    std::mutex mutex;
    std::condition_variable said;
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

}  // namespace
}  // namespace almon::services
