// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>

#include "base/net_address.hpp"
#include "http/tls_context.hpp"

struct ssl_st;

namespace almon::http {

/// One TCP connection, with TLS or without, that never waits: each call does what can be done now and says
/// what it would wait for. Of one IO thread. OpenSSL works on the socket itself, without the buffers that a
/// stream of Asio has in between.
class Stream final {
public:
    enum class Status {
        Done,
        WantRead,   ///< Call again when the socket is readable.
        WantWrite,  ///< Call again when the socket is writable.
        Closed,     ///< By the peer, or lost.
    };
    struct Outcome {
        Status status = Status::Done;
        std::size_t bytes = 0;  ///< Taken or given, with Done.
    };

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
    struct FreeSsl {
        void operator()(ssl_st* ssl) const noexcept;
    };

    [[nodiscard]] Status status_of(int result) noexcept;
    [[nodiscard]] Outcome write_secure(std::string_view bytes);

    boost::asio::ip::tcp::socket socket_;
    std::shared_ptr<const TlsContext> tls_;
    std::unique_ptr<ssl_st, FreeSsl> ssl_;
};

}  // namespace almon::http
