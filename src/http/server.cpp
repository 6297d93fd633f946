// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/server.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <future>
#include <string>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/log.hpp"
#include "base/worker_pool.hpp"
#include "http/admission.hpp"
#include "http/connection.hpp"
#include "http/io_thread.hpp"
#include "http/site.hpp"
#include "http/stream.hpp"

namespace almon::http {

namespace {

namespace asio = boost::asio;

constexpr int kBacklog = 1024;
/// Accepted in one go, before connections of the same thread get their turn.
constexpr int kAcceptedAtOnce = 64;
/// When the process or the machine has no descriptor left.
constexpr Duration kAcceptAgain = 100ms;

Error listen_error(const NetAddress& address, int error) {
    const std::string what = "HTTP port " + std::to_string(address.port) + " on " + address.host();
    switch (error) {
        case EADDRINUSE:
            return {ErrorCode::Conflict, "listen", what + " is already in use"};
        case EACCES:
            return {ErrorCode::Forbidden, "listen", what + " may only be opened by root"};
        case EADDRNOTAVAIL:
            return {ErrorCode::InvalidArgument, "listen",
                    what + " cannot be opened: no interface of this machine has that address"};
        case EAFNOSUPPORT:
            return {ErrorCode::Unavailable, "listen",
                    what + " cannot be opened: this machine has no " + (address.ipv6 ? "IPv6" : "IPv4")};
        default:
            return {ErrorCode::Unavailable, "listen", what + " cannot be opened: " + std::strerror(error)};
    }
}

void set_option(int descriptor, int level, int option) {
    const int on = 1;
    ::setsockopt(descriptor, level, option, &on, sizeof(on));
}

Result<int> open_port(const NetAddress& address) {
    const int descriptor =
        ::socket(address.ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) return tl::unexpected<Error>(listen_error(address, errno));
    set_option(descriptor, SOL_SOCKET, SO_REUSEADDR);
    if (address.ipv6) set_option(descriptor, IPPROTO_IPV6, IPV6_V6ONLY);
    sockaddr_storage storage;
    const auto length = address.to(storage);
    if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&storage), length) != 0 ||
        ::listen(descriptor, kBacklog) != 0) {
        const int error = errno;
        ::close(descriptor);
        return tl::unexpected<Error>(listen_error(address, error));
    }
    return descriptor;
}

NetAddress bound_address(int descriptor) {
    sockaddr_storage storage{};
    socklen_t size = sizeof(storage);
    ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&storage), &size);
    return NetAddress::from(storage);
}

/// A port that is open. Of the first IO thread, but for its making.
struct Listener {
    Listener(asio::io_context& io, int descriptor) : port(io, descriptor), pause(io) {}

    asio::posix::stream_descriptor port;
    asio::steady_timer pause;
    std::shared_ptr<const Site> site;
    std::shared_ptr<const TlsContext> tls;
    bool closed = false;
};

}  // namespace

struct Server::Parts {
    explicit Parts(const ServerSettings& settings)
        : limits(settings.limits),
          admission(std::make_shared<Admission>(limits.connections, limits.connections_per_address)) {
        // Fine enough for the shortest of the times.
        Duration interval = 1s;
        for (const Duration time : {limits.handshake_timeout, limits.head_timeout, limits.body_grace,
                                    limits.response_grace, limits.idle_timeout}) {
            interval = std::min(interval, time / 4);
        }
        interval = std::max<Duration>(interval, 5ms);
        for (unsigned number = 0; number < std::max(settings.io_threads, 1U); ++number) {
            threads.push_back(std::make_unique<IoThread>("http-" + std::to_string(number + 1), interval));
        }
        pool = std::make_unique<WorkerPool>("http-pool", std::max(settings.workers, 1U));
        handshakes = std::make_unique<WorkerPool>("http-tls", 1);
    }

    void accept(const std::shared_ptr<Listener>& listener);
    void take(const std::shared_ptr<Listener>& listener);
    void welcome(const Listener& listener, int descriptor, const NetAddress& remote);
    template <class Task>
    void on_each_thread(Task task);

    const ServerLimits limits;
    std::shared_ptr<Admission> admission;
    std::atomic<bool> stopped{false};
    std::size_t next_thread = 0;                       ///< Of the first thread.
    std::vector<std::shared_ptr<Listener>> listeners;  ///< Of the first thread.
    std::vector<std::unique_ptr<IoThread>> threads;
    std::unique_ptr<WorkerPool> pool;
    std::unique_ptr<WorkerPool> handshakes;
};

