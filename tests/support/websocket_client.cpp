// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/websocket_client.hpp"

namespace almon::test {

namespace {

int byte_at(std::string_view bytes, std::size_t index) noexcept {
    return static_cast<unsigned char>(bytes[index]);
}

}  // namespace

HttpAnswer WebSocketClient::open(std::string_view target, std::string_view fields) {
    std::string upgrade =
        "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";  // the example of RFC 6455 1.3
    upgrade += fields;
    return connection_.ask("GET", target, upgrade);
}

bool WebSocketClient::send(int opcode, std::string_view payload, bool last) {
    std::string frame;
    frame += static_cast<char>((last ? 0x80 : 0) | opcode);
    if (payload.size() < 126) {
        frame += static_cast<char>(0x80 | payload.size());
    } else {
        const int bytes = payload.size() < 65536 ? 2 : 8;
        frame += static_cast<char>(0x80 | (bytes == 2 ? 126 : 127));
        for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
            frame += static_cast<char>(payload.size() >> shift);
    }
    const std::string_view mask = "mask";
    frame += mask;
    for (std::size_t index = 0; index < payload.size(); ++index)
        frame += static_cast<char>(payload[index] ^ mask[index % 4]);
    return connection_.send(frame);
}

bool WebSocketClient::send_close(int code, std::string_view reason) {
    std::string payload;
    payload += static_cast<char>(code >> 8);
    payload += static_cast<char>(code);
    payload += reason;
    return send(8, payload);
}

WebSocketClient::Frame WebSocketClient::receive() {
    Frame frame;
    const std::string head = connection_.read(2);
    if (head.size() < 2) return frame;
    std::size_t size = static_cast<std::size_t>(byte_at(head, 1) & 0x7f);
    if (size >= 126) {
        const std::string length = connection_.read(size == 126 ? 2 : 8);
        size = 0;
        for (std::size_t index = 0; index < length.size(); ++index)
            size = size * 256 + static_cast<std::size_t>(byte_at(length, index));
    }
    frame.opcode = byte_at(head, 0) & 0x0f;
    frame.last = (byte_at(head, 0) & 0x80) != 0;
    frame.payload = connection_.read(size);
    return frame;
}

int WebSocketClient::Frame::close_code() const noexcept {
    return payload.size() < 2 ? 0 : byte_at(payload, 0) * 256 + byte_at(payload, 1);
}

std::string WebSocketClient::Frame::close_reason() const {
    return payload.size() < 2 ? std::string() : payload.substr(2);
}

}  // namespace almon::test
