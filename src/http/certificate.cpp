// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/certificate.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

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

/// As OpenSSL's little language has them; each once.
Result<std::string> alternative_names(const std::vector<std::string>& names) {
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

bool add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const Owned<X509_EXTENSION> extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

using Extensions = std::vector<std::pair<int, std::string>>;
bool add_extensions(X509* certificate, X509* issuer, const Extensions& extensions) {
    return std::all_of(extensions.begin(), extensions.end(), [&](const auto& extension) {
        return add_extension(certificate, issuer, extension.first, extension.second);
    });
}

bool set_serial(X509* certificate, Random& random) {
    std::array<std::uint64_t, 2> words{random.next(), random.next()};
    words[0] &= ~std::uint64_t{0x80};  // positive: the first byte's highest bit is zero (RFC 5280 4.1.2.2)
    words[0] |= 1;
    const Owned<BIGNUM> number(
        BN_bin2bn(reinterpret_cast<const unsigned char*>(words.data()), sizeof(words), nullptr));
    return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

/// A certificate for a key from a day before `now` on, so that a client whose clock is behind takes it too;
/// nobody has signed it yet.
Owned<X509> draft_certificate(EVP_PKEY* key, const CertificateOrder& order, UtcTime now, Random& random) {
    const auto at = [](UtcTime time) {
        return std::chrono::system_clock::to_time_t(
            std::chrono::time_point_cast<std::chrono::system_clock::duration>(time));
    };
    Owned<X509> certificate(X509_new());
    if (!certificate || X509_set_version(certificate.get(), X509_VERSION_3) != 1 ||
        !set_serial(certificate.get(), random) ||
        ASN1_TIME_set(X509_getm_notBefore(certificate.get()), at(now - std::chrono::days{1})) == nullptr ||
        ASN1_TIME_set(X509_getm_notAfter(certificate.get()), at(order.valid_until)) == nullptr ||
        X509_set_pubkey(certificate.get(), key) != 1)
        return nullptr;
    X509_NAME* name = X509_get_subject_name(certificate.get());
    for (const auto& [kind, text] :
         {std::pair{"C", &order.country}, std::pair{"ST", &order.state}, std::pair{"L", &order.city},
          std::pair{"O", &order.organization}, std::pair{"OU", &order.unit},
          std::pair{"CN", &order.common_name}, std::pair{"emailAddress", &order.email}}) {
        if (!text->empty() && X509_NAME_add_entry_by_txt(name, kind, MBSTRING_UTF8,
                                                         reinterpret_cast<const unsigned char*>(text->data()),
                                                         static_cast<int>(text->size()), -1, 0) != 1)
            return nullptr;
    }
    return certificate;
}

bool sign_by_itself(X509* certificate, EVP_PKEY* key) {
    return X509_set_issuer_name(certificate, X509_get_subject_name(certificate)) == 1 &&
           X509_sign(certificate, key, EVP_sha256()) != 0;
}

std::string content_of(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return {data, static_cast<std::size_t>(size)};
}

/// Both as PEM; empty where OpenSSL could not.
CertificateAndKey pem_of(X509* certificate, EVP_PKEY* key) {
    const Owned<BIO> key_text(BIO_new(BIO_s_mem()));
    const Owned<BIO> certificate_text(BIO_new(BIO_s_mem()));
    if (certificate == nullptr || !key_text || !certificate_text ||
        PEM_write_bio_PrivateKey(key_text.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1 ||
        PEM_write_bio_X509(certificate_text.get(), certificate) != 1)
        return {};
    return {content_of(certificate_text.get()), content_of(key_text.get())};
}

tl::unexpected<Error> not_made() {
    return refuse(ErrorCode::Internal, "certificate", "OpenSSL could not make one");
}

Owned<BIO> reader_of(const std::string& text) {
    return Owned<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// An authority, ready to sign.
struct Signer {
    Owned<X509> certificate;
    Owned<EVP_PKEY> key;
};
Result<Signer> signer_of(const CertificateAndKey& authority) {
    // Nobody is asked for a password.
    const auto no_password = [](char*, int, int, void*) { return -1; };
    const auto certificate = reader_of(authority.certificate);
    const auto key = reader_of(authority.private_key);
    Signer signer{
        Owned<X509>(certificate ? PEM_read_bio_X509(certificate.get(), nullptr, no_password, nullptr)
                                : nullptr),
        Owned<EVP_PKEY>(key ? PEM_read_bio_PrivateKey(key.get(), nullptr, no_password, nullptr) : nullptr)};
    if (!signer.certificate || X509_check_ca(signer.certificate.get()) == 0)
        return refuse(ErrorCode::InvalidArgument, "authority", "is no certificate of an authority");
    if (!signer.key || X509_check_private_key(signer.certificate.get(), signer.key.get()) != 1)
        return refuse(ErrorCode::InvalidArgument, "authority", "has no key of its own here");
    return signer;
}

Result<void> check_order(const CertificateOrder& order, UtcTime now) {
    const auto wrong = [](const char* member, const char* reason) {
        return refuse(ErrorCode::InvalidArgument, member, reason);
    };
    if (order.common_name.empty()) return wrong("common_name", "is missing");
    const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
    if (!order.country.empty() &&
        (order.country.size() != 2 || !std::all_of(order.country.begin(), order.country.end(), is_letter)))
        return wrong("country", "must be two letters, like CA");
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; };
    for (const auto& [member, text] :
         {std::pair{"common_name", &order.common_name}, std::pair{"email", &order.email},
          std::pair{"unit", &order.unit}, std::pair{"organization", &order.organization},
          std::pair{"city", &order.city}, std::pair{"state", &order.state}}) {
        if (text->size() > kMaxCommonName) return wrong(member, "has more than 64 characters");
        if (std::any_of(text->begin(), text->end(), is_control))
            return wrong(member, "has control characters");
    }
    if (!std::all_of(order.email.begin(), order.email.end(), [](char c) { return c > ' '; }))
        return wrong("email", "must be an address like alice@example.org");
    for (const auto& name : order.alternatives) {
        if (!is_host_name(name) && !NetAddress::parse(name, 0))
            return wrong("alternatives", "must be names or addresses of hosts");
    }
    if (order.key_bits != 2048 && order.key_bits != 3072 && order.key_bits != 4096)
        return wrong("key_length", "must be 2048, 3072 or 4096");
    if (order.valid_until <= now) return wrong("valid_until", "is over already");
    return {};
}

Result<void> write(const std::filesystem::path& file, std::string_view content, mode_t mode) {
    if (const auto error = write_file(file, content, mode))
        return refuse(ErrorCode::Unavailable, "certificate",
                      file.string() + " cannot be written: " + error.message());
    return {};
}

}  // namespace

Result<CertificateAndKey> issue_certificate(const CertificateOrder& order, const CertificateAndKey* authority,
                                            UtcTime now, Random& random) {
    if (auto sound = check_order(order, now); !sound) return refuse(sound);
    std::optional<Signer> signer;
    if (authority != nullptr) {
        auto found = signer_of(*authority);
        if (!found) return refuse(found);
        signer = *std::move(found);
    }
    const Owned<EVP_PKEY> key(EVP_RSA_gen(static_cast<unsigned>(order.key_bits)));
    const Owned<X509> certificate = key ? draft_certificate(key.get(), order, now, random) : nullptr;
    if (!certificate) return not_made();

    auto names = order.alternatives;
    if (is_host_name(order.common_name) || NetAddress::parse(order.common_name, 0))
        names.insert(names.begin(), order.common_name);
    const auto alternatives = alternative_names(names);
    if (!alternatives) return refuse(alternatives);
    Extensions extensions = {{NID_subject_key_identifier, "hash"}};
    if (order.is_authority) {
        extensions.push_back({NID_basic_constraints, "critical,CA:TRUE"});
        extensions.push_back({NID_key_usage, "critical,keyCertSign,cRLSign"});
    } else {
        extensions.push_back({NID_basic_constraints, "critical,CA:FALSE"});
        extensions.push_back({NID_key_usage, "critical,digitalSignature,keyEncipherment"});
        extensions.push_back({NID_ext_key_usage, "serverAuth,clientAuth"});
    }
    if (!alternatives->empty()) extensions.push_back({NID_subject_alt_name, *alternatives});
    if (signer) extensions.push_back({NID_authority_key_identifier, "keyid"});
    auto* issuer = signer ? signer->certificate.get() : certificate.get();
    if (!add_extensions(certificate.get(), issuer, extensions)) return not_made();
    const bool is_signed =
        signer ? X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer)) == 1 &&
                     X509_sign(certificate.get(), signer->key.get(), EVP_sha256()) != 0
               : sign_by_itself(certificate.get(), key.get());
    auto made = is_signed ? pem_of(certificate.get(), key.get()) : CertificateAndKey{};
    if (made.certificate.empty()) return not_made();
    return made;
}

