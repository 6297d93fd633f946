// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

struct ssl_ctx_st;
struct ssl_st;

namespace almon {

/// The server's side of TLS on a connected, non-blocking socket that somebody else owns. Never waits: each
/// call does what can be done now and says what it would wait for. Not to be used by two threads at a time.
class TlsSocket final {
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

    TlsSocket(ssl_ctx_st* context, int descriptor);
    ~TlsSocket();
    TlsSocket(const TlsSocket&) = delete;
    TlsSocket& operator=(const TlsSocket&) = delete;

    [[nodiscard]] Status shake_hands();
    [[nodiscard]] Outcome read(std::span<char> into);
    /// What was not taken must be given again, more behind it is allowed.
    [[nodiscard]] Outcome write(std::string_view bytes);
    /// True where read() may give more although the socket is not readable.
    [[nodiscard]] bool holds_input() const noexcept;
    /// Says goodbye, where there was a handshake.
    void finish() noexcept;

private:
    struct Free {
        void operator()(ssl_st* ssl) const noexcept;
    };
    [[nodiscard]] Status status_of(int result) noexcept;

    std::unique_ptr<ssl_st, Free> ssl_;
};

}  // namespace almon
