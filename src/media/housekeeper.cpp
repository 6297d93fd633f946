// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/housekeeper.hpp"

#include <utility>

#include "base/random.hpp"
#include "media/room.hpp"
#include "media/worker.hpp"

namespace almon::media {

namespace {

/// Calls wait for these: what is bound is told before all that was asked for is.
constexpr std::size_t kAnnouncedAtOnce = 16;

}  // namespace

Housekeeper::Housekeeper(const Settings& settings, ReadyPorts& ready_ports, EventListener& listener)
    : ready_ports_(ready_ports), listener_(listener), host_(settings.bind) {
    for (unsigned port = (settings.first_port + 1U) & ~1U; port + 1 <= settings.last_port; port += 2)
        unbound_.push_back(static_cast<std::uint16_t>(port));
    // The next port shall not be guessed from the last one.
    SystemRandom random;
    for (std::size_t i = unbound_.size(); i > 1; --i)
        std::swap(unbound_[i - 1], unbound_[random.below(i)]);
    thread_ = std::thread([this] { run(); });
}

Housekeeper::~Housekeeper() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    work_.notify_one();
    thread_.join();
}

void Housekeeper::post(Job job) {
    {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    work_.notify_one();
}

void Housekeeper::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        work_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
        if (stopping_) return;
        auto job = std::move(jobs_.front());
        jobs_.pop_front();
        lock.unlock();
        std::visit([this](auto& work) { carry_out(std::move(work)); }, job);
        lock.lock();
    }
}

void Housekeeper::carry_out(Prepare job) {
    std::vector<PortPair> pairs;
    std::string reason;
    for (std::size_t bound = 0; bound < job.count;) {
        if (unbound_.empty()) {
            reason = "all ports of the range are in use";
            break;
        }
        auto pair = PortPair::bind(host_, unbound_.back());
        if (!pair && pair.error().code != ErrorCode::Conflict) {
            reason = pair.error().field + ": " + pair.error().reason;
            break;
        }
        unbound_.pop_back();
        // Somebody else's port; it is skipped for good.
        if (!pair) continue;
        pairs.push_back(std::move(*pair));
        ++bound;
        if (pairs.size() == kAnnouncedAtOnce) announce(std::exchange(pairs, {}));
    }
    if (!pairs.empty()) announce(std::move(pairs));
    if (!reason.empty()) listener_.on_media({PortsExhausted{std::move(reason)}});
}

void Housekeeper::carry_out(std::vector<PortPair> pairs) {
    announce(std::move(pairs));
}

void Housekeeper::carry_out(const SoundRequest& job) {
    auto sound = sounds_.get(job.source, job.law);
    job.worker->sound_ready(job.leg, job.playback, sound ? std::move(*sound) : nullptr, job.law);
}

void Housekeeper::carry_out(const RoomSoundRequest& job) {
    for (const auto& place : job.places) {
        if (auto sound = sounds_.get(place, Room::kLawOfSounds))
            return job.worker->sound_ready(job.room, *std::move(sound));
    }
}

void Housekeeper::announce(std::vector<PortPair> pairs) {
    PortsReady ready;
    for (const auto& pair : pairs)
        ready.ports.push_back(pair.port);
    ready_ports_.put(std::move(pairs));
    listener_.on_media({std::move(ready)});
}

}  // namespace almon::media
