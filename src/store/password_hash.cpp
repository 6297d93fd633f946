// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/password_hash.hpp"

#include <array>
#include <cstring>

#include <sodium.h>

namespace almon::store {

Result<std::string> hash_password(std::string_view password) {
    std::array<char, crypto_pwhash_STRBYTES> text{};
    if (sodium_init() < 0 ||
        crypto_pwhash_str_alg(text.data(), password.data(), password.size(),
                              crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
                              crypto_pwhash_ALG_ARGON2ID13) != 0)
        return refuse(ErrorCode::Exhausted, "password", "not enough memory to hash it");
    return std::string(text.data());
}

bool is_password_hash(std::string_view text) noexcept {
    return text.starts_with(crypto_pwhash_STRPREFIX);
}

std::string_view password_hash_of_nobody() noexcept {
    // Parameters as hash_password() chooses them; salt and hash are zeros.
    return "$argon2id$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
           "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
}

bool verify_password(std::string_view hash, std::string_view password) {
    if (sodium_init() < 0 || hash.size() >= crypto_pwhash_STRBYTES) return false;
    std::array<char, crypto_pwhash_STRBYTES> text{};
    std::memcpy(text.data(), hash.data(), hash.size());
    return crypto_pwhash_str_verify(text.data(), password.data(), password.size()) == 0;
}

}  // namespace almon::store
