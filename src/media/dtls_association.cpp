// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/dtls_association.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <utility>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "base/lower_case.hpp"
#include "media/dtls_fingerprint.hpp"

namespace almon::media {

/// What OpenSSL reads from and writes to, a datagram at a time.
struct DtlsAssociation::Datagrams {
    std::span<const std::uint8_t> incoming;
    std::vector<std::vector<std::uint8_t>> outgoing;
};

namespace {

/// Fits through every path that carries IPv6.
constexpr long kMtu = 1200;
/// A handshake is about ten datagrams; whoever makes us say more is up to something.
constexpr std::size_t kMostOutgoing = 64;

struct Profile {
    unsigned long id;
    std::string_view suite;
    std::size_t key;
    std::size_t salt;
};
constexpr std::array<Profile, 4> kProfiles{{{SRTP_AES128_CM_SHA1_80, "AES_CM_128_HMAC_SHA1_80", 16, 14},
                                            {SRTP_AES128_CM_SHA1_32, "AES_CM_128_HMAC_SHA1_32", 16, 14},
                                            {SRTP_AEAD_AES_128_GCM, "AEAD_AES_128_GCM", 16, 12},
                                            {SRTP_AEAD_AES_256_GCM, "AEAD_AES_256_GCM", 32, 12}}};

template <class Datagrams>
Datagrams& datagrams_of(BIO* bio) noexcept {
    return *static_cast<Datagrams*>(BIO_get_data(bio));
}

template <class Datagrams>
int read_datagram(BIO* bio, char* into, int size) {
    BIO_clear_retry_flags(bio);
    auto& incoming = datagrams_of<Datagrams>(bio).incoming;
    if (incoming.empty()) {
        BIO_set_retry_read(bio);
        return -1;
    }
    const auto taken = std::min(incoming.size(), static_cast<std::size_t>(size));
    std::memcpy(into, incoming.data(), taken);
    incoming = {};
    return static_cast<int>(taken);
}

template <class Datagrams>
int write_datagram(BIO* bio, const char* from, int size) {
    BIO_clear_retry_flags(bio);
    auto& outgoing = datagrams_of<Datagrams>(bio).outgoing;
    if (outgoing.size() < kMostOutgoing) outgoing.emplace_back(from, from + size);
    return size;
}

long control(BIO*, int command, long, void*) {
    switch (command) {
        case BIO_CTRL_FLUSH:
            return 1;
        case BIO_CTRL_DGRAM_QUERY_MTU:
        case BIO_CTRL_DGRAM_GET_FALLBACK_MTU:
            return kMtu;
        default:
            return 0;
    }
}

template <class Datagrams>
const BIO_METHOD* datagram_method() {
    static const BIO_METHOD* const kMethod = [] {
        BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagrams of a leg");
        BIO_meth_set_read(method, read_datagram<Datagrams>);
        BIO_meth_set_write(method, write_datagram<Datagrams>);
        BIO_meth_set_ctrl(method, control);
        return method;
    }();
    return kMethod;
}

std::string last_error() {
    const unsigned long error = ERR_peek_last_error();
    ERR_clear_error();
    const char* reason = ERR_reason_error_string(error);
    return reason == nullptr ? "the peer gave up" : reason;
}

bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept {
    return std::ranges::equal(
        left, right, [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

}  // namespace

void DtlsAssociation::Free::operator()(ssl_st* ssl) const noexcept {
    SSL_free(ssl);
}

DtlsAssociation::DtlsAssociation(std::shared_ptr<const DtlsIdentity> identity, bool client,
                                 std::string fingerprint)
    : identity_(std::move(identity)),
      fingerprint_(std::move(fingerprint)),
      client_(client),
      datagrams_(std::make_unique<Datagrams>()),
      ssl_(SSL_new(identity_->native())) {
    BIO* bio = BIO_new(datagram_method<Datagrams>());
    BIO_set_data(bio, datagrams_.get());
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio);
    SSL_set_mtu(ssl_.get(), kMtu);
    if (client_) {
        SSL_set_connect_state(ssl_.get());
    } else {
        SSL_set_accept_state(ssl_.get());
    }
}

DtlsAssociation::~DtlsAssociation() = default;

void DtlsAssociation::begin() {
    if (client_ && state_ == State::Idle) proceed();
}

void DtlsAssociation::receive(std::span<const std::uint8_t> datagram) {
    if (state_ == State::Failed || state_ == State::Closed) return;
    datagrams_->incoming = datagram;
    proceed();
    datagrams_->incoming = {};
}

void DtlsAssociation::check_timer() {
    if (state_ != State::Handshaking) return;
    ERR_clear_error();
    if (DTLSv1_handle_timeout(ssl_.get()) < 0) fail("the peer does not answer");
}

std::vector<std::vector<std::uint8_t>> DtlsAssociation::take_outgoing() noexcept {
    return std::exchange(datagrams_->outgoing, {});
}

void DtlsAssociation::proceed() {
    ERR_clear_error();
    if (state_ == State::Idle) state_ = State::Handshaking;
    if (state_ == State::Handshaking) {
        const int result = SSL_do_handshake(ssl_.get());
        if (result == 1) return finish_handshake();
        const int error = SSL_get_error(ssl_.get(), result);
        if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) fail(last_error());
        return;
    }
    // After the handshake there is nothing to read but its repetitions and a goodbye.
    std::array<unsigned char, 64> ignored{};
    const int result = SSL_read(ssl_.get(), ignored.data(), static_cast<int>(ignored.size()));
    if (result <= 0 && SSL_get_error(ssl_.get(), result) == SSL_ERROR_ZERO_RETURN) state_ = State::Closed;
    ERR_clear_error();
}

void DtlsAssociation::fail(std::string reason) {
    state_ = State::Failed;
    reason_ = std::move(reason);
}

void DtlsAssociation::finish_handshake() {
    const std::unique_ptr<X509, decltype(&X509_free)> peer(SSL_get1_peer_certificate(ssl_.get()), X509_free);
    const auto hash = in_lower_case(std::string_view(fingerprint_).substr(0, fingerprint_.find(' ')));
    const auto found = peer ? dtls_fingerprint(peer.get(), hash) : std::string();
    if (found.empty() || !equals_ignoring_case(found, fingerprint_))
        return fail("the certificate does not have the fingerprint that was signalled");
    const auto* const chosen = SSL_get_selected_srtp_profile(ssl_.get());
    const auto* const profile =
        chosen == nullptr ? kProfiles.end() : std::ranges::find(kProfiles, chosen->id, &Profile::id);
    if (profile == kProfiles.end()) return fail("the peer speaks no SRTP that is spoken here");
    // RFC 5764 4.2: both keys, then both salts, the client's first.
    constexpr std::string_view kLabel = "EXTRACTOR-dtls_srtp";
    std::array<unsigned char, 128> material{};
    const auto size = 2 * (profile->key + profile->salt);
    if (SSL_export_keying_material(ssl_.get(), material.data(), size, kLabel.data(), kLabel.size(), nullptr,
                                   0, 0) != 1)
        return fail(last_error());
    const auto part = [&](std::size_t side) {
        std::string key(reinterpret_cast<const char*>(material.data()) + side * profile->key, profile->key);
        key.append(reinterpret_cast<const char*>(material.data()) + 2 * profile->key + side * profile->salt,
                   profile->salt);
        return key;
    };
    keys_ = {std::string(profile->suite), part(client_ ? 0 : 1), part(client_ ? 1 : 0)};
    state_ = State::Established;
}

}  // namespace almon::media
