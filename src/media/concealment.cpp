// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/concealment.hpp"

#include <spandsp.h>

namespace almon::media {

struct Concealment::State {
    plc_state_t plc{};
};

Concealment::Concealment() : state_(std::make_unique<State>()) {
    plc_init(&state_->plc);
}

Concealment::~Concealment() = default;

void Concealment::heard(std::span<std::int16_t> samples) noexcept {
    plc_rx(&state_->plc, samples.data(), static_cast<int>(samples.size()));
}

void Concealment::fill(std::span<std::int16_t> missing) noexcept {
    plc_fillin(&state_->plc, missing.data(), static_cast<int>(missing.size()));
}

}  // namespace almon::media
