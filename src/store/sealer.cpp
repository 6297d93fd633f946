// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/sealer.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/file.hpp"
#include "base/random.hpp"

namespace almon::store {
namespace {

// Names the way of sealing, so that another one can follow without touching old rows.
constexpr std::string_view kPrefix = "secretbox:";
constexpr int kBase64 = sodium_base64_VARIANT_ORIGINAL;
constexpr std::size_t kHexDigits = 2 * crypto_secretbox_KEYBYTES;

template <std::size_t N>
void fill(std::array<std::uint8_t, N>& bytes) {
    static_assert(N % 8 == 0);
    SystemRandom random;
    for (std::size_t at = 0; at < N; at += 8) {
        const auto word = random.next();
        std::memcpy(bytes.data() + at, &word, 8);
    }
}

tl::unexpected<Error> cannot(const char* verb, const std::filesystem::path& file,
                             const std::error_code& error) {
    return refuse(ErrorCode::Unavailable, "key file",
                  fmt::format("cannot {} {}: {}", verb, file.string(), error.message()));
}

}  // namespace

Sealer::~Sealer() {
    sodium_memzero(key_.data(), key_.size());
}

Result<Sealer> Sealer::open(const std::filesystem::path& key_file, Missing missing) {
    static_assert(sizeof(key_) == crypto_secretbox_KEYBYTES);
    if (sodium_init() < 0) return refuse(ErrorCode::Internal, "key file", "libsodium does not start");
    Sealer sealer;
    std::array<char, kHexDigits + 1> digits{};

    const int descriptor = ::open(key_file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        if (errno != ENOENT) return cannot("read", key_file, {errno, std::generic_category()});
        if (missing == Missing::Refuse) {
            return refuse(
                ErrorCode::Unavailable, "key file",
                fmt::format("{} is missing, and the database holds secrets sealed with it: restore it from "
                            "the backup that the database came from",
                            key_file.string()));
        }
        fill(sealer.key_);
        sodium_bin2hex(digits.data(), digits.size(), sealer.key_.data(), sealer.key_.size());
        if (const auto error = write_file(key_file, std::string_view(digits.data(), kHexDigits), 0600))
            return cannot("write", key_file, error);
        sodium_memzero(digits.data(), digits.size());
        return sealer;
    }
    const auto size = ::read(descriptor, digits.data(), kHexDigits);
    ::close(descriptor);
    std::size_t bytes = 0;
    if (size != static_cast<ssize_t>(kHexDigits) ||
        sodium_hex2bin(sealer.key_.data(), sealer.key_.size(), digits.data(), kHexDigits, nullptr, &bytes,
                       nullptr) != 0 ||
        bytes != sealer.key_.size()) {
        return refuse(ErrorCode::Unavailable, "key file",
                      fmt::format("{} is not a key of {} hexadecimal digits: restore it from a backup",
                                  key_file.string(), kHexDigits));
    }
    sodium_memzero(digits.data(), digits.size());
    return sealer;
}

std::string Sealer::seal(std::string_view clear) const {
    if (clear.empty()) return {};
    std::array<std::uint8_t, crypto_secretbox_NONCEBYTES> nonce{};
    fill(nonce);
    std::vector<std::uint8_t> box(nonce.size() + crypto_secretbox_MACBYTES + clear.size());
    std::copy(nonce.begin(), nonce.end(), box.begin());
    crypto_secretbox_easy(box.data() + nonce.size(), reinterpret_cast<const std::uint8_t*>(clear.data()),
                          clear.size(), nonce.data(), key_.data());
    std::string text(sodium_base64_encoded_len(box.size(), kBase64), '\0');
    sodium_bin2base64(text.data(), text.size(), box.data(), box.size(), kBase64);
    text.pop_back();  // the terminating zero
    return std::string(kPrefix) + text;
}

Result<std::string> Sealer::unseal(std::string_view sealed) const {
    if (sealed.empty()) return std::string();
    const auto refused = [] {
        return refuse(
            ErrorCode::Unavailable, "key file",
            "it does not open the secrets of this database: restore the key file and the database from the "
            "same backup");
    };
    if (!sealed.starts_with(kPrefix)) return refused();
    sealed.remove_prefix(kPrefix.size());
    if (sealed.empty()) return refused();
    std::vector<std::uint8_t> box(sealed.size());
    std::size_t size = 0;
    if (sodium_base642bin(box.data(), box.size(), sealed.data(), sealed.size(), nullptr, &size, nullptr,
                          kBase64) != 0 ||
        size < crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES)
        return refused();
    std::string clear(size - crypto_secretbox_NONCEBYTES - crypto_secretbox_MACBYTES, '\0');
    if (crypto_secretbox_open_easy(reinterpret_cast<std::uint8_t*>(clear.data()),
                                   box.data() + crypto_secretbox_NONCEBYTES,
                                   size - crypto_secretbox_NONCEBYTES, box.data(), key_.data()) != 0)
        return refused();
    return clear;
}

}  // namespace almon::store