Result<void> make_self_signed_certificate(const CertificateFiles& files, const CertificateSubject& subject,
                                          UtcTime now, Random& random) {
    std::vector<std::string> hosts = {subject.host_name, "localhost", "127.0.0.1"};
    hosts.insert(hosts.end(), subject.alternatives.begin(), subject.alternatives.end());
    const auto names = alternative_names(hosts);
    if (!names) return refuse(names);
    CertificateOrder order{subject.host_name.substr(0, kMaxCommonName)};
    order.valid_until = now + kValidity - std::chrono::days{1};
    const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
    const Owned<X509> certificate = key ? draft_certificate(key.get(), order, now, random) : nullptr;
    // An authority of its own, so that clients may import this very file as what they trust.
    if (!certificate ||
        !add_extensions(certificate.get(), certificate.get(),
                        {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                         {NID_key_usage, "critical,digitalSignature,keyCertSign"},
                         {NID_ext_key_usage, "serverAuth,clientAuth"},
                         {NID_subject_key_identifier, "hash"},
                         {NID_subject_alt_name, *names}}) ||
        !sign_by_itself(certificate.get(), key.get()))
        return not_made();
    auto pem = pem_of(certificate.get(), key.get());
    if (pem.certificate.empty()) return not_made();
    auto written = write(files.key, pem.private_key, 0600);
    OPENSSL_cleanse(pem.private_key.data(), pem.private_key.size());
    if (!written) return written;
    return write(files.certificate, pem.certificate, 0644);
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
