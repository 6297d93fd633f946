// SPDX-License-Identifier: GPL-3.0-or-later
#include "bus/event_bus.hpp"

#include <utility>

namespace almon::bus {

EventQueue::EventQueue(EventKinds kinds, std::size_t capacity, std::function<void()> wake)
    : kinds_(kinds), capacity_(capacity), wake_(std::move(wake)) {}

std::vector<Event> EventQueue::take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(events_, {});
}

std::size_t EventQueue::size() const {
    const std::lock_guard lock(mutex_);
    return events_.size();
}

std::uint64_t EventQueue::take_dropped() {
    const std::lock_guard lock(mutex_);
    return std::exchange(dropped_, 0);
}

void EventQueue::push(const Event& event) {
    if (!kinds_.include(event)) return;
    {
        const std::lock_guard lock(mutex_);
        if (events_.size() >= capacity_) {
            ++dropped_;
            return;
        }
        events_.push_back(event);
        if (events_.size() > 1) return;  // woken already
    }
    if (wake_) wake_();
}

EventBus::EventBus(EventSink& journal) : journal_(journal) {}

std::shared_ptr<EventQueue> EventBus::subscribe(EventKinds kinds, std::size_t capacity,
                                                std::function<void()> wake) {
    auto queue = std::make_shared<EventQueue>(kinds, capacity, std::move(wake));
    const std::lock_guard lock(mutex_);
    std::erase_if(subscribers_, [](const auto& subscriber) { return subscriber.expired(); });
    subscribers_.push_back(queue);
    return queue;
}

void EventBus::emit(Event event) {
    {
        const std::lock_guard lock(mutex_);
        for (const auto& subscriber : subscribers_) {
            if (const auto queue = subscriber.lock()) queue->push(event);
        }
    }
    journal_.emit(std::move(event));
}

}  // namespace almon::bus
