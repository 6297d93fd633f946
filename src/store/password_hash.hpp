// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace almon::store {

/// Argon2id of an administrator's password, with its parameters and salt, as text for a column. Takes some
/// 0.1 s and 64 MiB on purpose: never on the signalling loop.
[[nodiscard]] Result<std::string> hash_password(std::string_view password);
/// Whether the text is what hash_password() gives and not a password.
[[nodiscard]] bool is_password_hash(std::string_view text) noexcept;
/// A hash that no password has, to be verified where there is no account, so that this takes as long.
[[nodiscard]] std::string_view password_hash_of_nobody() noexcept;
/// True where `password` is the one that was hashed. As slow as hashing.
[[nodiscard]] bool verify_password(std::string_view hash, std::string_view password);

}  // namespace almon::store
