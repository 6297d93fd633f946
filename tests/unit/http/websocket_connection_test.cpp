// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/websocket_connection.hpp"

#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "http/certificate.hpp"
#include "http/server.hpp"
#include "support/files.hpp"
#include "support/http_client.hpp"
#include "support/websocket_client.hpp"

namespace almon::http {
namespace {

using test::HttpAnswer;
using test::HttpClient;
using test::WebSocketClient;

/// What the handlers of a test heard, and the sessions they got.
struct Heard {
    std::mutex mutex;
    std::condition_variable change;
    std::shared_ptr<WebSocketSession> session;
    std::vector<std::string> closed;

    std::shared_ptr<WebSocketSession> wait_for_session() {
        std::unique_lock lock(mutex);
        change.wait(lock, [&] { return session != nullptr; });
        return session;
    }
    std::string wait_for_close() {
        std::unique_lock lock(mutex);
        change.wait(lock, [&] { return !closed.empty(); });
        return closed.front();
    }
};

class Echo final : public WebSocketHandler {
public:
    explicit Echo(std::shared_ptr<Heard> heard) : heard_(std::move(heard)) {}

    void on_open(const std::shared_ptr<WebSocketSession>& session) override {
        session_ = session;
        const std::lock_guard lock(heard_->mutex);
        heard_->session = session;
        heard_->change.notify_all();
    }
    void on_message(std::string_view message, bool text) override {
        if (message == "throw") throw std::runtime_error("boom");
        if (message == "close") return session_->close(CloseCode{4001}, "as you wish");
        if (text) {
            session_->send_text(std::string(message));
        } else {
            session_->send_binary(std::string(message));
        }
    }
    void on_close(CloseCode code, std::string_view reason) override {
        const std::lock_guard lock(heard_->mutex);
        heard_->closed.push_back(std::to_string(static_cast<int>(code)) + " " + std::string(reason));
        heard_->change.notify_all();
    }

private:
    std::shared_ptr<Heard> heard_;
    std::shared_ptr<WebSocketSession> session_;  ///< A circle, until on_close.
};

class WebSockets : public ::testing::Test {
protected:
    NetAddress serve(WebSocketEndpoint endpoint = {}, ServerSettings settings = {},
                     std::shared_ptr<const TlsContext> tls = nullptr) {
        auto service = std::make_shared<Service>();
        endpoint.open = [heard =
                             heard_](const Request& request) -> Result<std::unique_ptr<WebSocketHandler>> {
            if (request.query.find("token") == "wrong")
                return refuse(ErrorCode::Unauthorized, {}, "who are you");
            return std::make_unique<Echo>(heard);
        };
        service->router.add_websocket("/echo", std::move(endpoint));
        server_ = std::make_unique<Server>(settings);
        return *server_->listen(*NetAddress::parse("127.0.0.1", 0), {{"", service}}, std::move(tls));
    }

