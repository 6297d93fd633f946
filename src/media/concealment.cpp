// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/concealment.hpp"

#include <algorithm>

#include <spandsp.h>

namespace almon::media {

struct Concealment::State {
    plc_state_t plc{};
};

Concealment::Concealment() : state_(std::make_unique<State>()) {
    static_assert(kHistory == PLC_HISTORY_LEN);
}

Concealment::~Concealment() = default;

void Concealment::heard(std::span<std::int16_t> samples) noexcept {
    if (fills_) plc_rx(&state_->plc, samples.data(), static_cast<int>(samples.size()));
    fills_ = false;
    remember(samples);
}

void Concealment::fill(std::span<std::int16_t> missing) noexcept {
    if (!fills_) {
        // The library is shown what came before at once: a history that it gathers itself it would put in
        // order by copying between ranges that overlap.
        auto before = history_;
        plc_init(&state_->plc);
        plc_rx(&state_->plc, before.data(), static_cast<int>(before.size()));
        fills_ = true;
    }
    plc_fillin(&state_->plc, missing.data(), static_cast<int>(missing.size()));
    remember(missing);
}

void Concealment::remember(std::span<const std::int16_t> samples) noexcept {
    const auto latest = samples.last(std::min(samples.size(), kHistory));
    std::shift_left(history_.begin(), history_.end(), static_cast<std::ptrdiff_t>(latest.size()));
    std::ranges::copy(latest, history_.end() - static_cast<std::ptrdiff_t>(latest.size()));
}

}  // namespace almon::media
