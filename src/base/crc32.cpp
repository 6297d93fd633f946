// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/crc32.hpp"

#include <array>
#include <cstddef>
#include <cstring>

namespace almon {
namespace {

// Eight bytes a step: tables[n] is the effect of a byte that n further bytes follow.
constexpr auto kTables = [] {
    std::array<std::array<std::uint32_t, 256>, 8> tables{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t remainder = byte;
        for (int bit = 0; bit < 8; ++bit)
            remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? 0xEDB88320u : 0u);
        tables[0][byte] = remainder;
    }
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        for (std::size_t n = 1; n < 8; ++n)
            tables[n][byte] = (tables[n - 1][byte] >> 8) ^ tables[0][tables[n - 1][byte] & 0xff];
    }
    return tables;
}();

/// Little-endian, as our machines are.
std::uint32_t word_at(std::string_view bytes, std::size_t at) noexcept {
    std::uint32_t word = 0;
    std::memcpy(&word, bytes.data() + at, sizeof(word));
    return word;
}

}  // namespace

std::uint32_t crc32(std::string_view bytes) noexcept {
    std::uint32_t remainder = 0xffffffffu;
    while (bytes.size() >= 8) {
        const auto first = remainder ^ word_at(bytes, 0);
        const auto second = word_at(bytes, 4);
        remainder = kTables[7][first & 0xff] ^ kTables[6][first >> 8 & 0xff] ^
                    kTables[5][first >> 16 & 0xff] ^ kTables[4][first >> 24] ^ kTables[3][second & 0xff] ^
                    kTables[2][second >> 8 & 0xff] ^ kTables[1][second >> 16 & 0xff] ^
                    kTables[0][second >> 24];
        bytes.remove_prefix(8);
    }
    for (const char byte : bytes)
        remainder = (remainder >> 8) ^ kTables[0][(remainder ^ static_cast<unsigned char>(byte)) & 0xff];
    return ~remainder;
}

}  // namespace almon
