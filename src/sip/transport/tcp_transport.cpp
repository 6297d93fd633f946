// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/transport/tcp_transport.hpp"

#include <algorithm>
#include <cerrno>
#include <span>
#include <string>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>

#include "sip/message_framer.hpp"
#include "sip/transport/sockets.hpp"

namespace almon::sip {

using boost::asio::ip::tcp;

namespace {

constexpr std::size_t kReadSize = 64 * 1024;
/// Other connections get their turn after so many reads.
constexpr int kReadsAtOnce = 8;
constexpr std::string_view kPong = "\r\n";

NetAddress host_of(NetAddress address) noexcept {
    address.port = 0;
    return address;
}

}  // namespace

struct TcpTransport::Listener {
    explicit Listener(boost::asio::io_context& io) : acceptor(io), retry(io) {}
    tcp::acceptor acceptor;
    boost::asio::steady_timer retry;
    NetAddress bound;
};

class TcpTransport::Connection final {
public:
    Connection(boost::asio::io_context& io, const Flow& the_flow, Admission the_admission)
        : socket(io), flow(the_flow), admission(the_admission) {}

    /// What is there now; 0 with would_block where nothing is, with another error where nothing comes any
    /// more.
    std::size_t read_some(std::span<char> into, boost::system::error_code& error) {
        if (!tls) return socket.read_some(boost::asio::buffer(into.data(), into.size()), error);
        const std::lock_guard lock(mutex);
        if (is_closed) {
            error = boost::asio::error::operation_aborted;
            return 0;
        }
        const auto outcome = tls->read(into);
        if (outcome.status == TlsSocket::Status::Closed) error = boost::asio::error::eof;
        if (outcome.status == TlsSocket::Status::WantRead || outcome.status == TlsSocket::Status::WantWrite)
            error = boost::asio::error::would_block;
        return outcome.bytes;
    }
    /// Under the mutex. How much was taken, 0 where nothing can be now; negative: nothing ever will.
    ssize_t write_some(std::string_view bytes) {
        if (tls) {
            const auto outcome = tls->write(bytes);
            return outcome.status == TlsSocket::Status::Closed ? -1 : static_cast<ssize_t>(outcome.bytes);
        }
        const auto written =
            ::send(socket.native_handle(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        return written < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : written;
    }

    tcp::socket socket;
    std::unique_ptr<TlsSocket> tls;  ///< Null: plain. Of the thread of handshakes until it is open.
    bool is_shaking = false;         ///< Of the transport's thread: the thread of handshakes has `tls`.
    const Flow flow;
    const Admission admission;

    // Of the transport's thread.
    MessageFramer framer;
    bool had_message = false;
    // In sweeps.
    std::uint32_t since_start = 0;
    std::uint32_t since_byte = 0;
    std::uint32_t since_message_began = 0;
    std::uint32_t since_written = 0;

    std::mutex mutex;  ///< Of what follows, and of writing to and closing the socket.
    std::string queue;
    bool is_open = false;
    bool is_closed = false;
    bool waits_writable = false;
    bool has_written = false;  ///< Since the last sweep.
};

TcpTransport::TcpTransport(const TransportContext& context) : TcpTransport(context, nullptr) {}

TcpTransport::TcpTransport(const TransportContext& context, std::shared_ptr<ssl_ctx_st> tls)
    : context_(context),
      tls_(std::move(tls)),
      sweep_timer_(context.io),
      scratch_(std::make_unique_for_overwrite<char[]>(kReadSize)) {
    const TransportLimits& limits = context.limits;
    const Duration shortest =
        std::min({limits.connect_timeout, limits.message_timeout, limits.first_message_timeout,
                  limits.idle_timeout, limits.write_timeout});
    sweep_interval_ = std::clamp<Duration>(shortest / 4, 5ms, 1s);
    if (tls_) handshakes_ = std::make_unique<boost::asio::thread_pool>(1);
}

TcpTransport::~TcpTransport() = default;

// Listening

Result<NetAddress> TcpTransport::listen(const NetAddress& address) {
    auto opened = std::make_unique<Listener>(context_.io);
    tcp::acceptor& acceptor = opened->acceptor;
    boost::system::error_code error;
    acceptor.open(address.ipv6 ? tcp::v6() : tcp::v4(), error);
    // Connections of an earlier process that linger do not keep us from listening again.
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error && address.ipv6) acceptor.set_option(boost::asio::ip::v6_only(true), error);
    if (!error) acceptor.bind(endpoint_of<tcp::endpoint>(address), error);
    if (!error) acceptor.listen(boost::asio::socket_base::max_listen_connections, error);
    if (error) return tl::unexpected(listen_error(kind(), address, error));
    close_on_exec(acceptor.native_handle());
    acceptor.non_blocking(true);
    opened->bound = net_address_of(acceptor.local_endpoint());
    return listeners_.emplace_back(std::move(opened))->bound;
}

std::vector<NetAddress> TcpTransport::listening() const {
    std::vector<NetAddress> addresses;
    for (const auto& listener : listeners_)
        addresses.push_back(listener->bound);
    return addresses;
}

void TcpTransport::start() {
    for (const auto& listener : listeners_)
        accept(*listener);
    sweep();
}

void TcpTransport::stop() {
    std::vector<ConnectionPointer> open;
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        for (const auto& [id, connection] : connections_)
            open.push_back(connection);
    }
    boost::system::error_code ignored;
    for (const auto& listener : listeners_) {
        listener->acceptor.close(ignored);
        listener->retry.cancel();
    }
    sweep_timer_.cancel();
    for (const auto& connection : open)
        close(connection);
}

void TcpTransport::accept(Listener& listener) {
    listener.acceptor.async_wait(
        tcp::acceptor::wait_read, [this, &listener](boost::system::error_code error) {
            if (error == boost::asio::error::operation_aborted || !listener.acceptor.is_open()) return;
            greet(listener);
        });
}

void TcpTransport::greet(Listener& listener) {
    while (true) {
        boost::system::error_code error;
        tcp::endpoint remote;
        tcp::socket socket(context_.io);
        listener.acceptor.accept(socket, remote, error);
        if (error == boost::asio::error::would_block) return accept(listener);
        if (error == boost::asio::error::connection_aborted || error == boost::asio::error::interrupted)
            continue;
        if (error) {
            // Out of descriptors or memory: the connection stays in the backlog, so that waiting for the
            // socket would return at once, again and again.
            listener.retry.expires_after(std::chrono::milliseconds(100));
            listener.retry.async_wait([this, &listener](boost::system::error_code aborted) {
                if (!aborted && listener.acceptor.is_open()) greet(listener);
            });
            return;
        }

        Flow flow;
        flow.transport = kind();
        flow.remote = net_address_of(remote);
        const tcp::endpoint local = socket.local_endpoint(error);
        flow.local = error ? listener.bound : net_address_of(local);
        const ConnectionPointer connection = admit(flow, Admission::Accepted);
        if (connection == nullptr) continue;  // The socket closes here.
        connection->socket = std::move(socket);
        ++context_.counters.accepted;
        on_connected(connection);
    }
}

/// Null where a limit is reached.
TcpTransport::ConnectionPointer TcpTransport::admit(const Flow& flow, Admission admission) {
    const std::lock_guard lock(mutex_);
    const NetAddress host = host_of(flow.remote);
    const auto of_host = per_host_.find(host);
    // The limit for one address is against strangers; whom we call ourselves we chose.
    const bool too_many = connections_.size() >= context_.limits.connections ||
                          (admission == Admission::Accepted && of_host != per_host_.end() &&
                           of_host->second >= context_.limits.connections_per_address);
    if (stopped_ || too_many) {
        ++context_.counters.refused;
        return nullptr;
    }
    Flow own = flow;
    own.connection = ++context_.last_connection;
    auto connection = std::make_shared<Connection>(context_.io, own, admission);
    connections_.emplace(own.connection, connection);
    by_remote_[own.remote] = own.connection;
    ++per_host_[host];
    ++context_.counters.connections;
    return connection;
}

// Connecting

TcpTransport::ConnectionPointer TcpTransport::find_or_open(const Flow& flow) {
    {
        const std::lock_guard lock(mutex_);
        // The number alone does not suffice: a flow may have been kept since an earlier process.
        const auto found = connections_.find(flow.connection);
        if (found != connections_.end() && found->second->flow.remote == flow.remote) return found->second;
        const auto other = by_remote_.find(flow.remote);
        if (other != by_remote_.end()) return connections_.at(other->second);
    }
    if (tls_) return nullptr;
    const ConnectionPointer opened = admit(flow, Admission::Opened);
    if (opened != nullptr) {
        boost::asio::post(context_.io, [this, opened] { connect(opened); });
    }
    return opened;
}

void TcpTransport::connect(const ConnectionPointer& connection) {
    boost::system::error_code error;
    {
        const std::lock_guard lock(connection->mutex);
        if (connection->is_closed) return;
        const Flow& flow = connection->flow;
        connection->socket.open(flow.remote.ipv6 ? tcp::v6() : tcp::v4(), error);
        if (!error && !flow.local.is_unspecified() && flow.local.ipv6 == flow.remote.ipv6) {
            const int on = 1;
            ::setsockopt(connection->socket.native_handle(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on,
                         sizeof(on));
            connection->socket.bind(endpoint_of<tcp::endpoint>(host_of(flow.local)), error);
        }
    }
    if (error) return close(connection);
    connection->socket.async_connect(endpoint_of<tcp::endpoint>(connection->flow.remote),
                                     [this, connection](boost::system::error_code failed) {
                                         if (failed) return close(connection);
                                         ++context_.counters.connected;
                                         on_connected(connection);
                                     });
}

void TcpTransport::on_connected(const ConnectionPointer& connection) {
    {
        const std::lock_guard lock(connection->mutex);
        if (connection->is_closed) return;
        boost::system::error_code ignored;
        close_on_exec(connection->socket.native_handle());
        connection->socket.non_blocking(true, ignored);
        connection->socket.set_option(tcp::no_delay(true), ignored);
        if (tls_) {
            connection->tls = std::make_unique<TlsSocket>(tls_.get(), connection->socket.native_handle());
        } else {
            connection->is_open = true;
            connection->since_start = 0;
        }
    }
    if (tls_) return shake_hands(connection);
    begin_to_read(connection);
}

void TcpTransport::begin_to_read(const ConnectionPointer& connection) {
    wait_readable(connection);
    flush(connection);
}

void TcpTransport::shake_hands(const ConnectionPointer& connection) {
    connection->is_shaking = true;
    boost::asio::post(*handshakes_, [this, connection] {
        const auto status = connection->tls->shake_hands();
        boost::asio::post(context_.io, [this, connection, status] { on_shaken(connection, status); });
    });
}

void TcpTransport::on_shaken(const ConnectionPointer& connection, TlsSocket::Status status) {
    connection->is_shaking = false;
    if (status == TlsSocket::Status::Closed) return close(connection);
    {
        const std::lock_guard lock(connection->mutex);
        if (connection->is_closed) {
            boost::system::error_code ignored;
            connection->socket.close(ignored);
            return;
        }
        if (status == TlsSocket::Status::Done) {
            connection->is_open = true;
            connection->since_start = 0;
        }
    }
    if (status == TlsSocket::Status::Done) return begin_to_read(connection);
    const auto wanted =
        status == TlsSocket::Status::WantRead ? tcp::socket::wait_read : tcp::socket::wait_write;
    connection->socket.async_wait(wanted, [this, connection](boost::system::error_code error) {
        if (error) return close(connection);
        shake_hands(connection);
    });
}

// Reading

void TcpTransport::wait_readable(const ConnectionPointer& connection) {
    connection->socket.async_wait(tcp::socket::wait_read,
                                  [this, connection](boost::system::error_code error) {
                                      if (error) return close(connection);
                                      read(connection);
                                  });
}

void TcpTransport::read(const ConnectionPointer& connection) {
    std::vector<Received> batch;
    bool goes_on = true;
    for (int i = 0; i < kReadsAtOnce && goes_on; ++i) {
        boost::system::error_code error;
        const std::size_t size = connection->read_some({scratch_.get(), kReadSize}, error);
        if (error == boost::asio::error::would_block || error == boost::asio::error::interrupted) break;
        if (error) {
            goes_on = false;
            break;
        }
        connection->since_byte = 0;
        connection->framer.feed({scratch_.get(), size});
        goes_on = take(connection, batch);
        if (size < kReadSize && !connection->tls) break;
    }
    if (!batch.empty()) context_.listener.on_received(std::move(batch));
    if (goes_on) {
        wait_readable(connection);
    } else {
        close(connection);
    }
}

/// False when the stream cannot be followed any more.
bool TcpTransport::take(const ConnectionPointer& connection, std::vector<Received>& batch) {
    while (true) {
        const auto frame = connection->framer.next();
        if (!frame) {
            ++(frame.error().code == ErrorCode::Exhausted ? context_.counters.oversized
                                                          : context_.counters.malformed);
            return false;
        }
        if (!*frame) return true;
        connection->since_message_began = 0;
        if ((*frame)->kind == StreamFrame::Kind::Ping) {
            ++context_.counters.keep_alives;
            write(connection, kPong);
            continue;
        }
        auto message = Message::parse((*frame)->bytes);
        if (!message) {
            ++context_.counters.malformed;
            continue;
        }
        connection->had_message = true;
        ++context_.counters.received;
        batch.push_back({connection->flow, std::move(*message)});
    }
}

// Writing

void TcpTransport::send(const Flow& flow, std::string_view bytes) {
    const ConnectionPointer connection = find_or_open(flow);
    if (connection == nullptr) {
        ++context_.counters.unsent;
        return report_lost(flow);
    }
    ++context_.counters.sent;
    write(connection, bytes);
}

void TcpTransport::write(const ConnectionPointer& connection, std::string_view bytes) {
    const std::lock_guard lock(connection->mutex);
    // Closed since it was found; its loss is reported already, and later than this message was sent.
    if (connection->is_closed) return report_lost(connection->flow);
    if (connection->is_open && connection->queue.empty()) {
        const auto written = connection->write_some(bytes);
        if (written < 0) return close_soon(connection);
        if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
        if (bytes.empty()) return;
    }
    if (connection->queue.size() + bytes.size() > context_.limits.write_queue) {
        ++context_.counters.overflowed;
        return close_soon(connection);
    }
    connection->queue.append(bytes);
    if (!connection->is_open || std::exchange(connection->waits_writable, true)) return;
    boost::asio::post(context_.io, [this, connection] { wait_writable(connection); });
}

void TcpTransport::wait_writable(const ConnectionPointer& connection) {
    connection->socket.async_wait(tcp::socket::wait_write,
                                  [this, connection](boost::system::error_code error) {
                                      if (error) return close(connection);
                                      flush(connection);
                                  });
}

void TcpTransport::flush(const ConnectionPointer& connection) {
    bool wait = false;
    bool failed = false;
    {
        const std::lock_guard lock(connection->mutex);
        if (connection->is_closed) return;
        std::string& queue = connection->queue;
        if (!queue.empty()) {
            const auto written = connection->write_some(queue);
            if (written > 0) {
                connection->has_written = true;
                queue.erase(0, static_cast<std::size_t>(written));
            }
            failed = written < 0;
        }
        wait = !queue.empty();
        if (!wait) queue.shrink_to_fit();
        connection->waits_writable = wait;
    }
    if (failed) return close(connection);
    if (wait) wait_writable(connection);
}

// The end

void TcpTransport::close(const ConnectionPointer& connection) {
    {
        const std::lock_guard lock(connection->mutex);
        if (std::exchange(connection->is_closed, true)) return;
        boost::system::error_code ignored;
        if (connection->tls && connection->is_open) connection->tls->finish();
        // Its descriptor must not be given to another connection while the thread of handshakes has it.
        if (!connection->is_shaking) connection->socket.close(ignored);
        connection->queue = {};
    }
    {
        const std::lock_guard lock(mutex_);
        connections_.erase(connection->flow.connection);
        const auto by_remote = by_remote_.find(connection->flow.remote);
        if (by_remote != by_remote_.end() && by_remote->second == connection->flow.connection) {
            by_remote_.erase(by_remote);
        }
        const auto of_host = per_host_.find(host_of(connection->flow.remote));
        if (of_host != per_host_.end() && --of_host->second == 0) per_host_.erase(of_host);
        --context_.counters.connections;
        if (stopped_) return;
    }
    context_.listener.on_flow_lost(connection->flow);
}

void TcpTransport::close_soon(const ConnectionPointer& connection) {
    boost::asio::post(context_.io, [this, connection] { close(connection); });
}

void TcpTransport::report_lost(const Flow& flow) {
    boost::asio::post(context_.io, [this, flow] {
        {
            const std::lock_guard lock(mutex_);
            if (stopped_) return;
        }
        context_.listener.on_flow_lost(flow);
    });
}

std::uint32_t TcpTransport::sweeps(Duration duration) const noexcept {
    return static_cast<std::uint32_t>((duration + sweep_interval_ - Duration{1}) / sweep_interval_);
}

/// One timer for all: a connection counts how often the sweep came by.
void TcpTransport::sweep() {
    std::vector<ConnectionPointer> overdue;
    {
        const std::lock_guard lock(mutex_);
        if (stopped_) return;
        for (const auto& [id, connection] : connections_) {
            if (is_overdue(*connection)) overdue.push_back(connection);
        }
    }
    for (const auto& connection : overdue) {
        ++context_.counters.timed_out;
        close(connection);
    }
    sweep_timer_.expires_after(
        std::chrono::duration_cast<std::chrono::steady_clock::duration>(sweep_interval_));
    sweep_timer_.async_wait([this](boost::system::error_code error) {
        if (!error) sweep();
    });
}

bool TcpTransport::is_overdue(Connection& connection) const {
    const TransportLimits& limits = context_.limits;
    const auto passed = [this](std::uint32_t& count, Duration limit) { return ++count > sweeps(limit); };

    bool is_open = false;
    {
        const std::lock_guard lock(connection.mutex);
        is_open = connection.is_open;
        if (connection.queue.empty() || std::exchange(connection.has_written, false))
            connection.since_written = 0;
    }
    if (!is_open) return passed(connection.since_start, limits.connect_timeout);
    if (connection.framer.pending() == 0) connection.since_message_began = 0;
    return passed(connection.since_byte, limits.idle_timeout) ||
           passed(connection.since_message_began, limits.message_timeout) ||
           passed(connection.since_written, limits.write_timeout) ||
           (connection.admission == Admission::Accepted && !connection.had_message &&
            passed(connection.since_start, limits.first_message_timeout));
}

}  // namespace almon::sip
