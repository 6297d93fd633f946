// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "bus/event.hpp"
#include "media/commands.hpp"

namespace almon::simulation {

/// Reads the call events as a database would and says what no database should ever contain.
class CallEventCheck final {
public:
    void take(const bus::CallEvent& event);
    /// At the end of a run: every chain is closed.
    void finish();

    [[nodiscard]] const std::vector<std::string>& broken() const noexcept { return broken_; }
    [[nodiscard]] std::uint64_t chains_closed() const noexcept { return chains_closed_; }

private:
    struct ChannelState {
        bool hung_up = false;
        int bridges = 0;
        int answers = 0;
    };
    struct Chain {
        std::map<std::string, ChannelState> channels;
        std::set<std::string> ended;
    };
    void complain(const bus::CallEvent& event, const char* what);

    /// Moves a channel here whose chain has become part of this one.
    [[nodiscard]] bool moves_in(Chain& chain, const std::string& channel);

    std::unordered_map<std::string, Chain> open_;
    std::map<std::string, ChannelState> moving_;  ///< Of chains that ended by becoming part of another.
    std::vector<std::string> broken_;
    std::uint64_t chains_closed_ = 0;
};

/// A media engine that moves nothing, and checks that it is commanded with sense: ports taken once, legs
/// opened before use, closed once, joined to legs that exist.
class MediaCheck final {
public:
    MediaCheck(std::uint16_t first_port, std::uint16_t last_port)
        : next_port_(first_port), last_port_(last_port) {}

    /// Carries the command out; what the engine would report is appended to `reports`.
    void take(const media::Command& command, std::vector<media::Event>& reports);
    /// Legs that hear only silence now because their phone is gone.
    [[nodiscard]] std::vector<media::LegId> legs_towards(const NetAddress& host) const;
    [[nodiscard]] bool is_open(media::LegId leg) const { return legs_.contains(leg); }
    [[nodiscard]] std::size_t open_legs() const noexcept { return legs_.size(); }
    [[nodiscard]] const std::vector<std::string>& broken() const noexcept { return broken_; }

private:
    struct Leg {
        std::uint16_t port = 0;
        NetAddress remote;
        media::LegId joined;
        media::RoomId room;
    };
    Leg* leg(media::LegId id, const char* command);

    std::uint16_t next_port_;
    std::uint16_t last_port_;
    std::set<std::uint16_t> ready_;
    std::map<media::LegId, Leg> legs_;
    std::vector<std::string> broken_;
};

}  // namespace almon::simulation
