// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/request_parser.hpp"

#include <string>

#include <gtest/gtest.h>

namespace almon::http {
namespace {

constexpr std::size_t kMaxHead = 1000;

/// Feeds `bytes` in pieces of `piece`, as a connection does, and tells what came: "GET /path 3:abc" for a
/// whole request, "413 body" for a refusal, "..." where more would have to come.
std::string parse(std::string_view bytes, std::size_t piece, std::size_t limit = 100) {
    Request request;
    RequestParser parser(request, kMaxHead);
    std::string told;
    std::string pending;
    while (true) {
        const auto progress = parser.feed(pending);
        pending.erase(0, progress.consumed);
        switch (progress.step) {
            case RequestParser::Step::Head:
                parser.limit_body(limit);
                break;
            case RequestParser::Step::Complete:
                told += std::string(method_name(request.method)) + " " + request.target + " " +
                        std::to_string(request.headers.size()) + ":" + request.body + "\n";
                parser.reset();
                break;
            case RequestParser::Step::Refused:
                return told + std::to_string(parser.refusal().status) + " " + parser.refusal().error.field;
            case RequestParser::Step::NeedMore:
                if (bytes.empty()) return told + (parser.started() || !pending.empty() ? "..." : "");
                pending += bytes.substr(0, piece);
                bytes.remove_prefix(std::min(piece, bytes.size()));
        }
    }
}

TEST(RequestParser, ReadsTheSameHoweverItIsCut) {
    const std::string bytes =
        "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
        "\r\nPOST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
        "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
        "chunked\r\n\r\n2\r\nab\r\n3;x=\"y\"\r\ncde\r\n0\r\nContent-Type: t\r\n\r\n"
        "PUT /d HTTP/1.0\r\nContent-Length: 0\r\n\r\n"
        "GET /e HTTP/1.1\r\nHost: a\r\nX-Folded: one\r\n two\r\n\r\n";
    const std::string told = "GET /a 1:\nPOST /b 2:abc\nPOST /c 2:abcde\nPUT /d 1:\nGET /e 2:\n";
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece)
        ASSERT_EQ(parse(bytes, piece), told) << "in pieces of " << piece;
    for (std::size_t size = 0; size < bytes.size(); ++size)
        (void)parse(std::string_view(bytes).substr(0, size), 7);
}

TEST(RequestParser, RefusesWhatSomebodyElseMightReadDifferently) {
    const auto refused = [](const std::string& fields, const std::string& body = "") {
        const std::string told = parse("POST / HTTP/1.1\r\n" + fields + "\r\n" + body, 1);
        EXPECT_EQ(told, parse("POST / HTTP/1.1\r\n" + fields + "\r\n" + body, 10'000));
        return told.substr(0, 3);
    };
    EXPECT_EQ(refused(""), "400");
    EXPECT_EQ(refused("Host: a\r\nHost: a\r\n"), "400");
    EXPECT_EQ(refused("Host: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n"), "400");
    EXPECT_EQ(refused("Host: a\r\nContent-Length: -1\r\n"), "400");
    EXPECT_EQ(refused("Host: a\r\nContent-Length: +1\r\n"), "400");
    EXPECT_EQ(refused("Host: a\r\nContent-Length: 0x1\r\n"), "400");
    EXPECT_EQ(refused("Host: a\r\nContent-Length: 99999999999999999999\r\n"), "400");
    EXPECT_EQ(refused("Host: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n"), "400");
    EXPECT_EQ(refused("Host: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n"), "400");
    EXPECT_EQ(refused("Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), "400");
    EXPECT_EQ(refused("Host: a\r\nTransfer-Encoding: chunked, gzip\r\n"), "501");
    EXPECT_EQ(refused("Host: a\r\nTransfer-Encoding: xchunked\r\n"), "501");
    EXPECT_EQ(refused("Host: a\r\nTransfer-Encoding : chunked\r\n"), "400");
    EXPECT_EQ(refused("Host: a\r\nX Y: z\r\n"), "400");
    EXPECT_EQ(refused("Host: a\r\nX: a\rb\r\n"), "400");
    EXPECT_EQ(refused("Host: a\nX: b\n", "\r\n\r\n"), "400");
    EXPECT_EQ(refused("Host: a\r\nTransfer-Encoding: chunked\r\n", "-1\r\n\r\n"), "400");
    EXPECT_EQ(refused("Host: a\r\nTransfer-Encoding: chunked\r\n", "1\r\nab\r\n0\r\n\r\n"), "400");
    EXPECT_EQ(refused("Host: a\r\nTransfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n"), "400");
    EXPECT_EQ(parse("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 9),
              "400 Transfer-Encoding");
}

TEST(RequestParser, StopsAtItsLimits) {
    const std::string start = "POST / HTTP/1.1\r\nHost: a\r\n";
    std::string fields;
    for (int count = 0; count < 200; ++count)
        fields += "X" + std::to_string(count) + ": y\r\n";
    for (const std::size_t piece : {1u, 13u, 100'000u}) {
        EXPECT_EQ(parse(start + fields, piece), "431 header") << "many short fields, in pieces of " << piece;
        EXPECT_EQ(parse(start + "X: " + std::string(kMaxHead, 'x'), piece), "431 header");
        EXPECT_EQ(parse("GET /" + std::string(2 * kMaxHead, 'x'), piece), "431 header");
        EXPECT_EQ(
            parse(start + "Transfer-Encoding: chunked\r\n\r\n1;" + std::string(100'000, 'x'), piece * 50),
            "400 body");
        EXPECT_EQ(parse(start + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: " + std::string(100'000, 'x'),
                        piece * 50),
                  "400 body");
        EXPECT_EQ(parse(start + "Content-Length: 101\r\n\r\n" + std::string(101, 'b'), piece), "413 body");
        EXPECT_EQ(
            parse(start + "Transfer-Encoding: chunked\r\n\r\n40\r\n" + std::string(64, 'b') + "\r\n25\r\n",
                  piece),
            "413 body");
        EXPECT_EQ(parse(start + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", piece), "413 body");
    }
    std::string long_head = start;
    for (int count = 0; long_head.size() + 10 < kMaxHead; ++count)
        long_head += "X: y\r\n";
    const std::string body(100, 'b');
    const std::string told = parse(start + "Content-Length: 100\r\n\r\n" + body + long_head + "\r\n", 50);
    EXPECT_EQ(told.substr(0, 20), "POST / 2:" + body.substr(0, 11));
    EXPECT_TRUE(told.ends_with(":\n")) << "a head just below the limit, behind a body";
}

TEST(RequestParser, SaysWhatTheConnectionIsToDo) {
    Request request;
    RequestParser parser(request, kMaxHead);
    EXPECT_FALSE(parser.started());
    EXPECT_FALSE(parser.keeps_alive());
    const std::string head =
        "GET /s HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, keep-alive\r\nUpgrade: websocket\r\n"
        "Expect: 100-Continue\r\nContent-Length: 5\r\n\r\n";
    const auto progress = parser.feed(head + "abc");
    EXPECT_EQ(progress.step, RequestParser::Step::Head);
    EXPECT_EQ(progress.consumed, head.size());
    EXPECT_TRUE(parser.keeps_alive() && parser.is_http_1_1() && parser.expects_continue() &&
                parser.wants_websocket());
    EXPECT_FALSE(parser.is_complete());
    EXPECT_EQ(parser.announced_body(), 5u);
    parser.discard_body();
    EXPECT_EQ(parser.feed("abcde").step, RequestParser::Step::Complete);
    EXPECT_EQ(request.body, "");
    parser.reset();
    (void)parser.feed("GET / HTTP/1.0\r\n\r\n");
    EXPECT_TRUE(parser.is_complete());
    EXPECT_FALSE(parser.keeps_alive() || parser.is_http_1_1() || parser.expects_continue() ||
                 parser.wants_websocket());
}

}  // namespace
}  // namespace almon::http
