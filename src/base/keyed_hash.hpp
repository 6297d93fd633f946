// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <boost/describe.hpp>

namespace almon {

/// SipHash-2-4: a 64-bit hash that nobody without the key can aim at, for tables whose keys come from
/// outside. Equal keys give equal hashes in every process.
struct KeyedHash {
    std::array<std::uint64_t, 2> key{};

    [[nodiscard]] std::uint64_t operator()(std::string_view bytes) const noexcept;
};
BOOST_DESCRIBE_STRUCT(KeyedHash, (), (key))

/// SipHash-2-4 with 128 bits: proves that who made it had the key.
[[nodiscard]] std::array<std::uint8_t, 16> seal_of(std::string_view bytes,
                                                   const std::array<std::uint8_t, 16>& key) noexcept;

}  // namespace almon
