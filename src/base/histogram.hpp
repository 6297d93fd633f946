// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>
#include <vector>

#include "base/time.hpp"

namespace almon {

/// How long something took, how often: counted and read by any threads, without a lock and without memory of
/// its own for each time.
class Histogram final {
public:
    static constexpr std::size_t kMostBounds = 16;

    /// Up to which time it counts as so long; ascending.
    Histogram(std::initializer_list<Duration> bounds) {
        assert(bounds.size() <= kMostBounds);
        for (const auto bound : bounds)
            bounds_[size_++] = bound;
    }

    void observe(Duration took) noexcept {
        std::size_t place = 0;
        while (place < size_ && took > bounds_[place])
            ++place;
        counts_[place].fetch_add(1, std::memory_order_relaxed);
        sum_.fetch_add(took.count(), std::memory_order_relaxed);
    }

    struct Reading {
        /// Each bound with how often it took no longer.
        std::vector<std::pair<Duration, std::uint64_t>> up_to;
        std::uint64_t count = 0;
        Duration sum{};
    };
    [[nodiscard]] Reading read() const {
        Reading reading;
        for (std::size_t place = 0; place < size_; ++place) {
            reading.count += counts_[place].load(std::memory_order_relaxed);
            reading.up_to.emplace_back(bounds_[place], reading.count);
        }
        reading.count += counts_[size_].load(std::memory_order_relaxed);
        reading.sum = Duration(sum_.load(std::memory_order_relaxed));
        return reading;
    }

private:
    std::array<Duration, kMostBounds> bounds_{};
    std::size_t size_ = 0;
    std::array<std::atomic<std::uint64_t>, kMostBounds + 1> counts_{};  ///< The last: longer than all.
    std::atomic<Duration::rep> sum_ = 0;
};

}  // namespace almon
