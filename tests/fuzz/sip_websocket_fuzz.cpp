// SPDX-License-Identifier: GPL-3.0-or-later
// Whole frames of a WebSocket that speaks SIP: each has two bytes of length in front.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string_view>

#include "sip/transport/transports.hpp"
#include "sip/transport/websocket_transport.hpp"

namespace {

using namespace almon::sip;

class Listener final : public TransportListener {
public:
    void on_received(std::vector<Received> batch) override {
        for (const auto& received : batch) {
            if (!received.message.is_request() && received.message.status() < 100) std::abort();
        }
    }
    void on_flow_lost(const Flow&) override {}
};
class Connection final : public WebSocketTransport::Connection {
public:
    void send(std::string_view message) override {
        if (message != "\r\n") std::abort();
    }
    void close() override {}
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Listener listener;
    static Transports transports(listener);
    auto& websockets = transports.websockets(TransportKind::Wss);
    const auto address = *almon::NetAddress::parse("192.0.2.7", 4000);
    const auto flow = websockets.opened(address, address, std::make_shared<Connection>());
    if (!flow) std::abort();
    std::string_view bytes(reinterpret_cast<const char*>(data), size);
    while (bytes.size() >= 2) {
        const auto length =
            std::min<std::size_t>(static_cast<std::size_t>(static_cast<unsigned char>(bytes[0])) << 8U |
                                      static_cast<unsigned char>(bytes[1]),
                                  bytes.size() - 2);
        websockets.received(*flow, bytes.substr(2, length));
        bytes.remove_prefix(2 + length);
    }
    websockets.closed(*flow);
    return 0;
}
