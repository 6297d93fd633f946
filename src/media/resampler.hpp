// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace almon::media {

/// The stage between two rates, by speexdsp. What it needs is allocated when it is made.
class Resampler final {
public:
    /// @param most samples that it is given at once
    Resampler(unsigned from, unsigned to, std::size_t most);
    ~Resampler();
    Resampler(const Resampler&) = delete;
    Resampler& operator=(const Resampler&) = delete;

    /// Valid until the next call. What does not make whole samples yet comes with it.
    [[nodiscard]] std::span<const std::int16_t> pass(std::span<const std::int16_t> samples) noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
    std::vector<std::int16_t> out_;
};

}  // namespace almon::media
