// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/websocketd/websocketd.hpp"

#include <string>
#include <utility>

namespace almon::services {

namespace {

/// What a client sends is a word and a name.
constexpr std::size_t kMostOfAMessage = std::size_t{16} * 1024;
constexpr std::string_view kRequired = "websocketd";

std::string reply(std::string_view operation) {
    return R"({"op":")" + std::string(operation) + R"(","code":0,"msg":""})";
}

class Handler final : public http::WebSocketHandler {
public:
    Handler(Authentication& authentication, EventClients& clients, std::string token)
        : authentication_(authentication), clients_(clients), token_(std::move(token)) {}

    // A browser learns of a close code only of a connection that was open (API-218, API-219).
    void on_open(const std::shared_ptr<http::WebSocketSession>& session) override {
        session_ = session;
        if (token_.empty()) return close(EventClose::NoToken, "no token");
        const auto token = authentication_.tokens().find(token_);
        if (!token) static_cast<void>(authentication_.attempts().begin(session->remote(), now()));
        if (!token || !token->may(kRequired)) return close(EventClose::TokenRefused, "authentication failed");
        client_ = std::make_shared<EventClients::Client>(session, token);
        session->send_text(reply("init"));
        clients_.add(client_);
        // It may have ended before anybody knew that it was used here.
        if (authentication_.tokens().find(token_) == nullptr) clients_.end(*token);
    }

    void on_message(std::string_view message, bool) override {
        if (!client_) return;
        const auto request = EventRequest::parse(message);
        if (!request) return close(EventClose::NotUnderstood, request.error().reason);
        if (request->operation == EventRequest::Operation::Subscribe) {
            if (clients_.subscribe(client_, request->event_name)) session_->send_text(reply("subscribe"));
            return;
        }
        // Confirmed before it takes effect: nothing may come before the confirmation.
        if (std::exchange(started_, true)) return;
        session_->send_text(reply("start"));
        clients_.start(client_);
    }

    void on_close(http::CloseCode, std::string_view) override { leave(); }

private:
    void leave() {
        if (client_) clients_.remove(client_);
        client_.reset();
    }
    void close(EventClose code, std::string_view reason) {
        leave();
        session_->close(static_cast<http::CloseCode>(code), reason);
    }

    [[nodiscard]] Instant now() const { return authentication_.now().instant; }

    Authentication& authentication_;
    EventClients& clients_;
    const std::string token_;
    std::shared_ptr<http::WebSocketSession> session_;
    std::shared_ptr<EventClients::Client> client_;
    bool started_ = false;
};

}  // namespace

std::shared_ptr<const http::Service> make_websocketd_service(Authentication& authentication,
                                                             EventClients& clients) {
    auto service = std::make_shared<http::Service>();
    service->name = "xivo-websocketd";
    http::WebSocketEndpoint endpoint;
    endpoint.max_message = kMostOfAMessage;
    endpoint.open = [&authentication, &clients](
                        const http::Request& request) -> Result<std::unique_ptr<http::WebSocketHandler>> {
        if (const auto wait = authentication.attempts().wait_of(request.remote, authentication.now().instant))
            return refuse(ErrorCode::Exhausted, "", "too many wrong tokens: try again later");
        return std::make_unique<Handler>(authentication, clients,
                                         std::string(request.query.find("token").value_or("")));
    };
    http::RouteOptions options;
    options.is_public = true;
    service->router.add_websocket("/", endpoint, options);
    return service;
}

}  // namespace almon::services
