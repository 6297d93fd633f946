// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "media/codec.hpp"
#include "media/packetizer.hpp"
#include "media/rtp_packet.hpp"

namespace almon::media {

/// One way of a conversation whose parties share no codec: decode, resample where needed, encode. It waits
/// for nothing: a packet that comes makes those that are full then, and what was lost before it is concealed;
/// a packet that was overtaken is lost. Pauses of the sender remain pauses. Nothing allocates but making it.
class Transcoder final {
public:
    /// Null where we do not speak one of the two.
    [[nodiscard]] static std::unique_ptr<Transcoder> make(const PayloadFormat& from, const PayloadFormat& to,
                                                          std::chrono::milliseconds packet_time);

    /// Takes a packet of the source. All that next() gives must be taken before.
    void put(const RtpHeader& header, std::span<const std::uint8_t> payload) noexcept;
    /// Another has been used meanwhile: what comes next is a new stream.
    void restart() noexcept { has_begun_ = false; }
    /// A packet of the source that is no sound, and nothing lost.
    void note(const RtpHeader& header) noexcept;
    struct Packet {
        std::size_t size = 0;
        std::uint32_t place = 0;  ///< Its timestamp, in the clock of what is sent.
        bool marker = false;      ///< The first behind a pause.
        bool begins = false;      ///< The first of a new stream: nobody knows how long the pause was.
    };
    /// @param payload room for 1500 bytes
    [[nodiscard]] std::optional<Packet> next(std::span<std::uint8_t> payload) noexcept;
    /// What a timestamp of the source is in the clock of what is sent: for events between the sound.
    [[nodiscard]] std::uint32_t place_of(std::uint32_t timestamp) const noexcept;

    /// Where the sound goes that comes next.
    [[nodiscard]] std::uint32_t place() const noexcept { return place_; }
    [[nodiscard]] std::uint8_t payload_type() const noexcept { return packetizer_->payload_type(); }
    [[nodiscard]] std::uint32_t clock_rate() const noexcept { return packetizer_->clock_rate(); }

private:
    Transcoder(const PayloadFormat& from, std::unique_ptr<Decoder> decoder,
               std::unique_ptr<Packetizer> packetizer);
    void begin(const RtpHeader& header) noexcept;
    void bridge(std::uint32_t gap, bool is_loss, std::span<const std::uint8_t> next) noexcept;
    void pass(std::span<const std::int16_t> sound) noexcept;
    void pause_until(std::uint32_t place) noexcept;

    PayloadFormat from_;
    std::unique_ptr<Decoder> decoder_;
    std::unique_ptr<Packetizer> packetizer_;
    std::vector<std::int16_t> decoded_;

    bool has_begun_ = false;
    bool begins_ = false;
    std::uint32_t ssrc_ = 0;
    std::uint16_t sequence_ = 0;   ///< Of the packet that comes next.
    std::uint32_t timestamp_ = 0;  ///< Of the sound that comes next.
    std::uint32_t place_ = 0;      ///< The same in the clock of what is sent.
    std::uint32_t sent_ = 0;       ///< Place of the first sample that was not sent yet.
    bool marker_ = true;
};

}  // namespace almon::media
