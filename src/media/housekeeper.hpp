// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <variant>
#include <vector>

#include "media/commands.hpp"
#include "media/engine.hpp"
#include "media/port_pair.hpp"
#include "media/sound.hpp"

namespace almon::media {

class Worker;

/// Does on a thread of its own what may take time: binds sockets, takes them back, reads and encodes sounds.
class Housekeeper final {
public:
    Housekeeper(const Settings& settings, ReadyPorts& ready_ports, EventListener& listener);
    ~Housekeeper();
    Housekeeper(const Housekeeper&) = delete;
    Housekeeper& operator=(const Housekeeper&) = delete;

    void prepare(std::size_t count) { post(Prepare{count}); }
    /// Pairs whose quarantine is over.
    void take_back(std::vector<PortPair> pairs) { post(std::move(pairs)); }
    /// The worker hears of it by Worker::sound_ready().
    struct SoundRequest {
        Worker* worker = nullptr;
        LegId leg;
        PlaybackId playback;
        SoundCache::Source source;
        Law law = Law::A;
    };
    void request(SoundRequest request) { post(std::move(request)); }
    /// The worker hears of it by Worker::sound_ready(), where one of the places has a sound.
    struct RoomSoundRequest {
        Worker* worker = nullptr;
        RoomId room;
        std::vector<SoundCache::Source> places;
    };
    void request(RoomSoundRequest request) { post(std::move(request)); }

private:
    struct Prepare {
        std::size_t count = 0;
    };
    using Job = std::variant<Prepare, std::vector<PortPair>, SoundRequest, RoomSoundRequest>;

    void post(Job job);
    void run();
    void carry_out(Prepare job);
    void carry_out(std::vector<PortPair> pairs);
    void carry_out(const SoundRequest& job);
    void carry_out(const RoomSoundRequest& job);
    void announce(std::vector<PortPair> pairs);

    ReadyPorts& ready_ports_;
    EventListener& listener_;
    NetAddress host_;
    std::vector<std::uint16_t> unbound_;  ///< Ports of the range never bound so far; taken from the end.
    SoundCache sounds_;

    std::mutex mutex_;
    std::condition_variable work_;
    std::deque<Job> jobs_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace almon::media
