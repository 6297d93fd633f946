// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/tls_context.hpp"

#include <string>
#include <string_view>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace almon::http {

namespace {

/// Forward secrecy and authenticated ciphers for TLS 1.2; those of TLS 1.3 are all of that kind.
constexpr char kCiphers[] = "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:!aNULL:!PSK:!SRP";

int no_password(char*, int, int, void*) {
    return -1;
}

/// RFC 7301: HTTP/1.1 is all we speak; a client that asks for others alone goes on without.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* offered,
                    unsigned int offered_size, void*) {
    static constexpr unsigned char kOurs[] = "\x08http/1.1";
    unsigned char* chosen = nullptr;
    if (SSL_select_next_proto(&chosen, out_size, kOurs, sizeof(kOurs) - 1, offered, offered_size) !=
        OPENSSL_NPN_NEGOTIATED) {
        return SSL_TLSEXT_ERR_NOACK;
    }
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

std::string last_error() {
    const unsigned long error = ERR_peek_last_error();
    ERR_clear_error();
    const char* reason = ERR_reason_error_string(error);
    return reason == nullptr ? "unknown reason" : reason;
}

Result<void> readable(const std::filesystem::path& file, std::string_view field) {
    std::error_code error;
    if (!std::filesystem::exists(file, error)) {
        return refuse(ErrorCode::NotFound, std::string(field),
                      "the file " + file.string() + " does not exist");
    }
    return {};
}

}  // namespace

Result<std::shared_ptr<const TlsContext>> TlsContext::load(const CertificateFiles& files) {
    if (auto present = readable(files.certificate, "certificate"); !present) return refuse(present);
    if (auto present = readable(files.key, "private_key"); !present) return refuse(present);
    SSL_CTX* native = SSL_CTX_new(TLS_server_method());
    if (native == nullptr) return refuse(ErrorCode::Internal, "tls", last_error());
    const std::shared_ptr<const TlsContext> context(new TlsContext(native));
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                    SSL_OP_PRIORITIZE_CHACHA | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(native, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                 SSL_MODE_RELEASE_BUFFERS);
    // Tickets resume sessions without memory of ours.
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_read_ahead(native, 1);
    SSL_CTX_set_cipher_list(native, kCiphers);
    SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
    SSL_CTX_set_default_passwd_cb(native, no_password);
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(native, files.certificate.c_str()) != 1) {
        return refuse(
            ErrorCode::InvalidArgument, "certificate",
            files.certificate.string() + " is not a certificate in PEM form (" + last_error() + ")");
    }
    if (SSL_CTX_use_PrivateKey_file(native, files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
        const bool mismatch = ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH;
        return refuse(ErrorCode::InvalidArgument, "private_key",
                      mismatch
                          ? files.key.string() + " is not the key of " + files.certificate.string()
                          : files.key.string() + " is not a readable key in PEM form without password (" +
                                last_error() + ")");
    }
    if (SSL_CTX_check_private_key(native) != 1) {
        ERR_clear_error();
        return refuse(ErrorCode::InvalidArgument, "private_key",
                      files.key.string() + " is not the key of " + files.certificate.string());
    }
    return context;
}

TlsContext::~TlsContext() {
    SSL_CTX_free(context_);
}

}  // namespace almon::http
