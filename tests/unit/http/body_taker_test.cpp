// SPDX-License-Identifier: GPL-3.0-or-later
// Bodies that are too long to be kept in memory: piece by piece to whom the route has for them.
#include <algorithm>
#include <atomic>
#include <future>
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

/// What a test looks at.
struct Counts {
    std::atomic<int> made{0};
    std::atomic<int> pieces{0};
    std::atomic<std::size_t> longest{0};
    std::promise<void> gone;  ///< Once one has gone before its end.
};

/// Keeps what it is given, and refuses what says "stop".
struct Taker final : BodyTaker {
    explicit Taker(Counts& counting) : counts(counting) { ++counts.made; }
    ~Taker() override {
        if (!complete) counts.gone.set_value();
    }
    Taker(const Taker&) = delete;
    Taker& operator=(const Taker&) = delete;

    Result<void> take(std::string_view piece) override {
        ++counts.pieces;
        counts.longest = std::max(counts.longest.load(), piece.size());
        body += piece;
        if (piece.find("stop") != std::string_view::npos)
            return refuse(ErrorCode::InvalidArgument, "body", "says stop");
        return {};
    }

    Counts& counts;
    std::string body;
    bool complete = false;
};

class BodyTakers : public ::testing::Test {
protected:
    BodyTakers() {
        RouteOptions options;
        options.max_body = 3'000'000;
        options.take_body = [this](const Request& request) -> Result<std::shared_ptr<BodyTaker>> {
            if (request.query.find("full")) return refuse(ErrorCode::Exhausted, "disk", "is full");
            return std::make_shared<Taker>(counts_);
        };
        service_->router.add(
            Method::Put, "/file",
            [](const Request& request) {
                EXPECT_TRUE(request.body.empty());
                auto& taker = static_cast<Taker&>(*request.taker);
                taker.complete = true;
                return Response::text(200, "application/octet-stream", taker.body);
            },
            options);
        service_->router.add(Method::Get, "/hello",
                             [](const Request&) { return Response::text(200, "text/plain", "hello"); });
        address_ = *server_.listen(*NetAddress::parse("127.0.0.1", 0), {{"", service_}});
    }

    Counts counts_;
    std::shared_ptr<Service> service_ = std::make_shared<Service>();
    Server server_;
    NetAddress address_;
};

std::string long_body(std::size_t size) {
    std::string body(size, '\0');
    for (std::size_t index = 0; index < size; ++index)
        body[index] = static_cast<char>('a' + index * 7 % 26);
    return body;
}

TEST_F(BodyTakers, AreGivenTheBodyInPieces) {
    HttpClient client(address_);
    const std::string body = long_body(2'000'000);
    const HttpAnswer answer = client.ask("PUT", "/file", {}, body);
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.body == body);
    EXPECT_GT(counts_.pieces, 5);
    EXPECT_LT(counts_.longest, 400'000U);
    EXPECT_EQ(counts_.made, 1);
    EXPECT_EQ(client.ask("GET", "/hello").body, "hello") << "on the same connection";
    EXPECT_EQ(client.ask("PUT", "/file", {}, "short").body, "short");
    EXPECT_EQ(client.ask("PUT", "/file").body, "");
}

TEST_F(BodyTakers, AreGivenChunksToo) {
    HttpClient client(address_);
    const std::string chunk = long_body(100'000);
    client.send("PUT /file HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int count = 0; count < 5; ++count)
        client.send("186a0\r\n" + chunk + "\r\n");
    client.send("0\r\n\r\n");
    const HttpAnswer answer = client.receive();
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.body == chunk + chunk + chunk + chunk + chunk);
}

TEST_F(BodyTakers, MayRefuse_AtTheirBeginningAndInTheMiddle) {
    HttpClient full(address_);
    EXPECT_EQ(full.ask("PUT", "/file?full=1", {}, long_body(10'000)).status, 503);
    HttpClient client(address_);
    const HttpAnswer answer =
        client.ask("PUT", "/file", {}, long_body(200'000) + "stop" + long_body(800'000));
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.body, "body: says stop\n");
    EXPECT_EQ(counts_.gone.get_future().wait_for(10s), std::future_status::ready);
}

TEST_F(BodyTakers, AreLimitedOverAllPieces) {
    HttpClient announced(address_);
    EXPECT_EQ(announced.ask("PUT", "/file", {}, long_body(3'000'001)).status, 413);
    EXPECT_EQ(counts_.made, 0);
    HttpClient chunked(address_);
    chunked.send("PUT /file HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string chunk = "186a0\r\n" + long_body(100'000) + "\r\n";
    for (int count = 0; count < 31; ++count)
        chunked.send(chunk);
    EXPECT_EQ(chunked.receive().status, 413);
}

TEST_F(BodyTakers, GoWithAClientThatVanishes) {
    {
        HttpClient client(address_);
        client.send("PUT /file HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + long_body(300'000));
        while (counts_.pieces == 0)
            std::this_thread::yield();
    }
    EXPECT_EQ(counts_.gone.get_future().wait_for(10s), std::future_status::ready);
}

}  // namespace
}  // namespace almon::http
