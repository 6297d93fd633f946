// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "http/request.hpp"

namespace almon::http {

/// Why a WebSocket ends (RFC 6455 section 7.4). Services may use numbers from 4000 on.
enum class CloseCode : std::uint16_t {
    Normal = 1000,
    GoingAway = 1001,
    ProtocolError = 1002,
    UnknownData = 1003,
    NoStatus = 1005,  ///< Never sent: the peer gave none.
    Abnormal = 1006,  ///< Never sent: the connection was lost.
    BadPayload = 1007,
    PolicyViolation = 1008,
    TooBig = 1009,
    InternalError = 1011,
    TryAgainLater = 1013,
};

/// The way to a peer. Any thread, at any time, also after the connection is gone: then nothing happens. Keeps
/// no handler alive.
class WebSocketSession {
public:
    virtual ~WebSocketSession() = default;
    /// Queued, sent in order. A peer that leaves more unread than WebSocketEndpoint::max_queued is cut off.
    virtual void send_text(std::string text) = 0;
    /// What goes to many takes its memory once.
    virtual void send_text(std::shared_ptr<const std::string> text) = 0;
    virtual void send_binary(std::string bytes) = 0;
    /// After what is queued. `reason` is cut at 123 bytes. The handler hears on_close when the peer has
    /// confirmed or been given up.
    virtual void close(CloseCode code, std::string_view reason) = 0;
    /// Bytes that the peer has not taken yet.
    [[nodiscard]] virtual std::size_t queued() const noexcept = 0;
    [[nodiscard]] virtual const NetAddress& remote() const noexcept = 0;
    /// The subprotocol agreed upon, or empty.
    [[nodiscard]] virtual std::string_view subprotocol() const noexcept = 0;
};

/// One connection's other half, in the service. All is called on the connection's IO thread, one after the
/// other, and must not wait. Destroyed after on_close.
class WebSocketHandler {
public:
    virtual ~WebSocketHandler() = default;
    virtual void on_open(const std::shared_ptr<WebSocketSession>& session) = 0;
    /// A whole message; text is UTF-8.
    virtual void on_message(std::string_view message, bool text) = 0;
    /// Once, whoever began it.
    virtual void on_close(CloseCode code, std::string_view reason) = 0;
};

/// What stands at the end of a WebSocket route.
struct WebSocketEndpoint {
    /// Called on the IO thread when a peer wants in, after Service::before. A refusal is answered in the
    /// service's dialect.
    std::function<Result<std::unique_ptr<WebSocketHandler>>(const Request&)> open{};
    /// In our order of preference. Empty: none is spoken. A peer that offers none of these is refused (400)
    /// where `subprotocol_required`, else goes without.
    std::vector<std::string> subprotocols{};
    bool subprotocol_required = false;
    std::size_t max_message = std::size_t{64} * 1024;
    std::size_t max_queued = std::size_t{1024} * 1024;
    /// Without a byte from the peer for half of this a ping is sent, for all of it the connection is lost.
    Duration idle_timeout = 60s;
};

}  // namespace almon::http
