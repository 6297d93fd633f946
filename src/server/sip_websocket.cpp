// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/sip_websocket.hpp"

#include <optional>
#include <string>
#include <utility>

#include "base/log.hpp"

namespace almon::server {

namespace {

/// As long as SIP over a stream may be; what is longer ends the connection.
constexpr std::size_t kMaxMessage = std::size_t{64} * 1024;

class Connection final : public sip::WebSocketTransport::Connection {
public:
    explicit Connection(std::shared_ptr<http::WebSocketSession> session) : session_(std::move(session)) {}

    void send(std::string_view message) override { session_->send_text(std::string(message)); }
    void close() override { session_->close(http::CloseCode::GoingAway, "the server goes down"); }

private:
    std::shared_ptr<http::WebSocketSession> session_;
};

class Handler final : public http::WebSocketHandler {
public:
    Handler(sip::WebSocketTransport& transport, const NetAddress& local)
        : transport_(transport), local_(local) {}

    void on_open(const std::shared_ptr<http::WebSocketSession>& session) override {
        flow_ = transport_.opened(local_, session->remote(), std::make_shared<Connection>(session));
        if (!flow_) session->close(http::CloseCode::TryAgainLater, "too many connections");
    }
    void on_message(std::string_view message, bool) override {
        if (flow_) transport_.received(*flow_, message);
    }
    void on_close(http::CloseCode code, std::string_view reason) override {
        if (!flow_) return;
        log_debug("SIP over {}: {} has gone ({} {})", sip::via_name(flow_->transport), flow_->remote.text(),
                  static_cast<int>(code), reason);
        transport_.closed(*flow_);
    }

private:
    sip::WebSocketTransport& transport_;
    const NetAddress local_;
    std::optional<sip::Flow> flow_;
};

}  // namespace

std::shared_ptr<const http::Service> make_sip_websocket_service(sip::WebSocketTransport& transport,
                                                                const std::vector<std::string_view>& paths) {
    auto service = std::make_shared<http::Service>();
    service->name = "SIP over " + std::string(sip::via_name(transport.kind()));
    http::WebSocketEndpoint endpoint;
    endpoint.subprotocols = {"sip"};
    endpoint.subprotocol_required = true;
    endpoint.max_message = kMaxMessage;
    endpoint.open =
        [&transport](const http::Request& request) -> Result<std::unique_ptr<http::WebSocketHandler>> {
        return std::make_unique<Handler>(transport, request.local);
    };
    http::RouteOptions options;
    options.is_public = true;
    for (const std::string_view path : paths)
        service->router.add_websocket(path, endpoint, options);
    return service;
}

}  // namespace almon::server
