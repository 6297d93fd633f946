// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/connection.hpp"

#include <memory>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "http/server.hpp"
#include "support/http_client.hpp"

namespace almon::http {
namespace {

using test::HttpAnswer;
using test::HttpClient;

/// Gives "piece 0\n" ... and ends after `pieces`, or refuses in the middle.
BodyStream pieces(int pieces, bool breaks = false) {
    return [pieces, breaks, next = 0](std::string& into) mutable -> Result<bool> {
        if (breaks && next == pieces) return refuse(ErrorCode::Unavailable, "recording", "the disk is gone");
        if (next % 2 == 0) into += "piece " + std::to_string(next) + "\n";  // every second one is empty
        return ++next < pieces + (breaks ? 1 : 0);
    };
}

class Connections : public ::testing::Test {
protected:
    Connections() {
        Router& router = service_->router;
        router.add(Method::Get, "/hello",
                   [](const Request&) { return Response::json_text(200, "\"hello\""); });
        router.add(Method::Post, "/body", [](const Request& request) {
            return Response::text(200, "text/plain", std::to_string(request.body.size()));
        });
        router.add(Method::Get, "/long", [](const Request&) {
            return Response::text(200, "application/octet-stream", std::string(50'000'000, 'x'));
        });
        for (const RunsOn where : {RunsOn::IoThread, RunsOn::Pool}) {
            const std::string place = where == RunsOn::Pool ? "/pool" : "/io";
            router.add(Method::Get, place + "/stream",
                       [](const Request&) { return Response::streamed(200, "text/plain", pieces(1000)); },
                       {.runs_on = where});
            router.add(Method::Get, place + "/sized",
                       [](const Request&) { return Response::streamed(200, "text/plain", pieces(3), 16); },
                       {.runs_on = where});
            router.add(Method::Get, place + "/broken",
                       [](const Request&) { return Response::streamed(200, "text/plain", pieces(3, true)); },
                       {.runs_on = where});
            router.add(Method::Get, place + "/short",
                       [](const Request&) { return Response::streamed(200, "text/plain", pieces(3), 17); },
                       {.runs_on = where});
        }
        router.add(Method::Get, "/text", [](const Request&) {
            return Response::json_text(200, "\"" + std::string(5000, 'x') + "\"");
        });
    }

    NetAddress serve(const ServerLimits& limits = {}) {
        server_ = std::make_unique<Server>(ServerSettings{.limits = limits});
        return *server_->listen(*NetAddress::parse("127.0.0.1", 0), {{"", service_}});
    }
    /// Sends `bytes` one by one with a pause after each; true where the server closes before they are all
    /// sent.
    static bool dribble(HttpClient& client, const std::string& bytes) {
        for (const char c : bytes) {
            if (!client.send({&c, 1}) || client.sees_close(5ms)) return true;
        }
        return false;
    }
    void wait_until_empty() const {
        while (server_->connections() != 0)
            std::this_thread::yield();
    }

