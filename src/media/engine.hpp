// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "base/net_address.hpp"
#include "base/result.hpp"
#include "media/commands.hpp"
#include "media/dtls_identity.hpp"
#include "media/traffic.hpp"

namespace almon::media {

class Housekeeper;
class ReadyPorts;
class Recorder;
class Worker;

struct Settings {
    /// Where RTP sockets are bound, port ignored. "::" takes IPv4 too. What parties are told is not the
    /// engine's business.
    NetAddress bind;
    /// Pairs begin at even ports; both limits are included.
    std::uint16_t first_port = 10000;
    std::uint16_t last_port = 20000;
    unsigned threads = 1;
    /// How long a port rests after its leg was closed.
    std::chrono::milliseconds quarantine{1000};
    /// Mean time between the RTCP reports of a leg (RFC 3550 6.2: five seconds or more).
    std::chrono::milliseconds report_interval{5000};
    /// What we prove ourselves with in DTLS-SRTP; null: that is not spoken.
    std::shared_ptr<const DtlsIdentity> identity{};
};

/// The media engine: RTP sockets, relay, playback, digits and statistics, on threads of its own. It is told
/// what to do by commands, from any thread and without waiting, and reports to the listener, on threads of
/// its own, several at once. Legs that are joined, or in one room, live on one thread; commands of one caller
/// are carried out in their order.
///
/// OpenLeg with a port that is not prepared, or a leg known already, is answered with LegClosed. Commands for
/// unknown legs are ignored. A playback that is stopped or replaced reports nothing; a leg that closes
/// reports LegClosed alone.
class Engine final : public CommandSink {
public:
    /// Starts the threads. `listener` must outlive the engine. Refuses settings that make no sense.
    [[nodiscard]] static Result<std::unique_ptr<Engine>> start(const Settings& settings,
                                                               EventListener& listener);
    ~Engine() override;
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    void command(Command command) override;
    void command_all(std::vector<Command>& commands) override;

    /// What the legs have counted; a tenth of a second may be missing.
    [[nodiscard]] TrafficReading traffic() const noexcept;

private:
    Engine(const Settings& settings, EventListener& listener);
    void carry_out(Command command);
    void wake_workers();
    void open(const OpenLeg& command);
    void join(const JoinLegs& command);
    void enter(const EnterRoom& command);
    void leave(const LeaveRoom& command);
    void play(PlayToRoom command);
    void close(const CloseLeg& command);
    /// Where a leg is, and in which room; 0: none.
    struct Place {
        std::size_t worker = 0;
        RoomId room{};
    };
    struct RoomPlace {
        std::size_t worker = 0;
        std::size_t legs = 0;
    };
    void move(LegId leg, Place& place, std::size_t worker);
    void leave_room(Place& place);
    template <class LegCommand>
    void forward(LegId leg, LegCommand command);
    template <class Order>
    void post(std::size_t worker, Order order);

    EventListener& listener_;
    std::unique_ptr<ReadyPorts> ready_ports_;
    std::unique_ptr<Housekeeper> housekeeper_;
    std::unique_ptr<Recorder> recorder_;
    std::vector<std::unique_ptr<Worker>> workers_;
    /// Taken by those who command only, never by a media thread.
    std::mutex routing_;
    std::unordered_map<LegId, Place> place_of_;
    std::unordered_map<RoomId, RoomPlace> rooms_;
    std::vector<std::size_t> legs_on_;
    std::vector<Worker*> to_wake_;  ///< Have orders that they do not know of yet.
};

}  // namespace almon::media
