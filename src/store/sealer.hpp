// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace almon::store {

/// Seals what the database must keep but nobody shall read in it: SIP secrets and other passwords that have
/// to be shown again. XSalsa20-Poly1305 (libsodium's secretbox) under a key that lives in a file of its own,
/// outside the database. Any thread.
class Sealer final {
public:
    enum class Missing { Create, Refuse };
    /// Reads the key file (32 bytes in hexadecimal digits, mode 600). Where it is missing a new one is made,
    /// or, as the database already holds sealed values, refused with the words what to restore.
    [[nodiscard]] static Result<Sealer> open(const std::filesystem::path& key_file, Missing missing);
    ~Sealer();
    Sealer(const Sealer&) = default;
    Sealer& operator=(const Sealer&) = default;

    /// Text for a column; differs each time. The empty string stays empty: there is nothing to hide.
    [[nodiscard]] std::string seal(std::string_view clear) const;
    /// What was sealed; refused where it was made with another key or altered.
    [[nodiscard]] Result<std::string> unseal(std::string_view sealed) const;

private:
    Sealer() = default;
    std::array<std::uint8_t, 32> key_{};
};

}  // namespace almon::store
