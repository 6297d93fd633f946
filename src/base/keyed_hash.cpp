// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/keyed_hash.hpp"

#include <cstring>

#include <sodium.h>

namespace almon {

std::uint64_t KeyedHash::operator()(std::string_view bytes) const noexcept {
    static_assert(sizeof(key) == crypto_shorthash_KEYBYTES);
    std::array<unsigned char, crypto_shorthash_BYTES> digest;
    crypto_shorthash(digest.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                     reinterpret_cast<const unsigned char*>(key.data()));
    std::uint64_t hash = 0;
    std::memcpy(&hash, digest.data(), sizeof(hash));
    return hash;
}

std::array<std::uint8_t, 16> seal_of(std::string_view bytes,
                                     const std::array<std::uint8_t, 16>& key) noexcept {
    static_assert(crypto_shorthash_siphashx24_KEYBYTES == 16 && crypto_shorthash_siphashx24_BYTES == 16);
    std::array<std::uint8_t, 16> seal;
    crypto_shorthash_siphashx24(seal.data(), reinterpret_cast<const unsigned char*>(bytes.data()),
                                bytes.size(), key.data());
    return seal;
}

}  // namespace almon
