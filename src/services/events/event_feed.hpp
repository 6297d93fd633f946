// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "bus/event_bus.hpp"
#include "model/change.hpp"
#include "model/snapshot.hpp"
#include "services/events/call_figures.hpp"
#include "services/events/call_list.hpp"
#include "services/events/manager_events.hpp"
#include "services/events/message.hpp"

namespace almon::services {

/// Where phones are registered: addresses by URI, by SIP user name.
using Contacts = std::unordered_map<std::string, std::map<std::string, NetAddress>>;

/// What goes on, lent for the time of a question.
struct LiveView {
    const CallList& calls;
    const model::Snapshot& configuration;
    const Contacts& contacts;
    const CallFigures& figures;

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
    /// The same of what happens as the manager's clients read it.
    void listen_as_manager(std::function<void(const std::shared_ptr<const ami::Event>&)> take,
                           std::function<bool()> listens) {
        managers_.push_back({std::move(take), std::move(listens)});
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
    void publish(ami::Event event);

    /// Asks what goes on once all that has happened before this call is known, and waits for that: never from
    /// the call path. The question runs on the feed's thread. Refused (Unavailable) once the feed is stopped.
    [[nodiscard]] Result<void> ask(std::function<void(const LiveView&)> question);
    /// The same where the feed may have come to a halt: Unavailable too where it does not answer within
    /// `patience`. Then `question` may still run later, so it owns what it writes into.
    [[nodiscard]] Result<void> look(std::function<void(const LiveView&)> question,
                                    std::chrono::milliseconds patience);
    /// Events that wait for the feed. From start() to stop().
    [[nodiscard]] std::size_t waiting() const { return queue_->size(); }
    /// Events that were lost since the start as they came too fast.
    [[nodiscard]] std::uint64_t lost() const noexcept { return lost_; }

    /// Tells, on the feed's thread, what becomes of a call that CallCore::originate() has just made, on the
    /// core's thread. Not told where the feed stops before. Any thread.
    void await_answer(std::string call_id, AnswerWatch::Tell tell) {
        answers_.wait_for(std::move(call_id), std::move(tell));
    }

    [[nodiscard]] const std::string& installation_uuid() const noexcept {
        return settings_.installation_uuid;
    }

private:
    struct Waiting {
        std::shared_ptr<const model::Snapshot> configuration;  ///< The newest; null: as before.
        std::vector<Message> messages;
        std::vector<ami::Event> manager_events;
        std::vector<std::function<void(const LiveView&)>> questions;
        bool calls = false;  ///< There are events in the queue.
        bool stop = false;
    };

    struct Listener {
        TakeMessage take;
        std::function<bool()> listens;
    };

    struct ManagerListener {
        std::function<void(const std::shared_ptr<const ami::Event>&)> take;
        std::function<bool()> listens;
    };

    void run();
    void wake();
    /// Nothing: the feed is stopped.
    [[nodiscard]] std::optional<std::future<void>> put(std::function<void(const LiveView&)> question);
    [[nodiscard]] bool anybody_listens() const;
    [[nodiscard]] bool any_manager_listens() const;
    void tell_managers(ami::Event event) const;
    void take(const bus::Event& event);
    void take(const CallList::Change& change);
    void tell(const Message& message) const;
    void tell_call(const EventType& type, const ListedCall& call);
    void will_tell(const ListedCall& updated);
    void tell_updated();
    void tell_message(const bus::VoiceMessageChanged& changed);
    void look_at(model::LineId line);
    /// @param address null: it is gone.
    void contact(const std::string& username, const std::string& uri, const NetAddress* address);

    const Settings settings_;
    std::vector<Listener> listeners_;
    std::vector<ManagerListener> managers_;
    const TellManager tell_managers_ = [this](ami::Event event) { tell_managers(std::move(event)); };
    std::shared_ptr<bus::EventQueue> queue_;
    std::atomic<std::uint64_t> lost_ = 0;

    AnswerWatch answers_;

    std::mutex mutex_;
    std::condition_variable woken_;
    Waiting waiting_;
    std::thread thread_;

    // The thread's own from start() on.
    std::shared_ptr<const model::Snapshot> configuration_;
    CallList calls_;
    CallFigures figures_;
    std::vector<std::string> updated_;  ///< Calls that the batch under way has changed.
    Contacts contacts_;
    std::unordered_map<model::LineId, LineStatus> line_statuses_;  ///< As told last.
};

}  // namespace almon::services
