// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace almon::media {

/// The two laws of ITU-T G.711, from and to 16-bit linear samples.
enum class Law : std::uint8_t { A, Mu };

[[nodiscard]] std::uint8_t encode_g711(Law law, std::int16_t sample) noexcept;
[[nodiscard]] std::int16_t decode_g711(Law law, std::uint8_t code) noexcept;
[[nodiscard]] constexpr std::uint8_t g711_silence(Law law) noexcept {
    return law == Law::A ? 0xD5 : 0xFF;
}

}  // namespace almon::media
