// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/system_clock.hpp"
#include "bus/event_bus.hpp"
#include "services/amid/manager_actions.hpp"
#include "support/call_office.hpp"

namespace almon::services {

class NoJournal final : public bus::EventSink {
public:
    void emit(bus::Event) override {}
};

/// The desk of the manager and of the command line, over the call core of a small office.
class ManagerDeskTest : public testing::Test {
protected:
    ManagerDeskTest() : bus(journal), feed({"installation"}, office.snapshot) {
        feed.listen_as_manager(
            [this](const std::shared_ptr<const ami::Event>& event) {
                const std::lock_guard lock(mutex);
                heard.push_back(*event);
            },
            [] { return true; });
        feed.start(bus);
    }
    ~ManagerDeskTest() override { feed.stop(); }

    /// What has happened in the office goes to the bus.
    void publish() {
        for (; published < office.events.events.size(); ++published)
            bus.emit(office.events.events[published]);
    }
    /// Waits until the feed knows of it.
    void settle() {
        publish();
        ASSERT_TRUE(feed.ask([](const LiveView&) {}));
    }
    void begin(const ami::Message& message) {
        publish();
        const auto* action = manager_action(message.find("Action"));
        ASSERT_NE(action, nullptr);
        action->perform(desk, message, [this](ami::Reply reply) {
            const std::lock_guard lock(mutex);
            answers.push_back(std::move(reply));
        });
        publish();
    }
    ami::Reply ask(const ami::Message& message) {
        begin(message);
        const std::lock_guard lock(mutex);
        EXPECT_FALSE(answers.empty()) << "no answer yet";
        if (answers.empty()) return {};
        auto last = std::move(answers.back());
        answers.clear();
        return last;
    }
    std::string message_of(const ami::Message& message) {
        return std::string(ask(message).response.find("Message"));
    }
    /// The events so far, and forgets them.
    std::vector<ami::Event> take_heard() {
        settle();
        const std::lock_guard lock(mutex);
        return std::exchange(heard, {});
    }
    std::vector<std::string> names_heard() {
        std::vector<std::string> names;
        for (const auto& event : take_heard())
            names.push_back(event.name);
        return names;
    }
    /// Alice talks to Bob, whom she has called.
    void talk() {
        office.call("alice", "1002");
        office.answer(office.invited(0));
    }

    test::CallOffice office;
    NoJournal journal;
    bus::EventBus bus;
    std::mutex mutex;
    std::vector<ami::Event> heard;
    std::vector<ami::Reply> answers;
    std::size_t published = 0;
    EventFeed feed;
    ManagerDesk desk{feed,
                     [this](const std::function<void(pbx::CallCore&)>& what) -> Result<void> {
                         office.order([&](pbx::CallCore& core) {
                             what(core);
                             return 0;
                         });
                         publish();
                         return {};
                     },
                     [this] { return office.snapshot; },
                     [] { return system_now().utc; },
                     "9.9",
                     "office",
                     system_now().utc,
                     50};
};

}  // namespace almon::services
