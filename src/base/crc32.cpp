// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/crc32.hpp"

#include <array>
#include <cstddef>
#include <cstring>

namespace almon {
namespace {

// Four bytes a step: tables[n] is the effect of a byte that n further bytes follow.
constexpr auto kTables = [] {
    std::array<std::array<std::uint32_t, 256>, 4> tables{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t remainder = byte;
        for (int bit = 0; bit < 8; ++bit)
            remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? 0xEDB88320u : 0u);
        tables[0][byte] = remainder;
    }
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        for (std::size_t n = 1; n < 4; ++n)
            tables[n][byte] = (tables[n - 1][byte] >> 8) ^ tables[0][tables[n - 1][byte] & 0xff];
    }
    return tables;
}();

std::uint32_t byte_at(std::string_view bytes, std::size_t at) noexcept {
    return static_cast<unsigned char>(bytes[at]);
}

}  // namespace

std::uint32_t crc32(std::string_view bytes) noexcept {
    std::uint32_t remainder = 0xffffffffu;
    while (bytes.size() >= 4) {
        remainder ^=
            byte_at(bytes, 0) | byte_at(bytes, 1) << 8 | byte_at(bytes, 2) << 16 | byte_at(bytes, 3) << 24;
        remainder = kTables[3][remainder & 0xff] ^ kTables[2][remainder >> 8 & 0xff] ^
                    kTables[1][remainder >> 16 & 0xff] ^ kTables[0][remainder >> 24];
        bytes.remove_prefix(4);
    }
    for (const char byte : bytes)
        remainder = (remainder >> 8) ^ kTables[0][(remainder ^ static_cast<unsigned char>(byte)) & 0xff];
    return ~remainder;
}

}  // namespace almon
