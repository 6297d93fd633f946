// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/random.hpp"

#include <bit>
#include <utility>

#include <sodium.h>

namespace almon {

std::string Random::token(std::size_t length) {
    static constexpr char kAlphabet[] = "0123456789abcdefghijklmnopqrstuv";
    std::string text(length, '0');
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < length; ++i) {
        if (i % 12 == 0) bits = next();
        text[i] = kAlphabet[bits & 31U];
        bits >>= 5U;
    }
    return text;
}

std::uint64_t Random::below(std::uint64_t bound) {
    // Rejection keeps it uniform; the loop runs more than once with a chance below bound / 2^64.
    const std::uint64_t threshold = (0 - bound) % bound;
    for (;;) {
        const std::uint64_t drawn = next();
        if (drawn >= threshold) return drawn % bound;
    }
}

std::uint64_t SystemRandom::next() {
    if (used_ == buffer_.size()) {
        randombytes_buf(buffer_.data(), sizeof(buffer_));
        used_ = 0;
    }
    return std::exchange(buffer_[used_++], 0);
}

SeededRandom::SeededRandom(std::uint64_t seed) noexcept {
    // splitmix64, as the generator's authors recommend for filling its state.
    for (auto& word : state) {
        seed += 0x9e3779b97f4a7c15ULL;
        std::uint64_t z = seed;
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
        word = z ^ (z >> 31U);
    }
}

std::uint64_t SeededRandom::next() {
    const std::uint64_t result = std::rotl(state[1] * 5, 7) * 9;
    const std::uint64_t t = state[1] << 17U;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= t;
    state[3] = std::rotl(state[3], 45);
    return result;
}

}  // namespace almon
