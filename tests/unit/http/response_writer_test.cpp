// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/response_writer.hpp"

#include <string>

#include <zlib.h>

#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include "http/gzip.hpp"

namespace almon::http {
namespace {

std::string head_of(const Response& response, HeadOptions options = {}) {
    std::string text;
    options.date = "now";
    write_head(text, response, options);
    return text;
}

std::string unpacked(const std::string& packed) {
    z_stream stream{};
    inflateInit2(&stream, 15 + 16);
    std::string text(10'000'000, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(text.data());
    stream.avail_out = static_cast<uInt>(text.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    inflateEnd(&stream);
    return text.substr(0, text.size() - stream.avail_out);
}

TEST(ResponseHead, SaysHowLongTheBodyIs) {
    EXPECT_EQ(
        head_of(Response::json(201, {{"id", 1}})),
        "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 8\r\nDate: now\r\n\r\n");
    EXPECT_EQ(
        head_of(Response::empty(415), {.keep_alive = false}),
        "HTTP/1.1 415 Unsupported Media Type\r\nContent-Length: 0\r\nConnection: close\r\nDate: now\r\n\r\n");
    EXPECT_EQ(head_of(Response::empty(204), {.framing = Framing::None}),
              "HTTP/1.1 204 No Content\r\nDate: now\r\n\r\n");
    EXPECT_EQ(head_of(Response::empty(299), {.http_1_1 = false}),
              "HTTP/1.1 299 Status\r\nContent-Length: 0\r\nConnection: keep-alive\r\nDate: now\r\n\r\n");
}

TEST(ResponseHead, KeepsHandlersOutOfTheServersBusiness) {
    EXPECT_EQ(head_of(Response::empty(200)
                          .with("Content-Length", "7")
                          .with("transfer-encoding", "chunked")
                          .with("Connection", "x")
                          .with("Date", "x")
                          .with("ETag", "\"1\"")),
              "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nContent-Length: 0\r\nDate: now\r\n\r\n");
}

TEST(Framing, DependsOnStatusStreamAndVersion) {
    const auto stream = [](std::string&) -> Result<bool> { return false; };
    EXPECT_EQ(framing_of(Response::empty(204), true), Framing::None);
    EXPECT_EQ(framing_of(Response::empty(304), true), Framing::None);
    EXPECT_EQ(framing_of(Response::empty(200), true), Framing::Length);
    EXPECT_EQ(framing_of(Response::streamed(200, "text/csv", stream), true), Framing::Chunked);
    EXPECT_EQ(framing_of(Response::streamed(200, "text/csv", stream), false), Framing::UntilClosed);
    EXPECT_EQ(framing_of(Response::streamed(200, "text/csv", stream, 5), false), Framing::Length);
}

TEST(Compression, IsForWhoTakesIt_AndWhatIsWorthIt) {
    const std::string text(2000, 'x');
    Request request;
    Response response = Response::json_text(200, text);
    compress(request, response);
    EXPECT_EQ(response.body, text);
    EXPECT_EQ(response.headers.get("Vary"), "Accept-Encoding") << "also where it was not compressed";

    request.headers.add("Accept-Encoding", "deflate, gzip");
    response = Response::json_text(200, text).with("ETag", "\"7\"");
    compress(request, response);
    EXPECT_EQ(response.headers.get("Content-Encoding"), "gzip");
    EXPECT_EQ(response.headers.get("ETag"), "\"7\"") << "If-Match shall find it again";
    EXPECT_LT(response.body.size(), 100u);
    EXPECT_EQ(unpacked(response.body), text);

    response = Response::json_text(200, std::string(1000, 'x'));
    compress(request, response);
    EXPECT_FALSE(response.headers.contains("Content-Encoding"));
    response = Response::text(200, "audio/wav", text);
    compress(request, response);
    EXPECT_FALSE(response.headers.contains("Content-Encoding"));
    response = Response::text(200, "text/csv", text).with("Content-Encoding", "br");
    compress(request, response);
    EXPECT_EQ(response.body, text);
}

TEST(Gzip, GivesBackWhatWentIn) {
    std::string text;
    for (std::uint32_t number = 1; text.size() < 1'000'000; number = number * 1664525 + 1013904223)
        text += static_cast<char>(number >> 24);
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{70'000}, text.size()})
        EXPECT_TRUE(unpacked(gzip(std::string_view(text).substr(0, size))) == text.substr(0, size));
}

}  // namespace
}  // namespace almon::http
