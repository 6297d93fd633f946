// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace almon::media {

/// How a codec sounds in the E-model (ITU-T G.107, values of G.113 appendix I).
struct CodecImpairment {
    double equipment = 0;    ///< Ie: 0 for G.711.
    double robustness = 25;  ///< Bpl: how well it bears lost packets, with concealment.
};
/// By upper-case encoding name; unknown ones are taken for G.711.
[[nodiscard]] CodecImpairment codec_impairment(std::string_view encoding) noexcept;

/// Estimated mean opinion score, 1 to 4.5.
/// @param loss of all packets, 0 to 1
/// @param one_way_delay_ms mouth to ear
[[nodiscard]] double mean_opinion_score(CodecImpairment codec, double loss, double one_way_delay_ms) noexcept;

}  // namespace almon::media
