// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace almon {

/// Where tags, branches, call ids and nonces come from. Injected: unpredictable in production, a seed in the
/// simulator.
class Random {
public:
    virtual ~Random() = default;
    [[nodiscard]] virtual std::uint64_t next() = 0;

    /// A token of lower-case letters and digits with at least 5 bits of randomness a character, `length` at
    /// most 32.
    [[nodiscard]] std::string token(std::size_t length);
    /// Uniform in [0, bound); bound must not be zero.
    [[nodiscard]] std::uint64_t below(std::uint64_t bound);
};

/// The operating system's generator, through a small buffer so that a call costs no system call each time.
class SystemRandom final : public Random {
public:
    [[nodiscard]] std::uint64_t next() override;

private:
    std::array<std::uint64_t, 64> buffer_{};
    std::size_t used_ = 64;
};

/// Repeatable (xoshiro256**). Its state is a value, so that a saved simulation continues identically.
class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed) noexcept;
    [[nodiscard]] std::uint64_t next() override;

    std::array<std::uint64_t, 4> state{};
};

}  // namespace almon
