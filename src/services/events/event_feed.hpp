// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "bus/event_bus.hpp"
#include "model/change.hpp"
#include "model/snapshot.hpp"
#include "services/events/call_list.hpp"
#include "services/events/message.hpp"

namespace almon::services {

/// What goes on, lent for the time of a question.
struct LiveView {
    const CallList& calls;
    const model::Snapshot& configuration;
    const std::unordered_map<std::string, std::set<std::string>>& contacts;  ///< URIs by SIP user name.

    [[nodiscard]] LineStatus status_of(const model::Line& line) const;
};

/// Makes messages to programs out of what happens: to calls, to phones, to the configuration. Where they go
/// is the business of those who listen. It hears of calls over a queue of the bus and never holds them up;
/// what it cannot take in time is lost, counted and logged.
class EventFeed final {
public:
    struct Settings {
        std::string installation_uuid;
        /// Events of calls that wait for the feed at most.
        std::size_t most_waiting = 100'000;
    };

    EventFeed(Settings settings, std::shared_ptr<const model::Snapshot> configuration);
    ~EventFeed();
    EventFeed(const EventFeed&) = delete;
    EventFeed& operator=(const EventFeed&) = delete;

    /// `take` is called with each message, in order, on the feed's thread: it must not wait. `listens` says
    /// whether anybody would hear one now: what nobody hears is not made. Before start().
    void listen(TakeMessage take, std::function<bool()> listens) {
        listeners_.push_back({std::move(take), std::move(listens)});
    }
    /// Before start(): phones that are registered already.
    void know_contacts(const std::vector<bus::StoredContact>& contacts);
    /// Begins to follow the bus, on a thread of its own.
    void start(bus::EventBus& bus);
    /// Tells what is left, then ends the thread.
    void stop();

    /// The configuration has changed, as ConfigurationStore::listen() says it. Any thread.
    void configuration_changed(std::shared_ptr<const model::Snapshot> snapshot, const model::Change& change);
    /// A message from elsewhere in the program. Any thread.
    void publish(Message message);

    /// Asks what goes on once all that has happened before this call is known, and waits for that: never from
    /// the call path. The question runs on the feed's thread. Refused (Unavailable) once the feed is stopped.
    [[nodiscard]] Result<void> ask(std::function<void(const LiveView&)> question);

    [[nodiscard]] const std::string& installation_uuid() const noexcept {
        return settings_.installation_uuid;
    }

private:
    struct Waiting {
        std::shared_ptr<const model::Snapshot> configuration;  ///< The newest; null: as before.
        std::vector<Message> messages;
        std::vector<std::function<void(const LiveView&)>> questions;
        bool calls = false;  ///< There are events in the queue.
        bool stop = false;
    };

    struct Listener {
        TakeMessage take;
        std::function<bool()> listens;
    };

    void run();
    void wake();
    [[nodiscard]] bool anybody_listens() const;
    void take(const bus::Event& event);
    void take(const CallList::Change& change);
    void tell(const Message& message) const;
    void tell_call(const EventType& type, const ListedCall& call);
    void will_tell(const ListedCall& updated);
    void tell_updated();
    void tell_message(const bus::VoiceMessageChanged& changed);
    void look_at(model::LineId line);
    void contact(const std::string& username, const std::string& uri, bool bound);

    const Settings settings_;
    std::vector<Listener> listeners_;
    std::shared_ptr<bus::EventQueue> queue_;

    std::mutex mutex_;
    std::condition_variable woken_;
    Waiting waiting_;
    std::thread thread_;

    // The thread's own from start() on.
    std::shared_ptr<const model::Snapshot> configuration_;
    CallList calls_;
    std::vector<std::string> updated_;  ///< Calls that the batch under way has changed.
    std::unordered_map<std::string, std::set<std::string>> contacts_;  ///< URIs by SIP user name.
    std::unordered_map<model::LineId, LineStatus> line_statuses_;      ///< As told last.
};

}  // namespace almon::services
