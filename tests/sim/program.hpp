// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "bus/event.hpp"
#include "pbx/call_core.hpp"

namespace almon::simulation {

/// A program that orders calls and transfers by dice, among them such as are over already or cannot be.
class Program final {
public:
    explicit Program(Random& random) noexcept : random_(random) {}

    /// Learns of calls and transfers.
    void hear(const bus::Event& event);
    /// One order.
    /// @param numbers that can be called, @param users so many there are, from id 1 on.
    void act(pbx::CallCore& core, const std::vector<std::string>& numbers, std::size_t users);
    /// Orders that were accepted.
    [[nodiscard]] std::uint64_t accepted() const noexcept { return accepted_; }

private:
    [[nodiscard]] const std::string& one_of(const std::deque<std::string>& known);

    Random& random_;
    std::deque<std::string> calls_;  ///< The last, by unique id.
    std::deque<std::string> transfers_;
    std::uint64_t accepted_ = 0;
};

}  // namespace almon::simulation
