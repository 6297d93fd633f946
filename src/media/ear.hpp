// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "media/codec.hpp"
#include "media/resampler.hpp"
#include "media/rtp_packet.hpp"

namespace almon::media {

/// What a party says, for us to hear: decoded to 8 kHz and told in a clock of 8 kHz, whatever its codec.
/// Losses remain gaps. Nothing allocates but making it.
class Ear final {
public:
    static constexpr unsigned kRate = 8000;

    /// Null where we do not speak the format.
    [[nodiscard]] static std::unique_ptr<Ear> make(const PayloadFormat& format);

    struct Heard {
        std::uint32_t timestamp = 0;
        std::span<const std::int16_t> samples;  ///< Until the next call; empty: the payload was nonsense.
    };
    [[nodiscard]] Heard hear(const RtpHeader& header, std::span<const std::uint8_t> payload) noexcept;

private:
    Ear(const PayloadFormat& format, std::unique_ptr<Decoder> decoder);

    std::unique_ptr<Decoder> decoder_;
    std::optional<Resampler> resampler_;
    std::vector<std::int16_t> decoded_;
    std::uint32_t clock_rate_;
    std::uint32_t timestamp_ = 0;  ///< The latest, and the same in our clock.
    std::uint32_t ours_ = 0;
};

}  // namespace almon::media
