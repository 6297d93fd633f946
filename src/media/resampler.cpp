// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/resampler.hpp"

#include <new>

#include <speex/speex_resampler.h>

namespace almon::media {
namespace {

/// Of 0 to 10: what does not belong is some 60 dB below, at a hundredth of what a codec costs.
constexpr int kQuality = 4;

}  // namespace

struct Resampler::State {
    State(unsigned from, unsigned to) : resampler(speex_resampler_init(1, from, to, kQuality, nullptr)) {
        if (resampler == nullptr) throw std::bad_alloc();
    }
    ~State() { speex_resampler_destroy(resampler); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    SpeexResamplerState* resampler;
};

Resampler::Resampler(unsigned from, unsigned to, std::size_t most)
    : state_(std::make_unique<State>(from, to)), out_(most * to / from + 2) {}

Resampler::~Resampler() = default;

std::span<const std::int16_t> Resampler::pass(std::span<const std::int16_t> samples) noexcept {
    auto taken = static_cast<spx_uint32_t>(samples.size());
    auto given = static_cast<spx_uint32_t>(out_.size());
    speex_resampler_process_int(state_->resampler, 0, samples.data(), &taken, out_.data(), &given);
    return std::span(out_).first(given);
}

}  // namespace almon::media
