// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/voice_quality.hpp"

#include <algorithm>
#include <array>

namespace almon::media {

CodecImpairment codec_impairment(std::string_view encoding) noexcept {
    struct Row {
        std::string_view encoding;
        CodecImpairment impairment;
    };
    static constexpr std::array kTable{
        Row{"PCMU", {0, 25.1}},  Row{"PCMA", {0, 25.1}},   Row{"G722", {0, 25.1}},   Row{"OPUS", {0, 25.1}},
        Row{"G729", {11, 19}},   Row{"G723", {15, 16.1}},  Row{"GSM", {20, 10}},     Row{"ILBC", {11, 32}},
        Row{"G726-32", {7, 10}}, Row{"G726-24", {25, 10}}, Row{"G726-16", {50, 10}}, Row{"G728", {7, 17}},
        Row{"SPEEX", {11, 20}},  Row{"AMR", {5, 10}},
    };
    const auto* const found = std::ranges::find(kTable, encoding, &Row::encoding);
    return found == kTable.end() ? CodecImpairment{} : found->impairment;
}

double mean_opinion_score(CodecImpairment codec, double loss, double one_way_delay_ms) noexcept {
    // G.107 with all other parameters at their defaults: R0 - Is is 93.2.
    constexpr double kBestRating = 93.2;
    const double percent = std::clamp(loss, 0.0, 1.0) * 100.0;
    const double equipment =
        codec.equipment + (95.0 - codec.equipment) * percent / (percent + codec.robustness);
    double delay = 0.024 * one_way_delay_ms;
    if (one_way_delay_ms > 177.3) delay += 0.11 * (one_way_delay_ms - 177.3);
    const double rating = std::clamp(kBestRating - delay - equipment, 0.0, 100.0);
    const double score = 1.0 + 0.035 * rating + rating * (rating - 60.0) * (100.0 - rating) * 7e-6;
    return std::clamp(score, 1.0, 4.5);
}

}  // namespace almon::media
