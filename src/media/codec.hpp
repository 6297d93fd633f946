// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "media/commands.hpp"
#include "media/g711.hpp"

// The codecs that we speak ourselves: the first and the last stage of a chain that transcodes. What each
// stage needs is allocated when it is made, and nothing for a packet; none of them is thread-safe. All sound
// between stages is 16-bit linear, one channel.
namespace almon::media {

/// The longest packet that is decoded, and the longest that is filled in for what was lost.
inline constexpr std::chrono::milliseconds kLongestSound{200};
[[nodiscard]] constexpr std::size_t samples_in(std::chrono::milliseconds time, unsigned rate) noexcept {
    return static_cast<std::size_t>(time.count()) * rate / 1000;
}

/// Makes sound of the packets of one stream, in their order.
class Decoder {
public:
    virtual ~Decoder() = default;
    /// Samples a second of what it gives.
    [[nodiscard]] virtual unsigned rate() const noexcept = 0;
    /// @param samples room for kLongestSound
    /// @return how many were written; 0: the payload is nothing of this codec, or longer than that.
    [[nodiscard]] virtual std::size_t decode(std::span<const std::uint8_t> payload,
                                             std::span<std::int16_t> samples) noexcept = 0;
    /// Fills in for what was lost, by the codec's own means where it has any, from the payload behind the gap
    /// where that tells (the forward error correction of Opus): decode() of that payload follows.
    virtual void conceal(std::span<std::int16_t> missing, std::span<const std::uint8_t> next) noexcept = 0;
};

/// Makes packets of sound.
class Encoder {
public:
    virtual ~Encoder() = default;
    [[nodiscard]] virtual unsigned rate() const noexcept = 0;
    /// Samples that a packet of about so much time holds: what encode() is given.
    [[nodiscard]] virtual std::size_t samples_of(std::chrono::milliseconds packet_time) const noexcept = 0;
    /// @param payload room for 1500 bytes
    /// @return bytes written; 0: a pause, of which nothing is sent (Opus with DTX).
    [[nodiscard]] virtual std::size_t encode(std::span<const std::int16_t> samples,
                                             std::span<std::uint8_t> payload) noexcept = 0;
};

/// The encodings that we speak, as in SDP, the best known first.
[[nodiscard]] const std::vector<std::string>& spoken_encodings();
/// We can encode and decode it.
[[nodiscard]] bool speaks(const PayloadFormat& format) noexcept;
/// Samples a second of the best sound that it carries; 0: we do not speak it.
[[nodiscard]] unsigned best_rate(const PayloadFormat& format) noexcept;
/// Null where we do not speak it. What the format's parameters say of the party's wishes is heeded.
/// @param rate that is wanted: they give and take the next that the codec knows
[[nodiscard]] std::unique_ptr<Decoder> make_decoder(const PayloadFormat& format, unsigned rate);
[[nodiscard]] std::unique_ptr<Encoder> make_encoder(const PayloadFormat& format, unsigned rate);

/// Of a format that is G.711, which needs no state; nothing: it is another.
[[nodiscard]] std::optional<Law> law_of(const PayloadFormat& format) noexcept;

}  // namespace almon::media
