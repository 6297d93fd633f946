// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/server.hpp"

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "http/certificate.hpp"
#include "http/content_negotiation.hpp"
#include "support/files.hpp"
#include "support/http_client.hpp"

namespace almon::http {
namespace {

using test::HttpAnswer;
using test::HttpClient;

/// Answers errors as a JSON list of one sentence, 413 and others of HTTP too.
Response list_dialect(int status, const Error& error) {
    return Response::json_text(status,
                               "[\"" + error.field + (error.field.empty() ? "" : " ") + error.reason + "\"]");
}

NetAddress any_port() {
    return *NetAddress::parse("127.0.0.1", 0);
}

struct Person final : Caller {
    std::string name;
};

class HttpServer : public ::testing::Test {
protected:
    HttpServer() {
        service_->name = "office";
        service_->prefix = "/1.1";
        service_->dialect = list_dialect;
        Router& router = service_->router;
        router.add(Method::Get, "/hello",
                   [](const Request&) { return Response::json_text(200, "\"hello\""); });
        router.add(Method::Get, "/slow",
                   [this](const Request&) {
                       entered_.set_value();
                       leave_.get_future().wait();
                       return Response::json_text(200, "\"at last\"");
                   },
                   {.runs_on = RunsOn::Pool});
        const auto echo = [](const Request& request) {
            return Response::text(200, "application/octet-stream", request.body);
        };
        router.add(Method::Post, "/echo", echo, {.max_body = 1000});
        router.add(Method::Post, "/pool/echo", echo, {.runs_on = RunsOn::Pool, .max_body = 4'000'000});
        router.add(Method::Get, "/users/{user_id}/lines/{line_id}", [](const Request& request) {
            std::string text(request.path_parameter("user_id"));
            text += '|';
            text += request.path_parameter("line_id");
            for (const auto& parameter : request.query.parameters())
                text += "|" + parameter.name + "=" + parameter.value;
            return Response::text(200, "text/plain", text);
        });
        router.add(Method::Get, "/refused", [](const Request&) -> Result<Response> {
            return refuse(ErrorCode::NotFound, "user", "does not exist");
        });
        router.add(Method::Get, "/thrown",
                   [](const Request&) -> Result<Response> { throw std::runtime_error("boom"); });
        router.add(Method::Get, "/long", [](const Request&) {
            return Response::text(200, "text/plain", std::string(200'000, 'x'));
        });
        router.add(Method::Delete, "/hello", [](const Request&) { return Response::empty(204); });
    }

    NetAddress serve(ServerSettings settings = {}, std::shared_ptr<const TlsContext> tls = nullptr) {
        server_ = std::make_unique<Server>(settings);
        const auto bound = server_->listen(any_port(), {{"", service_}}, std::move(tls));
        EXPECT_TRUE(bound.has_value());
        return *bound;
    }

    std::promise<void> entered_;
    std::promise<void> leave_;
    std::shared_ptr<Service> service_ = std::make_shared<Service>();
    std::unique_ptr<Server> server_;
};

TEST_F(HttpServer, AnswersManyRequestsOnOneConnection) {
    HttpClient client(serve());
    for (int count = 0; count < 3; ++count) {
        const HttpAnswer answer = client.ask("GET", "/1.1/hello");
        EXPECT_EQ(answer.status, 200);
        EXPECT_EQ(answer.body, "\"hello\"");
        EXPECT_EQ(answer.headers.get("Content-Type"), "application/json");
        EXPECT_TRUE(answer.headers.contains("Date"));
        EXPECT_FALSE(answer.headers.contains("Connection"));
    }
}

TEST_F(HttpServer, AnswersPipelinedRequestsInTheirOrder) {
    HttpClient client(serve());
    std::string requests;
    for (int count = 0; count < 200; ++count) {
        const bool pool = count % 3 == 0;
        const std::string body = std::to_string(count);
        requests += std::string("POST /1.1/") + (pool ? "pool/" : "") +
                    "echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) +
                    "\r\n\r\n" + body;
    }
    client.send(requests);
    for (int count = 0; count < 200; ++count)
        ASSERT_EQ(client.receive().body, std::to_string(count));
}

TEST_F(HttpServer, ReadsARequestThatComesByteByByte) {
    HttpClient client(serve());
    for (const char c : std::string("POST /1.1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\n"))
        client.send(std::string_view(&c, 1));
    EXPECT_EQ(client.receive().body, "abcde");
    EXPECT_EQ(client.ask("GET", "/1.1/hello").status, 200);
}

TEST_F(HttpServer, TakesLongBodies_AndGivesThemBack) {
    HttpClient client(serve());
    const std::string body(3'000'000, 'b');
    const HttpAnswer answer = client.ask("POST", "/1.1/pool/echo", {}, body);
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.body == body);
}

TEST_F(HttpServer, DecodesParametersOfPathAndQuery) {
    HttpClient client(serve());
    EXPECT_EQ(client.ask("GET", "/1.1/users/a%2Fb%20c/lines/4?search=caf%C3%A9+au&empty=&flag").body,
              "a/b c|4|search=café au|empty=|flag=");
}

TEST_F(HttpServer, TellsHandlersBothEndsOfTheConnection) {
    service_->router.add(Method::Get, "/ends", [](const Request& request) {
        return Response::text(200, "text/plain", request.remote.host() + " to " + request.local.text());
    });
    const NetAddress address = serve();
    HttpClient client(address);
    EXPECT_EQ(client.ask("GET", "/1.1/ends").body, "127.0.0.1 to " + address.text());
    EXPECT_EQ(client.ask("GET", "/1.1/ends").body, "127.0.0.1 to " + address.text()) << "the second time too";
}

TEST_F(HttpServer, RefusesInTheServicesDialect) {
    HttpClient client(serve());
    HttpAnswer answer = client.ask("GET", "/1.1/nothing");
    EXPECT_EQ(answer.status, 404);
    EXPECT_TRUE(answer.body.starts_with("["));
    answer = client.ask("GET", "/elsewhere");
    EXPECT_EQ(answer.status, 404);
    answer = client.ask("PUT", "/1.1/hello");
    EXPECT_EQ(answer.status, 405);
    EXPECT_EQ(answer.headers.get("Allow"), "GET, HEAD, DELETE, OPTIONS");
    answer = client.ask("GET", "/1.1/refused");
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(answer.body, "[\"user does not exist\"]");
    answer = client.ask("GET", "/1.1/thrown");
    EXPECT_EQ(answer.status, 500);
    EXPECT_EQ(answer.body.find("boom"), std::string::npos)
        << "what failed inside is nobody's business outside";
    EXPECT_EQ(client.ask("GET", "/1.1/hello").status, 200) << "on the same connection still";
}

TEST_F(HttpServer, AnswersHeadAsGetWithoutBody) {
    HttpClient client(serve());
    const HttpAnswer answer = client.ask("HEAD", "/1.1/hello");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.headers.get("Content-Length"), "7");
    EXPECT_EQ(client.ask("GET", "/1.1/hello").body, "\"hello\"");
    EXPECT_EQ(client.ask("DELETE", "/1.1/hello").status, 204);
}

TEST_F(HttpServer, RefusesABodyOverTheRoutesLimit) {
    const NetAddress address = serve();
    HttpClient announced(address);
    HttpAnswer answer = announced.ask("POST", "/1.1/echo", {}, std::string(1001, 'x'));
    EXPECT_EQ(answer.status, 413);
    EXPECT_EQ(announced.ask("POST", "/1.1/echo", {}, std::string(1000, 'x')).status, 200)
        << "a body that is not much too long was read in vain and the connection kept";

    HttpClient huge(address);
    huge.send("POST /1.1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n");
    EXPECT_EQ(huge.receive().status, 413);
    EXPECT_TRUE(huge.sees_close());

    HttpClient chunked(address);
    chunked.send("POST /1.1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n");
    answer = chunked.receive();
    EXPECT_EQ(answer.status, 413);
    EXPECT_EQ(answer.headers.get("Connection"), "close");
    EXPECT_TRUE(chunked.sees_close());
}

TEST_F(HttpServer, RefusesWhatIsNoRequest) {
    const NetAddress address = serve();
    const struct {
        const char* bytes;
        int status;
    } cases[] = {
        {"nonsense\r\n\r\n", 400},
        {"GET /1.1/hello HTTP/1.1\r\n\r\n", 400},                                  // no Host
        {"GET /1.1/hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},            // two
        {"GET /1.1/hello HTTP/2.0\r\nHost: a\r\n\r\n", 505},                       //
        {"GET hello HTTP/1.1\r\nHost: a\r\n\r\n", 400},                            //
        {"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400},                             //
        {"GET /%ff HTTP/1.1\r\nHost: a\r\n\r\n", 400},                             // not UTF-8
        {"GET /1.1/hello?a=%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400},                 //
        {"GET /1.1/../hello HTTP/1.1\r\nHost: a\r\n\r\n", 400},                    //
        {"GET /1.1/hello HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400},  //
        {"POST /1.1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400},
        {"POST /1.1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: "
         "chunked\r\n\r\n0\r\n\r\n",
         400},
        {"POST /1.1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
        {"POST /1.1/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", 400},
    };
    for (const auto& bad : cases) {
        HttpClient client(address);
        client.send(bad.bytes);
        const HttpAnswer answer = client.receive();
        EXPECT_EQ(answer.status, bad.status) << bad.bytes;
        EXPECT_TRUE(answer.body.starts_with("[")) << "in the only service's dialect";
        EXPECT_TRUE(client.sees_close());
    }
}

TEST_F(HttpServer, RefusesAHeadOverTheLimit) {
    HttpClient client(serve());
    client.send("GET /1.1/hello HTTP/1.1\r\nHost: a\r\n");
    for (int count = 0; count < 20; ++count)
        client.send("X-" + std::to_string(count) + ": " + std::string(1000, 'x') + "\r\n");
    EXPECT_EQ(client.receive().status, 431);
    EXPECT_TRUE(client.sees_close());
}

TEST_F(HttpServer, ClosesWhoAsksForIt_AndWhoSpeaksHttp10) {
    const NetAddress address = serve();
    HttpClient closing(address);
    EXPECT_EQ(closing.ask("GET", "/1.1/hello", "Connection: close\r\n").headers.get("Connection"), "close");
    EXPECT_TRUE(closing.sees_close());
    HttpClient old(address);
    old.send("GET /1.1/hello HTTP/1.0\r\n\r\n");
    EXPECT_EQ(old.receive().status, 200);
    EXPECT_TRUE(old.sees_close());
    HttpClient keeping(address);
    keeping.send("GET /1.1/hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(keeping.receive().headers.get("Connection"), "keep-alive");
    EXPECT_EQ(keeping.ask("GET", "/1.1/hello").status, 200);
}

TEST_F(HttpServer, InvitesTheBody_OfAClientThatWaitsForIt) {
    HttpClient client(serve());
    client.send("POST /1.1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.receive().status, 100);
    client.send("abc");
    EXPECT_EQ(client.receive().body, "abc");
    client.send("POST /1.1/nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.receive().status, 404) << "without the body having been asked for";
    EXPECT_TRUE(client.sees_close());
}

TEST_F(HttpServer, AsksTheFilterFirst) {
    service_->before = [](Request& request, const Route& route) -> std::optional<Response> {
        if (request.headers.get("X-Auth-Token").empty())
            return list_dialect(401, {ErrorCode::Unauthorized, {}, route.options.acl});
        auto person = std::make_shared<Person>();
        person->name = request.headers.get("X-Auth-Token");
        request.caller = person;
        return std::nullopt;
    };
    service_->router.add(Method::Get, "/me",
                         [](const Request& request) {
                             return Response::text(200, "text/plain",
                                                   static_cast<const Person&>(*request.caller).name);
                         },
                         {.acl = "office.me.read"});
    HttpClient client(serve());
    const HttpAnswer refused = client.ask("GET", "/1.1/me");
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(refused.body, "[\"office.me.read\"]");
    EXPECT_EQ(client.ask("GET", "/1.1/me", "X-Auth-Token: alice\r\n").body, "alice");
    EXPECT_EQ(client.ask("POST", "/1.1/echo", {}, "body").status, 401);
    EXPECT_EQ(client.ask("GET", "/1.1/me", "X-Auth-Token: bob\r\n").body, "bob");
}

TEST_F(HttpServer, LetsPagesOfOtherSitesIn) {
    service_->cors.origins = {"https://phone.example"};
    HttpClient client(serve());
    HttpAnswer answer =
        client.ask("OPTIONS", "/1.1/hello",
                   "Origin: https://phone.example\r\nAccess-Control-Request-Method: DELETE\r\n");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.headers.get("Access-Control-Allow-Origin"), "https://phone.example");
    EXPECT_EQ(answer.headers.get("Access-Control-Allow-Methods"), "GET, HEAD, DELETE, OPTIONS");
    EXPECT_EQ(answer.headers.get("Access-Control-Allow-Headers"), "Content-Type, X-Auth-Token");
    answer = client.ask("GET", "/1.1/hello", "Origin: https://phone.example\r\n");
    EXPECT_EQ(answer.headers.get("Access-Control-Allow-Origin"), "https://phone.example");
    answer = client.ask("GET", "/1.1/nothing", "Origin: https://phone.example\r\n");
    EXPECT_EQ(answer.status, 404);
    EXPECT_TRUE(answer.headers.contains("Access-Control-Allow-Origin"))
        << "so that the page can read the error";
    answer = client.ask("GET", "/1.1/hello", "Origin: https://evil.example\r\n");
    EXPECT_FALSE(answer.headers.contains("Access-Control-Allow-Origin"));
    EXPECT_EQ(answer.headers.get("Vary"), "Origin");
}

TEST_F(HttpServer, SpeaksTls_WithACertificateOfItsOwn) {
    const test::TemporaryFolder folder;
    const CertificateFiles files{folder.path() / "server.crt", folder.path() / "server.key"};
    SeededRandom random(1);
    const auto tls =
        load_or_make_certificate(files, {"pbx.example", {"192.0.2.7"}},
                                 UtcTime(std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}), random);
    ASSERT_TRUE(tls.has_value()) << tls.error().reason;
    const NetAddress address = serve({}, *tls);
    HttpClient client(address, files.certificate, "localhost");
    ASSERT_TRUE(client.connected());
    EXPECT_EQ(client.tls_version(), "TLSv1.3");
    for (int count = 0; count < 3; ++count)
        EXPECT_EQ(client.ask("GET", "/1.1/hello").body, "\"hello\"");
    const std::string body(300'000, 'b');
    EXPECT_TRUE(client.ask("POST", "/1.1/pool/echo", {}, body).body == body);
    EXPECT_EQ(client.ask("GET", "/1.1/long").body.size(), 200'000u);
    HttpClient stranger(address, files.certificate, "other.example");
    EXPECT_FALSE(stranger.connected());
    HttpClient clear(address);
    clear.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_TRUE(clear.sees_close());
}

TEST_F(HttpServer, FinishesWhatIsUnderWay_WhenItStops) {
    const NetAddress address = serve();
    HttpClient busy(address);
    HttpClient idle(address);
    EXPECT_EQ(idle.ask("GET", "/1.1/hello").status, 200);
    busy.send("GET /1.1/slow HTTP/1.1\r\nHost: a\r\n\r\n");
    entered_.get_future().wait();
    auto stopped = std::async(std::launch::async, [&] { server_->stop(10s); });
    EXPECT_TRUE(idle.sees_close());
    EXPECT_FALSE(HttpClient(address).connected());
    leave_.set_value();
    const HttpAnswer answer = busy.receive();
    EXPECT_EQ(answer.body, "\"at last\"");
    EXPECT_EQ(answer.headers.get("Connection"), "close");
    EXPECT_TRUE(busy.sees_close());
    stopped.wait();
    EXPECT_EQ(server_->connections(), 0u);
    EXPECT_FALSE(server_->listen(any_port(), {{"", service_}}).has_value());
}

TEST_F(HttpServer, SaysWhyAPortCannotBeOpened) {
    const NetAddress address = serve();
    const auto refused = server_->listen(address, {{"", service_}});
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, ErrorCode::Conflict);
    EXPECT_NE(refused.error().reason.find("is already in use"), std::string::npos);
}

TEST_F(HttpServer, EndsWithConnectionsOfEveryKindOpen) {
    const NetAddress address = serve();
    HttpClient silent(address);
    HttpClient half(address);
    half.send("POST /1.1/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
    HttpClient unread(address);
    for (int count = 0; count < 100; ++count)
        unread.send("GET /1.1/long HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(HttpClient(address).ask("GET", "/1.1/hello").status, 200);
    server_.reset();
    EXPECT_TRUE(silent.sees_close());
}

}  // namespace
}  // namespace almon::http
