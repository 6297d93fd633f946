// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/tls_socket.hpp"

#include <cerrno>
#include <cstdint>

#include <sys/socket.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace almon {

namespace {

bool would_block(int error) noexcept {
    return error == EAGAIN;
}

// OpenSSL's own socket BIO writes without MSG_NOSIGNAL: a peer that is gone would end the process.

int descriptor_of(BIO* bio) noexcept {
    return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

int bio_read(BIO* bio, char* into, int size) {
    BIO_clear_retry_flags(bio);
    const ssize_t count = ::recv(descriptor_of(bio), into, static_cast<std::size_t>(size), 0);
    if (count < 0 && (would_block(errno) || errno == EINTR)) BIO_set_retry_read(bio);
    return static_cast<int>(count);
}

int bio_write(BIO* bio, const char* from, int size) {
    BIO_clear_retry_flags(bio);
    const ssize_t count = ::send(descriptor_of(bio), from, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (count < 0 && (would_block(errno) || errno == EINTR)) BIO_set_retry_write(bio);
    return static_cast<int>(count);
}

long bio_control(BIO*, int command, long, void*) {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

const BIO_METHOD* socket_method() {
    static const BIO_METHOD* const kMethod = [] {
        BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "quiet socket");
        BIO_meth_set_read(method, bio_read);
        BIO_meth_set_write(method, bio_write);
        BIO_meth_set_ctrl(method, bio_control);
        return method;
    }();
    return kMethod;
}

}  // namespace

void TlsSocket::Free::operator()(ssl_st* ssl) const noexcept {
    SSL_free(ssl);
}

TlsSocket::TlsSocket(ssl_ctx_st* context, int descriptor) : ssl_(SSL_new(context)) {
    BIO* bio = BIO_new(socket_method());
    BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor)));
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio);
    SSL_set_accept_state(ssl_.get());
}

TlsSocket::~TlsSocket() = default;

TlsSocket::Status TlsSocket::status_of(int result) noexcept {
    switch (SSL_get_error(ssl_.get(), result)) {
        case SSL_ERROR_WANT_READ:
            return Status::WantRead;
        case SSL_ERROR_WANT_WRITE:
            return Status::WantWrite;
        default:
            ERR_clear_error();
            return Status::Closed;
    }
}

TlsSocket::Status TlsSocket::shake_hands() {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    return result == 1 ? Status::Done : status_of(result);
}

TlsSocket::Outcome TlsSocket::read(std::span<char> into) {
    ERR_clear_error();
    std::size_t count = 0;
    const int result = SSL_read_ex(ssl_.get(), into.data(), into.size(), &count);
    if (result == 1) return {Status::Done, count};
    return {status_of(result), 0};
}

TlsSocket::Outcome TlsSocket::write(std::string_view bytes) {
    ERR_clear_error();
    std::size_t count = 0;
    const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count);
    if (result == 1) return {Status::Done, count};
    return {status_of(result), 0};
}

bool TlsSocket::holds_input() const noexcept {
    return SSL_has_pending(ssl_.get()) == 1;
}

void TlsSocket::finish() noexcept {
    if (SSL_is_init_finished(ssl_.get()) == 0) return;
    ERR_clear_error();
    (void)SSL_shutdown(ssl_.get());
    ERR_clear_error();
}

}  // namespace almon
