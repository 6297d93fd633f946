// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/digest_hash.hpp"

#include <array>
#include <memory>

#include <openssl/evp.h>

namespace almon::store {
namespace {

std::string a1(const EVP_MD* algorithm, std::string_view username, std::string_view realm,
               std::string_view password) {
    thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                                       EVP_MD_CTX_free);
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned int size = 0;
    EVP_DigestInit_ex(context.get(), algorithm, nullptr);
    EVP_DigestUpdate(context.get(), username.data(), username.size());
    EVP_DigestUpdate(context.get(), ":", 1);
    EVP_DigestUpdate(context.get(), realm.data(), realm.size());
    EVP_DigestUpdate(context.get(), ":", 1);
    EVP_DigestUpdate(context.get(), password.data(), password.size());
    EVP_DigestFinal_ex(context.get(), bytes.data(), &size);

    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    text.reserve(2 * size);
    for (unsigned int at = 0; at < size; ++at) {
        text.push_back(kDigits[bytes[at] >> 4]);
        text.push_back(kDigits[bytes[at] & 15]);
    }
    return text;
}

}  // namespace

std::string a1_md5(std::string_view username, std::string_view realm, std::string_view password) {
    return a1(EVP_md5(), username, realm, password);
}
std::string a1_sha256(std::string_view username, std::string_view realm, std::string_view password) {
    return a1(EVP_sha256(), username, realm, password);
}

}  // namespace almon::store
