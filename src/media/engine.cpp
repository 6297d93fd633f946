// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/engine.hpp"

#include <algorithm>
#include <utility>

#include "base/overload.hpp"
#include "media/housekeeper.hpp"
#include "media/port_pair.hpp"
#include "media/recorder.hpp"
#include "media/worker.hpp"

namespace almon::media {

Result<std::unique_ptr<Engine>> Engine::start(const Settings& settings, EventListener& listener) {
    if (settings.first_port == 0 || settings.last_port <= settings.first_port)
        return refuse(ErrorCode::InvalidArgument, "ports", "the range must hold at least one pair of ports");
    if (settings.threads == 0 || settings.threads > 256)
        return refuse(ErrorCode::InvalidArgument, "threads", "must be 1 to 256");
    if (settings.report_interval.count() <= 0 || settings.quarantine.count() < 0)
        return refuse(ErrorCode::InvalidArgument, "intervals", "must not be negative");
    std::unique_ptr<Engine> engine(new Engine(settings, listener));
    if (!std::ranges::all_of(engine->workers_, [](const auto& worker) { return worker->working(); }))
        return refuse(ErrorCode::Unavailable, "threads", "the system gives no more file descriptors");
    return engine;
}

Engine::Engine(const Settings& settings, EventListener& listener)
    : listener_(listener),
      ready_ports_(std::make_unique<ReadyPorts>()),
      housekeeper_(std::make_unique<Housekeeper>(settings, *ready_ports_, listener)),
      recorder_(std::make_unique<Recorder>(listener)),
      legs_on_(settings.threads, 0) {
    for (unsigned i = 0; i < settings.threads; ++i)
        workers_.push_back(std::make_unique<Worker>(settings, *housekeeper_, *recorder_, listener));
}

Engine::~Engine() {
    // Threads first, in the direction in which they ask each other for things.
    for (const auto& worker : workers_)
        worker->stop();
    housekeeper_.reset();
    recorder_.reset();
}

void Engine::command(Command command) {
    carry_out(std::move(command));
    wake_workers();
}

void Engine::command_all(std::vector<Command>& commands) {
    for (auto& each : commands)
        carry_out(std::move(each));
    commands.clear();
    wake_workers();
}

TrafficReading Engine::traffic() const noexcept {
    TrafficReading all;
    for (const auto& worker : workers_) {
        const auto& counted = worker->traffic();
        all.received += counted.received;
        all.sent += counted.sent;
        all.lost += counted.lost;
        all.lost_remote += counted.lost_remote;
        all.refused += counted.refused;
    }
    return all;
}

/// A worker that were woken at its first order would sleep again before it has the last.
void Engine::wake_workers() {
    const std::lock_guard lock(routing_);
    for (auto* const worker : to_wake_)
        worker->wake();
    to_wake_.clear();
}

/// Under routing_.
template <class Order>
void Engine::post(std::size_t worker, Order order) {
    if (workers_[worker]->enqueue(std::move(order))) to_wake_.push_back(workers_[worker].get());
}

void Engine::carry_out(Command command) {
    std::visit(Overload{
                   [this](PreparePorts each) { housekeeper_->prepare(each.count); },
                   [this](MoveRecording each) { recorder_->move(std::move(each)); },
                   [this](OpenLeg each) { open(each); },
                   [this](CloseLeg each) { close(each); },
                   [this](JoinLegs each) { join(each); },
                   [this](EnterRoom each) { enter(each); },
                   [this](LeaveRoom each) { leave(each); },
                   [this](PlayToRoom each) { play(std::move(each)); },
                   [this](SeparateLegs each) { forward(each.first, each); },
                   [this](auto each) {
                       const auto leg = each.leg;
                       forward(leg, std::move(each));
                   },
               },
               std::move(command));
}

template <class LegCommand>
void Engine::forward(LegId leg, LegCommand command) {
    const std::lock_guard lock(routing_);
    const auto found = place_of_.find(leg);
    if (found != place_of_.end()) post(found->second.worker, std::move(command));
}

void Engine::open(const OpenLeg& command) {
    {
        const std::lock_guard lock(routing_);
        if (!place_of_.contains(command.leg)) {
            if (auto ports = ready_ports_->take(command.port)) {
                // What came while the port belonged to nobody is not for this leg; what comes from now on is,
                // though its worker may take a while: the phone may have been told already.
                ports->drain();
                const auto idlest =
                    static_cast<std::size_t>(std::ranges::min_element(legs_on_) - legs_on_.begin());
                place_of_.emplace(command.leg, Place{idlest});
                ++legs_on_[idlest];
                post(idlest, Worker::Open{command.leg, std::move(*ports)});
                return;
            }
        }
    }
    listener_.on_media({LegClosed{command.leg, {}}});
}

void Engine::close(const CloseLeg& command) {
    const std::lock_guard lock(routing_);
    const auto found = place_of_.find(command.leg);
    if (found == place_of_.end()) return;
    leave_room(found->second);
    post(found->second.worker, command);
    --legs_on_[found->second.worker];
    place_of_.erase(found);
}

/// Under routing_: both orders are given under one lock, so that all threads see moves in one order and none
/// waits for ever.
void Engine::move(LegId leg, Place& place, std::size_t worker) {
    if (place.worker == worker) return;
    post(place.worker, Worker::Release{leg, workers_[worker].get()});
    post(worker, Worker::Expect{leg});
    --legs_on_[place.worker];
    ++legs_on_[worker];
    place.worker = worker;
}

/// Under routing_.
void Engine::leave_room(Place& place) {
    const auto room = rooms_.find(std::exchange(place.room, RoomId{}));
    if (room != rooms_.end() && --room->second.legs == 0) rooms_.erase(room);
}

void Engine::join(const JoinLegs& command) {
    const std::lock_guard lock(routing_);
    const auto first = place_of_.find(command.first);
    const auto second = place_of_.find(command.second);
    if (first == place_of_.end() || second == place_of_.end() || command.first == command.second) return;
    leave_room(first->second);
    leave_room(second->second);
    move(command.second, second->second, first->second.worker);
    post(first->second.worker, command);
}

void Engine::enter(const EnterRoom& command) {
    const std::lock_guard lock(routing_);
    const auto found = place_of_.find(command.leg);
    if (found == place_of_.end()) return;
    auto& place = found->second;
    if (place.room != command.room) {
        leave_room(place);
        auto& room = rooms_.try_emplace(command.room, RoomPlace{place.worker}).first->second;
        ++room.legs;
        place.room = command.room;
        move(command.leg, place, room.worker);
    }
    post(place.worker, command);
}

void Engine::leave(const LeaveRoom& command) {
    const std::lock_guard lock(routing_);
    const auto found = place_of_.find(command.leg);
    if (found == place_of_.end()) return;
    leave_room(found->second);
    post(found->second.worker, command);
}

void Engine::play(PlayToRoom command) {
    const std::lock_guard lock(routing_);
    const auto room = rooms_.find(command.room);
    if (room != rooms_.end()) post(room->second.worker, std::move(command));
}

}  // namespace almon::media