void Server::Parts::accept(const std::shared_ptr<Listener>& listener) {
    listener->port.async_wait(asio::posix::descriptor_base::wait_read,
                              [this, listener](const boost::system::error_code& error) {
                                  if (!error && !listener->closed) take(listener);
                              });
}

void Server::Parts::take(const std::shared_ptr<Listener>& listener) {
    for (int count = 0; count < kAcceptedAtOnce; ++count) {
        sockaddr_storage storage{};
        socklen_t size = sizeof(storage);
        const int descriptor =
            ::accept4(listener->port.native_handle(), reinterpret_cast<sockaddr*>(&storage), &size,
                      SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (descriptor >= 0) {
            welcome(*listener, descriptor, NetAddress::from(storage));
            continue;
        }
        if (errno == EINTR || errno == ECONNABORTED) continue;
        if (errno == EAGAIN) break;
        log_warning("http: no connection can be accepted: {}", std::strerror(errno));
        listener->pause.expires_after(kAcceptAgain);
        listener->pause.async_wait([this, listener](const boost::system::error_code& error) {
            if (!error && !listener->closed) take(listener);
        });
        return;
    }
    accept(listener);
}

void Server::Parts::welcome(const Listener& listener, int descriptor, const NetAddress& remote) {
    auto ticket = admission->admit(remote);
    if (!ticket) {
        log_debug("http: too many connections, {} is turned away", remote.text());
        ::close(descriptor);
        return;
    }
    set_option(descriptor, IPPROTO_TCP, TCP_NODELAY);
    IoThread& thread = *threads[next_thread++ % threads.size()];
    // In a shared_ptr since a std::function has to be copyable.
    auto place = std::make_shared<Admission::Ticket>(std::move(*ticket));
    thread.loop().post([this, &thread, descriptor, remote, place, site = listener.site, tls = listener.tls] {
        asio::ip::tcp::socket socket(thread.loop().context());
        boost::system::error_code error;
        socket.assign(remote.ipv6 ? asio::ip::tcp::v6() : asio::ip::tcp::v4(), descriptor, error);
        if (error || stopped) {
            if (error) ::close(descriptor);
            return;
        }
        std::make_shared<Connection>(ConnectionContext{thread, *pool, *handshakes, limits},
                                     std::make_unique<Stream>(std::move(socket), tls), site, remote,
                                     std::move(*place))
            ->start();
    });
}

/// Runs `task` on every IO thread and waits until all have.
template <class Task>
void Server::Parts::on_each_thread(Task task) {
    for (const auto& thread : threads) {
        std::promise<void> done;
        thread->loop().post([&] {
            task(*thread);
            done.set_value();
        });
        done.get_future().wait();
    }
}

Server::Server(ServerSettings settings) : parts_(std::make_unique<Parts>(settings)) {}

Server::~Server() {
    stop(0s);
}

Result<NetAddress> Server::listen(const NetAddress& address, std::vector<Mount> mounts,
                                  std::shared_ptr<const TlsContext> tls) {
    if (parts_->stopped) return refuse(ErrorCode::Unavailable, "listen", "the HTTP server has ended");
    const auto descriptor = open_port(address);
    if (!descriptor) return refuse(descriptor);
    const NetAddress bound = bound_address(*descriptor);
    EventLoop& first = parts_->threads.front()->loop();
    auto listener = std::make_shared<Listener>(first.context(), *descriptor);
    listener->site = std::make_shared<const Site>(std::move(mounts));
    listener->tls = std::move(tls);
    first.post([parts = parts_.get(), listener] {
        if (parts->stopped) return;
        parts->listeners.push_back(listener);
        parts->accept(listener);
    });
    return bound;
}

void Server::stop(Duration grace) {
    if (parts_->stopped.exchange(true)) return;
    std::promise<void> closed;
    parts_->threads.front()->loop().post([&] {
        for (const auto& listener : parts_->listeners) {
            listener->closed = true;
            boost::system::error_code ignored;
            listener->port.close(ignored);
            listener->pause.cancel();
        }
        parts_->listeners.clear();
        closed.set_value();
    });
    closed.get_future().wait();
    if (grace > Duration::zero()) {
        parts_->on_each_thread([](IoThread& thread) { thread.drain(); });
        (void)parts_->admission->wait_until_empty(grace);
    }
    parts_->on_each_thread([](IoThread& thread) { thread.abort(); });
    parts_->handshakes.reset();
    parts_->pool.reset();
    parts_->threads.clear();
}

std::size_t Server::connections() const {
    return parts_->admission->count();
}

}  // namespace almon::http
