// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "media/codec.hpp"
#include "media/resampler.hpp"

namespace almon::media {

/// The last stages of a chain: gathers sound until it fills a packet of one codec, resampled where the codec
/// wants that. Nothing allocates but making it.
class Packetizer final {
public:
    /// Null where we do not speak the format.
    /// @param rate of the sound that it is given
    [[nodiscard]] static std::unique_ptr<Packetizer> make(const PayloadFormat& format, unsigned rate,
                                                          std::chrono::milliseconds packet_time);

    /// No more than kLongestSound twice over, before all is taken that is full.
    void put(std::span<const std::int16_t> sound) noexcept;
    struct Packet {
        std::size_t size = 0;     ///< Of the payload; 0: a pause, of which nothing is sent.
        std::uint32_t units = 0;  ///< Of the RTP clock, that it lasts.
    };
    /// The next one that is full.
    /// @param payload room for 1500 bytes
    [[nodiscard]] std::optional<Packet> next(std::span<std::uint8_t> payload) noexcept;
    /// Forgets what does not fill a packet: there was a pause.
    void discard() noexcept { count_ = taken_ = 0; }

    /// Of what it is given.
    [[nodiscard]] unsigned rate() const noexcept { return rate_; }
    [[nodiscard]] std::uint8_t payload_type() const noexcept { return payload_type_; }
    [[nodiscard]] std::uint32_t clock_rate() const noexcept { return clock_rate_; }

private:
    Packetizer(const PayloadFormat& format, unsigned rate, std::chrono::milliseconds packet_time,
               std::unique_ptr<Encoder> encoder);

    std::unique_ptr<Encoder> encoder_;
    std::optional<Resampler> resampler_;
    unsigned rate_;
    std::uint8_t payload_type_;
    std::uint32_t clock_rate_;
    std::size_t packet_;                  ///< Samples.
    std::vector<std::int16_t> gathered_;  ///< At the encoder's rate; those that are there come first.
    std::size_t count_ = 0;
    std::size_t taken_ = 0;
};

}  // namespace almon::media
