// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "support/http_client.hpp"

namespace almon::test {

/// The client's side of a WebSocket (RFC 6455), frame by frame, over an HttpClient that is connected.
class WebSocketClient final {
public:
    explicit WebSocketClient(HttpClient& connection) : connection_(connection) {}

    /// Asks for the upgrade; `fields` are whole lines. Gives the answer, 101 where it went well.
    HttpAnswer open(std::string_view target, std::string_view fields = {});

    struct Frame {
        /// 1 text, 2 binary, 8 close, 9 ping, 10 pong; -1: the connection is closed.
        int opcode = -1;
        bool last = true;
        std::string payload;

        /// Of a close frame; 0 where it gives none.
        [[nodiscard]] int close_code() const noexcept;
        [[nodiscard]] std::string close_reason() const;
    };
    bool send(int opcode, std::string_view payload, bool last = true);
    bool send_text(std::string_view text) { return send(1, text); }
    bool send_close(int code, std::string_view reason = {});
    /// The next frame, whatever it is.
    [[nodiscard]] Frame receive();

private:
    HttpClient& connection_;
};

}  // namespace almon::test
