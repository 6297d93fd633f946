// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/dtls_identity.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <ctime>

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "media/dtls_fingerprint.hpp"

namespace almon::media {
namespace {

constexpr std::chrono::days kValidity{3650};

/// Those of RFC 5764 and 7714 that need the least work on today's processors first.
constexpr char kProfiles[] =
    "SRTP_AEAD_AES_128_GCM:SRTP_AEAD_AES_256_GCM:SRTP_AES128_CM_SHA1_80:SRTP_AES128_CM_SHA1_32";
/// Forward secrecy and, but for old phones, authenticated ciphers.
constexpr char kCiphers[] = "ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES:!aNULL:!PSK:!SRP:!eNULL";

struct FreeOpenSsl {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const noexcept { X509_free(certificate); }
    void operator()(BIGNUM* number) const noexcept { BN_free(number); }
};
template <class T>
using Owned = std::unique_ptr<T, FreeOpenSsl>;

/// Says nothing of us: it is the fingerprint that counts.
Owned<X509> make_certificate(EVP_PKEY* key, UtcTime now, Random& random) {
    Owned<X509> certificate(X509_new());
    if (!certificate || X509_set_version(certificate.get(), X509_VERSION_3) != 1) return nullptr;
    const std::array<std::uint64_t, 1> serial{random.next() >> 1U | 1U};
    const Owned<BIGNUM> number(
        BN_lebin2bn(reinterpret_cast<const unsigned char*>(serial.data()), sizeof(serial), nullptr));
    if (!number || BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get())) == nullptr)
        return nullptr;
    const std::time_t from = std::chrono::system_clock::to_time_t(
        std::chrono::time_point_cast<std::chrono::system_clock::duration>(now - std::chrono::days{1}));
    const std::time_t to = from + std::chrono::duration_cast<std::chrono::seconds>(kValidity).count();
    if (ASN1_TIME_set(X509_getm_notBefore(certificate.get()), from) == nullptr ||
        ASN1_TIME_set(X509_getm_notAfter(certificate.get()), to) == nullptr)
        return nullptr;
    X509_NAME* name = X509_get_subject_name(certificate.get());
    static constexpr unsigned char kName[] = "media";
    if (X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, kName, -1, -1, 0) != 1 ||
        X509_set_issuer_name(certificate.get(), name) != 1 || X509_set_pubkey(certificate.get(), key) != 1 ||
        X509_sign(certificate.get(), key, EVP_sha256()) == 0)
        return nullptr;
    return certificate;
}

/// Whom the peer is, its fingerprint says, once the handshake is through.
int take_any_certificate(int, X509_STORE_CTX*) {
    return 1;
}

}  // namespace

Result<std::shared_ptr<const DtlsIdentity>> DtlsIdentity::make(UtcTime now, Random& random) {
    const auto failed = [] {
        return refuse(ErrorCode::Internal, "dtls", "OpenSSL makes no certificate for encrypted media");
    };
    const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
    const Owned<X509> certificate = key ? make_certificate(key.get(), now, random) : nullptr;
    const std::shared_ptr<DtlsIdentity> identity(new DtlsIdentity);
    identity->context_ = SSL_CTX_new(DTLS_method());
    if (!certificate || identity->context_ == nullptr) return failed();
    SSL_CTX* const context = identity->context_;
    SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, take_any_certificate);
    // It returns 0 for success, unlike its neighbours.
    if (SSL_CTX_set_tlsext_use_srtp(context, kProfiles) != 0 ||
        SSL_CTX_set_cipher_list(context, kCiphers) != 1 ||
        SSL_CTX_use_certificate(context, certificate.get()) != 1 ||
        SSL_CTX_use_PrivateKey(context, key.get()) != 1)
        return failed();
    identity->fingerprint_ = dtls_fingerprint(certificate.get(), "sha-256");
    return std::shared_ptr<const DtlsIdentity>(identity);
}

DtlsIdentity::~DtlsIdentity() {
    SSL_CTX_free(context_);
}

}  // namespace almon::media
