// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/dtls_fingerprint.hpp"

#include <array>
#include <iterator>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

namespace almon::media {

std::string dtls_fingerprint(const x509_st* certificate, std::string_view hash) {
    const EVP_MD* const method = hash == "sha-256"   ? EVP_sha256()
                                 : hash == "sha-384" ? EVP_sha384()
                                 : hash == "sha-512" ? EVP_sha512()
                                                     : nullptr;
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (method == nullptr || X509_digest(certificate, method, digest.data(), &size) != 1) return {};
    std::string text(hash);
    for (unsigned i = 0; i < size; ++i)
        fmt::format_to(std::back_inserter(text), "{}{:02X}", i == 0 ? ' ' : ':', digest[i]);
    return text;
}

}  // namespace almon::media
