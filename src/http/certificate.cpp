// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/certificate.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string_view>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/file.hpp"
#include "base/net_address.hpp"

namespace almon::http {

namespace {

constexpr std::chrono::days kValidity{3650};
/// RFC 5280: the common name has 64 characters at most.
constexpr std::size_t kMaxCommonName = 64;

struct FreeOpenSsl {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const noexcept { X509_free(certificate); }
    void operator()(BIO* bio) const noexcept { BIO_free(bio); }
    void operator()(BIGNUM* number) const noexcept { BN_free(number); }
    void operator()(X509_EXTENSION* extension) const noexcept { X509_EXTENSION_free(extension); }
};
template <class T>
using Owned = std::unique_ptr<T, FreeOpenSsl>;

/// Names go into OpenSSL's little language of extensions, where a comma would begin another entry.
bool is_host_name(std::string_view name) noexcept {
    return !name.empty() && name.size() <= 253 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '.' || c == '_';
    });
}

Result<std::string> alternative_names(const CertificateSubject& subject) {
    std::vector<std::string> names = {subject.host_name, "localhost", "127.0.0.1"};
    names.insert(names.end(), subject.alternatives.begin(), subject.alternatives.end());
    std::string text;
    std::vector<std::string> seen;
    for (const std::string& name : names) {
        std::string entry;
        if (const auto address = NetAddress::parse(name, 0)) {
            entry = "IP:" + address->host();
        } else if (is_host_name(name)) {
            entry = "DNS:" + name;
        } else {
            return refuse(ErrorCode::InvalidArgument, "certificate",
                          "\"" + name + "\" is neither a host name nor an address");
        }
        if (std::find(seen.begin(), seen.end(), entry) != seen.end()) continue;
        seen.push_back(entry);
        if (!text.empty()) text += ',';
        text += entry;
    }
    return text;
}

bool add_extension(X509* certificate, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const Owned<X509_EXTENSION> extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_serial(X509* certificate, Random& random) {
    std::array<std::uint64_t, 2> words{random.next(), random.next()};
    words[0] &= ~std::uint64_t{0x80};  // positive: the first byte's highest bit is zero (RFC 5280 4.1.2.2)
    words[0] |= 1;
    const Owned<BIGNUM> number(
        BN_bin2bn(reinterpret_cast<const unsigned char*>(words.data()), sizeof(words), nullptr));
    return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

Owned<X509> sign(EVP_PKEY* key, const CertificateSubject& subject, const std::string& names, UtcTime now,
                 Random& random) {
    Owned<X509> certificate(X509_new());
    if (!certificate || X509_set_version(certificate.get(), X509_VERSION_3) != 1) return nullptr;
    if (!set_serial(certificate.get(), random)) return nullptr;
    const std::time_t from = std::chrono::system_clock::to_time_t(
        std::chrono::time_point_cast<std::chrono::system_clock::duration>(now - std::chrono::days{1}));
    const std::time_t to = from + std::chrono::duration_cast<std::chrono::seconds>(kValidity).count();
    if (ASN1_TIME_set(X509_getm_notBefore(certificate.get()), from) == nullptr) return nullptr;
    if (ASN1_TIME_set(X509_getm_notAfter(certificate.get()), to) == nullptr) return nullptr;
    const std::string common_name = subject.host_name.substr(0, kMaxCommonName);
    X509_NAME* name = X509_get_subject_name(certificate.get());
    if (X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(common_name.data()),
                                   static_cast<int>(common_name.size()), -1, 0) != 1) {
        return nullptr;
    }
    if (X509_set_issuer_name(certificate.get(), name) != 1 || X509_set_pubkey(certificate.get(), key) != 1) {
        return nullptr;
    }
    // An authority of its own, so that clients may import this very file as what they trust.
    const bool extended =
        add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
        add_extension(certificate.get(), NID_key_usage, "critical,digitalSignature,keyCertSign") &&
        add_extension(certificate.get(), NID_ext_key_usage, "serverAuth,clientAuth") &&
        add_extension(certificate.get(), NID_subject_key_identifier, "hash") &&
        add_extension(certificate.get(), NID_subject_alt_name, names);
    if (!extended || X509_sign(certificate.get(), key, EVP_sha256()) == 0) return nullptr;
    return certificate;
}

std::string content_of(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

Result<void> write(const std::filesystem::path& file, std::string_view content, mode_t mode) {
    if (const auto error = write_file(file, content, mode))
        return refuse(ErrorCode::Unavailable, "certificate",
                      file.string() + " cannot be written: " + error.message());
    return {};
}

}  // namespace

Result<void> make_self_signed_certificate(const CertificateFiles& files, const CertificateSubject& subject,
                                          UtcTime now, Random& random) {
    const auto names = alternative_names(subject);
    if (!names) return refuse(names);
    const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
    const Owned<X509> certificate = key ? sign(key.get(), subject, *names, now, random) : nullptr;
    const Owned<BIO> key_text(BIO_new(BIO_s_mem()));
    const Owned<BIO> certificate_text(BIO_new(BIO_s_mem()));
    if (!certificate || !key_text || !certificate_text ||
        PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
        PEM_write_bio_X509(certificate_text.get(), certificate.get()) != 1) {
        return refuse(ErrorCode::Internal, "certificate", "OpenSSL could not make one");
    }
    std::string secret = content_of(key_text.get());
    auto written = write(files.key, secret, 0600);
    OPENSSL_cleanse(secret.data(), secret.size());
    if (!written) return written;
    return write(files.certificate, content_of(certificate_text.get()), 0644);
}

Result<std::shared_ptr<const TlsContext>> load_or_make_certificate(const CertificateFiles& files,
                                                                   const CertificateSubject& subject,
                                                                   UtcTime now, Random& random) {
    std::error_code error;
    if (!std::filesystem::exists(files.certificate, error) && !std::filesystem::exists(files.key, error)) {
        if (auto made = make_self_signed_certificate(files, subject, now, random); !made) return refuse(made);
    }
    return TlsContext::load(files);
}

}  // namespace almon::http
