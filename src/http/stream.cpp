// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/stream.hpp"

#include <array>
#include <cerrno>

#include <sys/socket.h>
#include <sys/uio.h>

namespace almon::http {

namespace {

bool would_block(int error) noexcept {
    return error == EAGAIN;
}

}  // namespace

Stream::Stream(boost::asio::ip::tcp::socket socket, std::shared_ptr<const TlsContext> tls)
    : socket_(std::move(socket)), tls_(std::move(tls)) {
    if (!tls_) return;
    ssl_ = std::make_unique<TlsSocket>(tls_->native(), socket_.native_handle());
}

Stream::~Stream() = default;

Stream::Status Stream::shake_hands() {
    if (!ssl_) return Status::Done;
    return ssl_->shake_hands();
}

Stream::Outcome Stream::read(std::span<char> into) {
    if (!ssl_) {
        while (true) {
            const ssize_t count = ::recv(socket_.native_handle(), into.data(), into.size(), 0);
            if (count > 0) return {Status::Done, static_cast<std::size_t>(count)};
            if (count < 0 && errno == EINTR) continue;
            return {count < 0 && would_block(errno) ? Status::WantRead : Status::Closed, 0};
        }
    }
    return ssl_->read(into);
}

Stream::Outcome Stream::write(std::string_view head, std::string_view body) {
    if (ssl_) return ssl_->write(head.empty() ? body : head);
    std::array<iovec, 2> parts{};
    std::size_t count = 0;
    for (const std::string_view part : {head, body}) {
        if (part.empty()) continue;
        parts[count++] = {const_cast<char*>(part.data()), part.size()};
    }
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = count;
    while (true) {
        const ssize_t sent = ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL);
        if (sent >= 0) return {Status::Done, static_cast<std::size_t>(sent)};
        if (errno == EINTR) continue;
        return {would_block(errno) ? Status::WantWrite : Status::Closed, 0};
    }
}

bool Stream::holds_input() const noexcept {
    return ssl_ && ssl_->holds_input();
}

NetAddress Stream::local_address() noexcept {
    sockaddr_storage storage{};
    socklen_t size = sizeof(storage);
    ::getsockname(socket_.native_handle(), reinterpret_cast<sockaddr*>(&storage), &size);
    return NetAddress::from(storage);
}

void Stream::finish_sending() noexcept {
    if (ssl_) ssl_->finish();
    boost::system::error_code ignored;
    socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
}

}  // namespace almon::http
