// SPDX-License-Identifier: GPL-3.0-or-later
#include "ami/server.hpp"

#include <atomic>
#include <future>
#include <set>
#include <string>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "ami/connection.hpp"
#include "base/log.hpp"

namespace almon::ami {

namespace {

using boost::asio::ip::tcp;

constexpr Duration kAcceptAgain = 100ms;

tcp::endpoint endpoint_of(const NetAddress& address) {
    return {boost::asio::ip::make_address(address.host()), address.port};
}

NetAddress address_of(const tcp::endpoint& endpoint) {
    const auto address = NetAddress::parse(endpoint.address().to_string(), endpoint.port());
    return address ? *address : NetAddress{};
}

}  // namespace

struct Server::Parts {
    Parts(Office& asked, ServerLimits given)
        : office(asked),
          limits(given),
          loop("ami"),
          way_back(std::make_shared<WayBack>(loop)),
          acceptor(loop.context()),
          pause(loop.context()),
          pool("ami-actions", given.workers) {}

    void accept();
    void welcome(tcp::socket socket);
    void count_listeners();

    Office& office;
    const ServerLimits limits;
    std::atomic<std::uint32_t> heard{0};  ///< Classes that somebody hears.
    std::set<std::shared_ptr<Connection>> connections;
    EventLoop loop;
    std::shared_ptr<WayBack> way_back;
    tcp::acceptor acceptor;
    boost::asio::steady_timer pause;  ///< While the machine has no descriptor left.
    WorkerPool pool;
};

void Server::Parts::accept() {
    acceptor.async_accept([this](const boost::system::error_code& error, tcp::socket socket) {
        if (error == boost::asio::error::operation_aborted) return;
        if (!error) {
            welcome(std::move(socket));
            return accept();
        }
        log_warning("the manager accepts nobody: {}", error.message());
        pause.expires_after(kAcceptAgain);
        pause.async_wait([this](const boost::system::error_code& ended) {
            if (!ended) accept();
        });
    });
}

void Server::Parts::welcome(tcp::socket socket) {
    if (connections.size() >= limits.sessions) return;
    boost::system::error_code error;
    const auto remote = socket.remote_endpoint(error);
    if (error) return;
    auto connection = std::make_shared<Connection>(
        std::move(socket), std::make_shared<Session>(office, address_of(remote)),
        Connection::Context{pool, way_back, limits,
                            [this](const std::shared_ptr<Connection>& gone) { connections.erase(gone); },
                            [this] { count_listeners(); }});
    connections.insert(connection);
    connection->start();
}

void Server::Parts::count_listeners() {
    std::uint32_t all = 0;
    for (const auto& connection : connections)
        for (const auto what : kEventClasses)
            if (connection->session().hears(what)) all |= 1U << static_cast<unsigned>(what);
    heard = all;
}

Server::Server(Office& office, ServerLimits limits) : parts_(std::make_unique<Parts>(office, limits)) {}

Server::~Server() {
    deliver(std::make_shared<Event>(
        Event{"Shutdown", EventClass::System, {{"Shutdown", "Cleanly"}, {"Restart", "False"}}}));
    std::promise<void> closed;
    parts_->loop.post([&] {
        boost::system::error_code ignored;
        parts_->acceptor.close(ignored);
        parts_->pause.cancel();
        for (const auto& connection : std::set(parts_->connections))
            connection->close();
        closed.set_value();
    });
    closed.get_future().wait();
    parts_->way_back->close();
}

Result<NetAddress> Server::listen(const NetAddress& address) {
    auto& port = parts_->acceptor;
    boost::system::error_code error;
    const auto endpoint = endpoint_of(address);
    port.open(endpoint.protocol(), error);
    if (!error) port.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) port.bind(endpoint, error);
    if (!error) port.listen(tcp::acceptor::max_listen_connections, error);
    if (error)
        return refuse(ErrorCode::Unavailable, "listen",
                      "manager port " + address.text() + " cannot be opened: " + error.message());
    const auto bound = address_of(port.local_endpoint());
    parts_->loop.post([parts = parts_.get()] { parts->accept(); });
    return bound;
}

void Server::deliver(std::shared_ptr<const Event> event) {
    if (!anybody_listens()) return;
    parts_->loop.post([parts = parts_.get(), event = std::move(event)] {
        std::string text;
        for (const auto& connection : std::set(parts->connections)) {
            if (!connection->session().hears(event->about)) continue;
            if (text.empty()) text = event->message().text();
            connection->send(text);
        }
    });
}

bool Server::anybody_listens() const noexcept {
    return parts_->heard != 0;
}

void Server::end(std::string_view account_id) {
    parts_->loop.post([parts = parts_.get(), account_id = std::string(account_id)] {
        for (const auto& connection : std::set(parts->connections)) {
            const auto account = connection->session().account();
            if (account && account->id == account_id) connection->close();
        }
    });
}

}  // namespace almon::ami
