// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/g711.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace almon::media {
namespace {

constexpr int kMuBias = 0x84;

std::uint8_t encode_a(int sample) noexcept {
    // Positive values have the sign bit set, and every second bit is inverted on the line.
    const std::uint8_t mask = sample >= 0 ? 0xD5 : 0x55;
    const unsigned magnitude = static_cast<unsigned>(sample >= 0 ? sample : -sample - 1) >> 3U;  // 13 bits
    const unsigned segment = magnitude < 0x20 ? 0 : static_cast<unsigned>(std::bit_width(magnitude)) - 5;
    const unsigned mantissa = (segment < 2 ? magnitude >> 1U : magnitude >> segment) & 0x0FU;
    return static_cast<std::uint8_t>((segment << 4U | mantissa) ^ mask);
}

int decode_a(std::uint8_t code) noexcept {
    code ^= 0x55U;
    const int segment = (code & 0x70U) >> 4U;
    int magnitude = (code & 0x0FU) << 4U;
    magnitude += segment == 0 ? 8 : 0x108;
    if (segment > 1) magnitude <<= segment - 1;
    return (code & 0x80U) != 0 ? magnitude : -magnitude;
}

std::uint8_t encode_mu(int sample) noexcept {
    const std::uint8_t mask = sample >= 0 ? 0xFF : 0x7F;
    const unsigned magnitude =
        static_cast<unsigned>(std::min(sample >= 0 ? sample : -sample, 32635) + kMuBias);
    const unsigned segment = static_cast<unsigned>(std::bit_width(magnitude)) - 8;
    const unsigned mantissa = (magnitude >> (segment + 3U)) & 0x0FU;
    return static_cast<std::uint8_t>((segment << 4U | mantissa) ^ mask);
}

int decode_mu(std::uint8_t code) noexcept {
    code = static_cast<std::uint8_t>(~code);
    const int segment = (code & 0x70U) >> 4U;
    const int magnitude = ((((code & 0x0FU) << 3U) + kMuBias) << segment) - kMuBias;
    return (code & 0x80U) != 0 ? -magnitude : magnitude;
}

}  // namespace

std::uint8_t encode_g711(Law law, std::int16_t sample) noexcept {
    return law == Law::A ? encode_a(sample) : encode_mu(sample);
}

std::int16_t decode_g711(Law law, std::uint8_t code) noexcept {
    return static_cast<std::int16_t>(law == Law::A ? decode_a(code) : decode_mu(code));
}

}  // namespace almon::media
