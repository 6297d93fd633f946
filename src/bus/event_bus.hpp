// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "bus/event.hpp"

namespace almon::bus {

/// Which alternatives of Event somebody wants: `EventKinds::of<CallEvent, ContactBound>()`.
struct EventKinds {
    std::uint32_t bits = 0;

    template <class... Kinds>
    [[nodiscard]] static constexpr EventKinds of() {
        return {((1u << Event(Kinds{}).index()) | ... | 0u)};
    }
    [[nodiscard]] bool include(const Event& event) const noexcept {
        return (bits >> event.index() & 1u) != 0;
    }
};

/// Events on their way to another loop. The bus puts in, the subscriber's loop takes out; nobody waits. When
/// it is full further events are dropped and counted: a subscriber that is too slow does not hold calls up.
class EventQueue final {
public:
    /// `wake` is called when the queue stops being empty, on the publishing thread: it may post to the
    /// subscriber's loop, not more.
    EventQueue(EventKinds kinds, std::size_t capacity, std::function<void()> wake);

    /// Everything that came since the last time.
    [[nodiscard]] std::vector<Event> take();
    /// Events that wait to be taken.
    [[nodiscard]] std::size_t size() const;
    /// Events that were dropped since the last time it was asked.
    [[nodiscard]] std::uint64_t take_dropped();

private:
    friend class EventBus;
    void push(const Event& event);

    const EventKinds kinds_;
    const std::size_t capacity_;
    const std::function<void()> wake_;
    mutable std::mutex mutex_;
    std::vector<Event> events_;
    std::uint64_t dropped_ = 0;
};

/// Hands every event of the call core to the journal first, then to whoever subscribed to its kind. Published
/// to by the signalling loop alone; anybody subscribes at any time.
class EventBus final : public EventSink {
public:
    /// @param journal lent; where events are kept before anybody else hears of them.
    explicit EventBus(EventSink& journal);

    /// From now on, until the queue is given up.
    [[nodiscard]] std::shared_ptr<EventQueue> subscribe(EventKinds kinds, std::size_t capacity,
                                                        std::function<void()> wake);
    void emit(Event event) override;

private:
    EventSink& journal_;
    std::mutex mutex_;
    std::vector<std::weak_ptr<EventQueue>> subscribers_;
};

}  // namespace almon::bus
