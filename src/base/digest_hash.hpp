// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace almon {

enum class DigestAlgorithm : std::uint8_t { Sha256, Md5 };

/// A hash in lower-case hexadecimal, without allocation.
struct HexHash {
    std::array<char, 64> digits{};
    std::uint8_t length = 0;  ///< 32 for MD5, 64 for SHA-256.

    [[nodiscard]] std::string_view view() const noexcept { return {digits.data(), length}; }
};

/// The hash of the parts joined by colons.
[[nodiscard]] HexHash hash_joined(DigestAlgorithm algorithm, std::initializer_list<std::string_view> parts);

/// H(username ":" realm ":" password): what a server needs to know of a password (RFC 7616 section 3.4.2).
[[nodiscard]] std::string digest_a1(DigestAlgorithm algorithm, std::string_view username,
                                    std::string_view realm, std::string_view password);

/// Compares without telling by its duration where the first difference is.
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

}  // namespace almon
