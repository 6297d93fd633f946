// SPDX-License-Identifier: GPL-3.0-or-later
// What a request costs the server on a connection that is kept: reading, routing, a handler that answers 600
// bytes from memory, writing. `server_us` is the processor time of everything but the client's thread;
// `floor` is a thread that does the least with the same bytes: epoll_wait, recv, send.
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <benchmark/benchmark.h>
#include <openssl/ssl.h>

#include "base/random.hpp"
#include "base/system_clock.hpp"
#include "http/certificate.hpp"
#include "http/request_parser.hpp"
#include "http/server.hpp"

namespace {

using namespace almon;
using namespace almon::http;

constexpr std::string_view kRequest =
    "GET /1.1/users/7f523550-03cf-4dac-a858-cb8afdb34775?include=lines HTTP/1.1\r\n"
    "Host: pbx.example.com:9486\r\n"
    "User-Agent: python-requests/2.4.3 CPython/2.7.9 Linux/3.16.0-4-amd64\r\n"
    "Accept-Encoding: gzip, deflate\r\n"
    "Accept: application/json\r\n"
    "Connection: keep-alive\r\n"
    "X-Auth-Token: 3fa85f64-5717-4562-b3fc-2c963f66afa6\r\n"
    "\r\n";

std::shared_ptr<const Service> office() {
    auto service = std::make_shared<Service>();
    service->prefix = "/1.1";
    service->router.add(Method::Get, "/users/{user_id}", [](const Request& request) -> Result<Response> {
        if (request.path_parameter("user_id").size() != 36)
            return refuse(ErrorCode::NotFound, "user", "unknown");
        return Response::json_text(200, std::string(600, 'x'));
    });
    service->before = [](Request& request, const Route&) -> std::optional<Response> {
        if (request.headers.get("X-Auth-Token").size() == 36) return std::nullopt;
        return Response::empty(401);
    };
    return service;
}

double seconds(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

int connect_to(const NetAddress& server) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_storage storage;
    const auto length = server.to(storage);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&storage), length) != 0) std::abort();
    return socket;
}

/// Asks once per iteration; `exchange` sends a request and takes the whole answer.
template <class Exchange>
void measure(benchmark::State& state, Exchange exchange) {
    const double process = seconds(CLOCK_PROCESS_CPUTIME_ID);
    const double client = seconds(CLOCK_THREAD_CPUTIME_ID);
    for (auto _ : state) {
        if (!exchange()) {
            state.SkipWithError("no answer");
            break;
        }
    }
    const double server =
        seconds(CLOCK_PROCESS_CPUTIME_ID) - process - (seconds(CLOCK_THREAD_CPUTIME_ID) - client);
    state.counters["server_us"] = benchmark::Counter(server * 1e6, benchmark::Counter::kAvgIterations);
}

bool ask_in_the_clear(int socket) {
    std::array<char, 4096> answer;
    return ::send(socket, kRequest.data(), kRequest.size(), 0) > 0 &&
           ::recv(socket, answer.data(), answer.size(), 0) > 600;
}

void floor_get(benchmark::State& state) {
    std::array<int, 2> sockets{};
    const int port = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_storage storage{};
    const auto length = NetAddress::parse("127.0.0.1", 0)->to(storage);
    if (::bind(port, reinterpret_cast<const sockaddr*>(&storage), length) != 0 || ::listen(port, 1) != 0)
        std::abort();
    socklen_t size = sizeof(storage);
    ::getsockname(port, reinterpret_cast<sockaddr*>(&storage), &size);
    sockets[0] = connect_to(NetAddress::from(storage));
    sockets[1] = ::accept(port, nullptr, nullptr);
    std::thread server([socket = sockets[1]] {
        const int poll = ::epoll_create1(0);
        epoll_event event{};
        event.events = EPOLLIN;
        ::epoll_ctl(poll, EPOLL_CTL_ADD, socket, &event);
        std::array<char, 4096> request;
        const std::string answer(760, 'x');
        while (::epoll_wait(poll, &event, 1, -1) == 1) {
            if (::recv(socket, request.data(), request.size(), 0) <= 0) break;
            if (::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL) <= 0) break;
        }
        ::close(poll);
    });
    measure(state, [&] { return ask_in_the_clear(sockets[0]); });
    ::close(sockets[0]);
    server.join();
    ::close(sockets[1]);
    ::close(port);
}
BENCHMARK(floor_get);

void http_get(benchmark::State& state) {
    Server server;
    const auto address = server.listen(*NetAddress::parse("127.0.0.1", 0), {{"", office()}});
    const int socket = connect_to(*address);
    measure(state, [&] { return ask_in_the_clear(socket); });
    ::close(socket);
}
BENCHMARK(http_get);

void https_get(benchmark::State& state) {
    std::string folder = (std::filesystem::temp_directory_path() / "almon-http-bench-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) std::abort();
    SystemRandom random;
    const auto tls = load_or_make_certificate(
        {std::filesystem::path(folder) / "server.crt", std::filesystem::path(folder) / "server.key"},
        {"bench"}, system_now().utc, random);
    std::filesystem::remove_all(folder);
    Server server;
    const auto address = server.listen(*NetAddress::parse("127.0.0.1", 0), {{"", office()}}, *tls);
    const int socket = connect_to(*address);
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    SSL* ssl = SSL_new(context);
    SSL_set_fd(ssl, socket);
    if (SSL_connect(ssl) != 1) state.SkipWithError("no handshake");
    measure(state, [&] {
        std::array<char, 4096> answer;
        return SSL_write(ssl, kRequest.data(), static_cast<int>(kRequest.size())) > 0 &&
               SSL_read(ssl, answer.data(), static_cast<int>(answer.size())) > 600;
    });
    SSL_free(ssl);
    SSL_CTX_free(context);
    ::close(socket);
}
BENCHMARK(https_get);

/// Without a socket: from bytes to the request that a handler sees.
void parse_request(benchmark::State& state) {
    Request request;
    RequestParser parser(request, 16 * 1024);
    for (auto _ : state) {
        parser.reset();
        if (parser.feed(kRequest).step != RequestParser::Step::Head) state.SkipWithError("refused");
        benchmark::DoNotOptimize(request);
    }
}
BENCHMARK(parse_request);

void route_request(benchmark::State& state) {
    const auto service = office();
    std::vector<PathParameter> parameters;
    for (auto _ : state)
        benchmark::DoNotOptimize(
            service->router.match(Method::Get, "/users/7f523550-03cf-4dac-a858-cb8afdb34775", parameters));
}
BENCHMARK(route_request);

}  // namespace
