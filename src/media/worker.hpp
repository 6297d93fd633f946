// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/random.hpp"
#include "media/commands.hpp"
#include "media/engine.hpp"
#include "media/leg.hpp"
#include "media/port_pair.hpp"
#include "media/room.hpp"
#include "media/traffic.hpp"

namespace almon::media {

class Housekeeper;

/// One media thread: an epoll loop that owns its legs. Others only put orders into its queue.
class Worker final {
public:
    Worker(const Settings& settings, Housekeeper& housekeeper, Recorder& recorder, EventListener& listener);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// A leg to be opened on sockets that were prepared.
    struct Open {
        LegId leg;
        PortPair ports;
    };
    /// Gives a leg up to another worker, which is told to Expect it in the same breath.
    struct Release {
        LegId leg;
        Worker* to = nullptr;
    };
    /// Further orders wait until the leg has come.
    struct Expect {
        LegId leg;
    };
    using Order =
        std::variant<Open, Release, Expect, ConfigureLeg, JoinLegs, SeparateLegs, EnterRoom, LeaveRoom, Play,
                     StopPlaying, PlayToRoom, SendDigit, Record, StopRecording, CloseLeg>;

    /// False where the system gave no descriptors for the loop.
    [[nodiscard]] bool working() const noexcept { return epoll_ && mail_ && timer_; }
    /// True where wake() is due: once for all that is put in until the thread has taken it.
    [[nodiscard]] bool enqueue(Order order);
    void wake() noexcept;
    void sound_ready(LegId leg, PlaybackId playback, std::shared_ptr<const Sound> sound, Law law);
    void sound_ready(RoomId room, std::shared_ptr<const Sound> sound);
    /// Of the legs that were here; any thread.
    [[nodiscard]] const Traffic& traffic() const noexcept { return traffic_; }
    /// Ends the thread; called once, before anything the worker knows is destroyed.
    void stop();

private:
    /// A leg on its way here; null where it was closed meanwhile.
    struct Parcel {
        LegId id;
        std::unique_ptr<Leg> leg;
    };
    struct ReadySound {
        LegId leg;
        PlaybackId playback;
        std::shared_ptr<const Sound> sound;
        Law law = Law::A;
    };
    struct ReadyRoomSound {
        RoomId room;
        std::shared_ptr<const Sound> sound;
    };
    struct Quarantined {
        PortPair ports;
        Instant until;
    };

    void run();
    void prefetch(std::uint64_t key) const noexcept;
    void handle_sockets(int ready);
    void take_mail();
    /// False: it must wait, with all behind it.
    bool carry_out(Order& order);
    bool carry_out(Open& order);
    bool carry_out(const Release& order);
    bool carry_out(const Expect& order);
    bool carry_out(const ConfigureLeg& order);
    bool carry_out(const JoinLegs& order);
    bool carry_out(const SeparateLegs& order);
    bool carry_out(const EnterRoom& order);
    bool carry_out(const LeaveRoom& order);
    bool carry_out(const Play& order);
    bool carry_out(const StopPlaying& order);
    bool carry_out(PlayToRoom& order);
    bool carry_out(const SendDigit& order);
    bool carry_out(const Record& order);
    bool carry_out(const StopRecording& order);
    bool carry_out(const CloseLeg& order);
    void send_parcel(Parcel parcel);

    void adopt(std::unique_ptr<Leg> leg);
    std::unique_ptr<Leg> detach(LegId id);
    [[nodiscard]] Leg* find(LegId id) noexcept;
    void forget_empty_rooms();
    void request_sound(Leg& leg);
    void keep_ticking(const Leg& leg);
    void tick();
    void housekeep();
    void set_ticking(bool on) noexcept;
    [[nodiscard]] int wait_time() const noexcept;
    [[nodiscard]] Step step() noexcept {
        return {now_, recorder_, events_, random_, cname_, settings_.report_interval, settings_.identity};
    }
    void refresh_time() noexcept;
    void report();

    Settings settings_;
    Housekeeper& housekeeper_;
    Recorder& recorder_;
    EventListener& listener_;
    SystemRandom random_;
    std::string cname_;

    Descriptor epoll_;
    Descriptor mail_;   ///< eventfd: something is in the queue.
    Descriptor timer_;  ///< timerfd: each 20 ms while a leg plays, or is in a room.

    Traffic traffic_;

    // The queue: with the figures the only thing shared with other threads.
    std::mutex mutex_;
    std::vector<Order> incoming_;
    std::vector<Parcel> incoming_parcels_;
    std::vector<ReadySound> incoming_sounds_;
    std::vector<ReadyRoomSound> incoming_room_sounds_;
    bool stopping_ = false;

    // The thread's own.
    std::deque<Order> orders_;
    std::vector<Order> taken_;
    std::vector<Parcel> parcels_;
    std::vector<ReadySound> sounds_;
    std::vector<ReadyRoomSound> room_sounds_;
    std::unordered_map<RoomId, Room> rooms_;  ///< Before the legs, which know them.
    std::vector<std::unique_ptr<Leg>> slots_;
    std::vector<std::uint32_t> free_slots_;
    std::unordered_map<LegId, std::uint32_t> slot_of_;
    std::vector<LegId> ticking_;
    std::deque<Quarantined> quarantine_;
    std::vector<Event> events_;
    Leg::Buffer buffer_;
    Instant now_{};
    Instant next_housekeeping_{};
    std::optional<Instant> report_by_;
    bool timer_armed_ = false;
    bool running_ = true;
    std::thread thread_;
};

}  // namespace almon::media
