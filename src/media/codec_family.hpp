// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <memory>
#include <string_view>

#include "media/codec.hpp"
#include "media/concealment.hpp"

// How a codec is plugged in: a source of its own defines its family, codec.cpp names it.
namespace almon::media {

struct CodecFamily {
    /// 0: the format is none of the family.
    unsigned (*best_rate)(const PayloadFormat& format) noexcept;
    std::unique_ptr<Decoder> (*make_decoder)(const PayloadFormat& format, unsigned rate);
    std::unique_ptr<Encoder> (*make_encoder)(const PayloadFormat& format, unsigned rate);
};

extern const CodecFamily kG711Family;
extern const CodecFamily kG722Family;
extern const CodecFamily kG726Family;
extern const CodecFamily kG729Family;
extern const CodecFamily kGsmFamily;
extern const CodecFamily kLinearFamily;
extern const CodecFamily kOpusFamily;

/// What decoders have in common that cannot fill in for a loss themselves.
class ConcealingDecoder : public Decoder {
public:
    [[nodiscard]] std::size_t decode(std::span<const std::uint8_t> payload,
                                     std::span<std::int16_t> samples) noexcept final;
    void conceal(std::span<std::int16_t> missing, std::span<const std::uint8_t> next) noexcept final;

protected:
    /// How many samples the payload holds; 0: it is none of this codec.
    [[nodiscard]] virtual std::size_t samples_in_payload(
        std::span<const std::uint8_t> payload) const noexcept = 0;
    /// @param samples as many as that
    virtual void unpack(std::span<const std::uint8_t> payload, std::span<std::int16_t> samples) noexcept = 0;

private:
    Concealment concealment_;
};

/// How many samples a packet holds of a codec that knows no frames, or frames of `frame` samples.
[[nodiscard]] std::size_t whole_frames(std::chrono::milliseconds packet_time, unsigned rate,
                                       std::size_t frame) noexcept;

}  // namespace almon::media