    std::shared_ptr<Heard> heard_ = std::make_shared<Heard>();
    std::unique_ptr<Server> server_;
};

TEST_F(WebSockets, CarryTextAndBytesBothWays) {
    HttpClient connection(serve());
    WebSocketClient client(connection);
    const HttpAnswer answer = client.open("/echo");
    ASSERT_EQ(answer.status, 101);
    EXPECT_EQ(answer.headers.get("Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");  // RFC 6455 1.3
    EXPECT_FALSE(answer.headers.contains("Sec-WebSocket-Protocol"));
    for (const std::string& text : {std::string("hello"), std::string(), std::string(60'000, 'x')}) {
        client.send_text(text);
        const auto frame = client.receive();
        EXPECT_EQ(frame.opcode, 1);
        EXPECT_TRUE(frame.payload == text);
    }
    client.send(2, std::string("\0\xff", 2));
    auto frame = client.receive();
    EXPECT_EQ(frame.opcode, 2);
    EXPECT_EQ(frame.payload, std::string("\0\xff", 2));
    client.send(1, "in ", false);
    client.send(9, "ping");
    client.send(0, "pieces");
    frame = client.receive();
    EXPECT_EQ(frame.opcode, 10);
    EXPECT_EQ(frame.payload, "ping");
    EXPECT_EQ(client.receive().payload, "in pieces");
    client.send_close(1000, "enough");
    EXPECT_EQ(client.receive().close_code(), 1000);
    EXPECT_TRUE(connection.sees_close());
    EXPECT_EQ(heard_->wait_for_close(), "1000 enough");
}

TEST_F(WebSockets, TakeWhatWasSentBehindTheRequest) {
    HttpClient connection(serve());
    WebSocketClient client(connection);
    connection.send(
        "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: "
        "websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n\x81\x82mask\x05\x08");
    EXPECT_EQ(connection.receive().status, 101);
    EXPECT_EQ(client.receive().payload, "hi");
}

TEST_F(WebSockets, RefuseBeforeTheyBegin) {
    const NetAddress address = serve({.subprotocols = {"sip"}, .subprotocol_required = true});
    HttpClient connection(address);
    WebSocketClient client(connection);
    HttpAnswer answer = connection.ask("GET", "/echo");
    EXPECT_EQ(answer.status, 426);
    EXPECT_EQ(answer.headers.get("Upgrade"), "websocket");
    EXPECT_EQ(client.open("/echo").status, 400) << "no subprotocol";
    EXPECT_EQ(client.open("/echo?token=wrong", "Sec-WebSocket-Protocol: sip\r\n").status, 401);
    answer = connection.ask("GET", "/echo",
                            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 8\r\n"
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
    EXPECT_EQ(answer.status, 426);
    EXPECT_EQ(answer.headers.get("Sec-WebSocket-Version"), "13");
    answer = client.open("/echo", "Sec-WebSocket-Protocol: chat, sip\r\n");
    EXPECT_EQ(answer.status, 101);
    EXPECT_EQ(answer.headers.get("Sec-WebSocket-Protocol"), "sip");
    EXPECT_EQ(heard_->wait_for_session()->subprotocol(), "sip");
}

TEST_F(WebSockets, SendAndCloseFromAnyThread) {
    HttpClient connection(serve());
    WebSocketClient client(connection);
    ASSERT_EQ(client.open("/echo").status, 101);
    const auto session = heard_->wait_for_session();
    std::thread one([&] {
        for (int count = 0; count < 1000; ++count)
            session->send_text("one");
    });
    std::thread other([&] {
        for (int count = 0; count < 1000; ++count)
            session->send_binary("other");
    });
    int texts = 0;
    for (int count = 0; count < 2000; ++count)
        texts += client.receive().opcode == 1 ? 1 : 0;
    EXPECT_EQ(texts, 1000);
    one.join();
    other.join();
    session->send_text(std::make_shared<const std::string>("last"));
    session->close(CloseCode::TryAgainLater, "later");
    session->send_text("too late");
    EXPECT_EQ(client.receive().payload, "last");
    const auto frame = client.receive();
    EXPECT_EQ(frame.opcode, 8);
    EXPECT_EQ(frame.close_code(), 1013);
    EXPECT_EQ(frame.close_reason(), "later");
    client.send_close(1013);
    EXPECT_TRUE(connection.sees_close());
    EXPECT_EQ(heard_->wait_for_close(), "1013 ");
    session->send_text("nobody is there");
    server_.reset();
    session->send_text("not even a server");
    session->close(CloseCode::Normal, {});
}

TEST_F(WebSockets, CloseWhereTheHandlerSaysSo_OrThrows) {
    const NetAddress address = serve();
    HttpClient asked(address);
    WebSocketClient first(asked);
    first.open("/echo");
    first.send_text("close");
    auto frame = first.receive();
    EXPECT_EQ(frame.close_code(), 4001);
    EXPECT_EQ(frame.close_reason(), "as you wish");
    HttpClient broken(address);
    WebSocketClient second(broken);
    second.open("/echo");
    second.send_text("throw");
    EXPECT_EQ(second.receive().close_code(), 1011);
}

TEST_F(WebSockets, CloseOnTooMuchAndOnNonsense) {
    const NetAddress address = serve({.max_message = 1000});
    const struct {
        int opcode;
        std::string payload;
        int code;
    } cases[] = {{1, std::string(1001, 'x'), 1009}, {1, "\xff\xff", 1007}, {3, "", 1002}};
    for (const auto& bad : cases) {
        HttpClient connection(address);
        WebSocketClient client(connection);
        ASSERT_EQ(client.open("/echo").status, 101);
        client.send(bad.opcode, bad.payload);
        EXPECT_EQ(client.receive().close_code(), bad.code);
        EXPECT_TRUE(connection.sees_close());
    }
}

TEST_F(WebSockets, CutOffWhoDoesNotRead) {
    HttpClient connection(serve({.max_queued = 100'000}));
    WebSocketClient client(connection);
    ASSERT_EQ(client.open("/echo").status, 101);
    const auto session = heard_->wait_for_session();
    while (session->queued() <= 100'000)
        session->send_binary(std::string(10'000, 'x'));
    EXPECT_EQ(heard_->wait_for_close(), "1008 reads too slowly");
}

TEST_F(WebSockets, AskWhetherAQuietPeerIsStillThere) {
    const NetAddress address = serve({.idle_timeout = 200ms});
    HttpClient connection(address);
    WebSocketClient client(connection);
    ASSERT_EQ(client.open("/echo").status, 101);
    EXPECT_EQ(client.receive().opcode, 9);
    client.send(10, "");
    client.send_text("here");
    EXPECT_EQ(client.receive().payload, "here");
    EXPECT_TRUE(connection.sees_close()) << "a ping without answer ends it";
    EXPECT_EQ(heard_->wait_for_close().substr(0, 4), "1006");
}

TEST_F(WebSockets, AreToldThatTheServerGoesDown) {
    HttpClient connection(serve());
    WebSocketClient client(connection);
    ASSERT_EQ(client.open("/echo").status, 101);
    auto stopped = std::async(std::launch::async, [&] { server_->stop(10s); });
    EXPECT_EQ(client.receive().close_code(), 1001);
    client.send_close(1001);
    EXPECT_TRUE(connection.sees_close());
    stopped.wait();
    EXPECT_EQ(heard_->wait_for_close(), "1001 ");
}

TEST_F(WebSockets, EndWithTheServer_WhateverTheirPeersDo) {
    const NetAddress address = serve();
    HttpClient connection(address);
    WebSocketClient client(connection);
    ASSERT_EQ(client.open("/echo").status, 101);
    (void)heard_->wait_for_session();
    server_.reset();
    EXPECT_EQ(heard_->wait_for_close(), "1001 ");
    EXPECT_TRUE(connection.sees_close());
}

TEST_F(WebSockets, WorkOverTls) {
    const test::TemporaryFolder folder;
    const CertificateFiles files{folder.path() / "server.crt", folder.path() / "server.key"};
    SeededRandom random(1);
    const auto tls = load_or_make_certificate(
        files, {"pbx"}, UtcTime(std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}), random);
    HttpClient connection(serve({}, {}, *tls), files.certificate, "localhost");
    WebSocketClient client(connection);
    ASSERT_EQ(client.open("/echo").status, 101);
    for (const std::size_t size : {1u, 1000u, 60'000u}) {
        client.send_text(std::string(size, 'x'));
        EXPECT_EQ(client.receive().payload.size(), size);
    }
    client.send_close(1000);
    EXPECT_EQ(client.receive().close_code(), 1000);
    EXPECT_EQ(heard_->wait_for_close(), "1000 ");
}

}  // namespace
}  // namespace almon::http
