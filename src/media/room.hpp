// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "media/commands.hpp"
#include "media/g711.hpp"
#include "media/jitter_buffer.hpp"
#include "media/sound.hpp"

namespace almon::media {

class Leg;
class Room;
struct Step;

/// A leg's place in a room.
struct Seat {
    Seat(Room& its_room, std::size_t frame) : room(its_room), buffer(frame), said(frame) {}

    Room& room;
    JitterBuffer buffer;
    std::vector<std::int16_t> said;  ///< In this frame.
    bool is_muted = false;
    bool is_heard = false;  ///< It says something in this frame, and is part of the sum.
    int quiet_frames = 0;   ///< Since it was loud last.
    int talking = 0;        ///< Factors of its voice and of its ears, where 256 changes nothing.
    int hearing = 0;
    std::optional<Law> law;   ///< That it is sent.
    bool is_encoded = false;  ///< It is sent another codec of ours; else, without a law, it hears nothing.
    std::uint8_t payload_type = 0;
    bool is_contiguous = false;  ///< The packet before was of the room too.
};

/// Where many hear each other: each frame of 20 ms is added up once, and everybody is sent the sum less his
/// own part. Who says nothing, or has a muted microphone, is not added: the noise of 300 silent rooms would
/// be one loud one, and all who are silent are sent the same, encoded once. Owned and used by one media
/// thread, like its legs. Nothing here allocates for a frame.
class Room final {
public:
    /// Of the sounds that it plays.
    static constexpr Law kLawOfSounds = Law::A;

    /// @param rate of all who are in it, Hz: that of G.711 as long as nothing else is decoded.
    explicit Room(RoomId id, unsigned rate = 8000);

    [[nodiscard]] RoomId id() const noexcept { return id_; }
    [[nodiscard]] bool empty() const noexcept { return legs_.empty(); }
    [[nodiscard]] std::size_t frame() const noexcept { return sum_.size(); }

    /// Called by the leg.
    void enter(Leg& leg) { legs_.push_back(&leg); }
    void leave(Leg& leg) noexcept { std::erase(legs_, &leg); }
    /// Everybody hears it, behind what is being played.
    void play(std::shared_ptr<const Sound> sound) { sounds_.push_back(std::move(sound)); }
    /// Takes from everybody, and sends to everybody.
    void tick(const Step& step);

private:
    void listen(Seat& seat) noexcept;
    void add_sound() noexcept;
    [[nodiscard]] std::int16_t heard_by(const Seat& seat, std::size_t at) const noexcept;
    void encode(const Seat& seat, std::span<std::uint8_t> codes) const noexcept;

    RoomId id_;
    std::vector<Leg*> legs_;
    std::vector<std::int32_t> sum_;
    std::deque<std::shared_ptr<const Sound>> sounds_;
    std::size_t position_ = 0;  ///< In the first of them.
};

/// What is louder than a telephone can say is pressed rather than cut, from 3 dB below full scale on.
[[nodiscard]] std::int16_t limited(std::int32_t sample) noexcept;

}  // namespace almon::media