    std::shared_ptr<Service> service_ = std::make_shared<Service>();
    std::unique_ptr<Server> server_;
};

TEST_F(Connections, EndWhereAHeadDoesNotComeInTime) {
    const NetAddress address = serve({.head_timeout = 100ms});
    HttpClient silent(address);
    EXPECT_TRUE(silent.sees_close());
    HttpClient slow(address);
    EXPECT_TRUE(dribble(slow, "GET /hello HTTP/1.1\r\nHost: a\r\nX: " + std::string(10'000, 'x')));
    HttpClient quick(address);
    EXPECT_EQ(quick.ask("GET", "/hello").status, 200);
    EXPECT_TRUE(dribble(quick, "GET /hello HTTP/1.1\r\nHost: a\r\nX: " + std::string(10'000, 'x')))
        << "nor for the second request";
}

TEST_F(Connections, EndWhereABodyTrickles) {
    const NetAddress address = serve({.body_grace = 100ms, .min_rate = 10'000});
    for (const char* framing :
         {"Content-Length: 10000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n2710\r\n"}) {
        HttpClient slow(address);
        slow.send("POST /body HTTP/1.1\r\nHost: a\r\n");
        slow.send(framing);
        EXPECT_TRUE(dribble(slow, std::string(10'000, 'x')));
    }
    HttpClient unwanted(address);
    unwanted.send("POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 10000\r\n\r\n");
    EXPECT_TRUE(dribble(unwanted, std::string(10'000, 'x')));
}

TEST_F(Connections, EndWhenNothingMoreIsAsked) {
    HttpClient client(serve({.idle_timeout = 100ms}));
    EXPECT_EQ(client.ask("GET", "/hello").status, 200);
    EXPECT_TRUE(client.sees_close());
}

TEST_F(Connections, EndWhereAnAnswerIsNotRead) {
    HttpClient client(serve({.response_grace = 100ms, .min_rate = 1'000'000'000}));
    client.send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n");
    wait_until_empty();
    EXPECT_FALSE(client.receive().complete);
}

TEST_F(Connections, AreLimitedPerAddress) {
    const NetAddress address = serve({.connections_per_address = 2});
    auto first = std::make_unique<HttpClient>(address);
    HttpClient second(address);
    EXPECT_EQ(first->ask("GET", "/hello").status, 200);
    EXPECT_EQ(second.ask("GET", "/hello").status, 200);
    HttpClient third(address);
    EXPECT_TRUE(third.sees_close());
    first.reset();
    while (server_->connections() != 1)
        std::this_thread::yield();
    EXPECT_EQ(HttpClient(address).ask("GET", "/hello").status, 200);
}

TEST_F(Connections, CarryBodiesPieceByPiece) {
    const NetAddress address = serve();
    std::string whole;
    for (int number = 0; number < 1000; number += 2)
        whole += "piece " + std::to_string(number) + "\n";
    for (const std::string place : {"/io", "/pool"}) {
        HttpClient client(address);
        HttpAnswer answer = client.ask("GET", place + "/stream");
        EXPECT_EQ(answer.headers.get("Transfer-Encoding"), "chunked");
        EXPECT_TRUE(answer.complete);
        EXPECT_EQ(answer.body, whole);
        answer = client.ask("GET", place + "/sized");
        EXPECT_EQ(answer.headers.get("Content-Length"), "16");
        EXPECT_EQ(answer.body, "piece 0\npiece 2\n");
        answer = client.ask("HEAD", place + "/stream");
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(client.ask("GET", "/hello").status, 200) << "the connection is kept";
        client.send("GET " + place + "/stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        answer = client.receive();
        EXPECT_FALSE(answer.headers.contains("Transfer-Encoding"));
        EXPECT_EQ(answer.headers.get("Connection"), "close")
            << "since the end of the connection is that of the body";
        EXPECT_EQ(answer.body, whole);
    }
}

TEST_F(Connections, AreCutWhereABodyBreaksOff) {
    const NetAddress address = serve();
    for (const char* path : {"/io/broken", "/pool/broken", "/io/short", "/pool/short"}) {
        HttpClient client(address);
        const HttpAnswer answer = client.ask("GET", path);
        EXPECT_EQ(answer.status, 200);
        EXPECT_FALSE(answer.complete) << path;
        EXPECT_TRUE(client.sees_close());
    }
}

TEST_F(Connections, CompressForWhoAsksForIt) {
    HttpClient client(serve());
    HttpAnswer answer = client.ask("GET", "/text", "Accept-Encoding: gzip\r\n");
    EXPECT_EQ(answer.headers.get("Content-Encoding"), "gzip");
    EXPECT_LT(answer.body.size(), 200u);
    EXPECT_EQ(answer.body.substr(0, 2), "\x1f\x8b");
    answer = client.ask("GET", "/text");
    EXPECT_FALSE(answer.headers.contains("Content-Encoding"));
    EXPECT_EQ(answer.body.size(), 5002u);
}

}  // namespace
}  // namespace almon::http
