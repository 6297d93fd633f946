// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>

#include "base/net_address.hpp"
#include "base/tls_socket.hpp"
#include "http/tls_context.hpp"

namespace almon::http {

/// One TCP connection, with TLS or without, that never waits: each call does what can be done now and says
/// what it would wait for. Of one IO thread. OpenSSL works on the socket itself, without the buffers that a
/// stream of Asio has in between.
class Stream final {
public:
    using Status = TlsSocket::Status;
    using Outcome = TlsSocket::Outcome;

    /// `socket` is connected and non-blocking. Without `tls` in the clear.
    Stream(boost::asio::ip::tcp::socket socket, std::shared_ptr<const TlsContext> tls);
    ~Stream();
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    /// Done at once in the clear.
    [[nodiscard]] Status shake_hands();
    /// Done with 0 bytes never happens: that is Closed.
    [[nodiscard]] Outcome read(std::span<char> into);
    /// As much of `head`, then `body`, as is taken now.
    [[nodiscard]] Outcome write(std::string_view head, std::string_view body);
    /// True where read() may give more although the socket is not readable.
    [[nodiscard]] bool holds_input() const noexcept;
    /// Says goodbye: what follows is not sent any more.
    void finish_sending() noexcept;

    [[nodiscard]] NetAddress local_address() noexcept;
    [[nodiscard]] bool is_secure() const noexcept { return ssl_ != nullptr; }
    [[nodiscard]] boost::asio::ip::tcp::socket& socket() noexcept { return socket_; }

private:
    boost::asio::ip::tcp::socket socket_;
    std::shared_ptr<const TlsContext> tls_;
    std::unique_ptr<TlsSocket> ssl_;  ///< Null in the clear.
};

}  // namespace almon::http
