// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/digest_hash.hpp"

#include <cstdlib>
#include <memory>

#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace almon {

namespace {

struct ContextDeleter {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
struct DigestDeleter {
    void operator()(EVP_MD* digest) const noexcept { EVP_MD_free(digest); }
};

/// OpenSSL 3 looks an algorithm up by name each time it is not held; that costs more than the hash itself.
class Hasher {
public:
    explicit Hasher(const char* name)
        : digest_(EVP_MD_fetch(nullptr, name, nullptr)), context_(EVP_MD_CTX_new()) {
        if (!digest_ || !context_) std::abort();  // OpenSSL without its default provider: nothing can work
    }

    [[nodiscard]] HexHash run(std::initializer_list<std::string_view> parts) {
        EVP_DigestInit_ex2(context_.get(), digest_.get(), nullptr);
        bool first = true;
        for (const std::string_view part : parts) {
            if (!first) EVP_DigestUpdate(context_.get(), ":", 1);
            first = false;
            EVP_DigestUpdate(context_.get(), part.data(), part.size());
        }
        std::array<unsigned char, EVP_MAX_MD_SIZE> bytes;
        unsigned int size = 0;
        EVP_DigestFinal_ex(context_.get(), bytes.data(), &size);

        static constexpr std::string_view kHex = "0123456789abcdef";
        HexHash hash;
        for (unsigned int i = 0; i < size && hash.length < hash.digits.size(); ++i) {
            hash.digits[hash.length++] = kHex[bytes[i] >> 4U];
            hash.digits[hash.length++] = kHex[bytes[i] & 15U];
        }
        return hash;
    }

private:
    std::unique_ptr<EVP_MD, DigestDeleter> digest_;
    std::unique_ptr<EVP_MD_CTX, ContextDeleter> context_;
};

}  // namespace

HexHash hash_joined(DigestAlgorithm algorithm, std::initializer_list<std::string_view> parts) {
    // Scratch space that keeps nothing between calls, one for each thread.
    thread_local Hasher md5("MD5");
    thread_local Hasher sha256("SHA256");
    return (algorithm == DigestAlgorithm::Md5 ? md5 : sha256).run(parts);
}

std::string digest_a1(DigestAlgorithm algorithm, std::string_view username, std::string_view realm,
                      std::string_view password) {
    return std::string(hash_joined(algorithm, {username, realm, password}).view());
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace almon
