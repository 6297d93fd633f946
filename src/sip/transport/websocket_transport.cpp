// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/transport/websocket_transport.hpp"

#include <utility>

#include <boost/asio/post.hpp>

namespace almon::sip {

namespace {
constexpr std::string_view kPing = "\r\n\r\n";
constexpr std::string_view kPong = "\r\n";
}  // namespace

WebSocketTransport::WebSocketTransport(const TransportContext& context, TransportKind kind)
    : context_(context), kind_(kind) {}

WebSocketTransport::~WebSocketTransport() = default;

std::optional<Flow> WebSocketTransport::opened(const NetAddress& local, const NetAddress& remote,
                                               std::shared_ptr<Connection> connection) {
    const std::lock_guard lock(mutex_);
    if (stopped_ || peers_.size() >= context_.limits.connections) {
        ++context_.counters.refused;
        return std::nullopt;
    }
    const Flow flow{kind_, local, remote, ++context_.last_connection};
    peers_.emplace(flow.connection, Peer{remote, std::move(connection)});
    ++context_.counters.accepted;
    ++context_.counters.connections;
    return flow;
}

void WebSocketTransport::received(const Flow& flow, std::string_view message) {
    // RFC 5626 4.4.1, for clients whose WebSocket gives them no ping of its own (RFC 7118 section 6).
    if (message == kPing) {
        ++context_.counters.keep_alives;
        if (const auto connection = find(flow)) connection->send(kPong);
        return;
    }
    if (message == kPong) {
        ++context_.counters.keep_alives;
        return;
    }
    auto parsed = Message::parse(message);
    if (!parsed) {
        ++context_.counters.malformed;
        return;
    }
    ++context_.counters.received;
    std::vector<Received> batch;
    batch.push_back({flow, *std::move(parsed)});
    context_.listener.on_received(std::move(batch));
}

void WebSocketTransport::closed(const Flow& flow) {
    {
        const std::lock_guard lock(mutex_);
        if (peers_.erase(flow.connection) == 0) return;
        --context_.counters.connections;
        if (stopped_) return;
    }
    context_.listener.on_flow_lost(flow);
}

Result<NetAddress> WebSocketTransport::listen(const NetAddress& address) {
    return listening_.emplace_back(address);
}

void WebSocketTransport::stop() {
    std::unordered_map<std::uint64_t, Peer> open;
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        open.swap(peers_);
        context_.counters.connections -= open.size();
    }
    for (const auto& [id, peer] : open)
        peer.connection->close();
}

std::shared_ptr<WebSocketTransport::Connection> WebSocketTransport::find(const Flow& flow) {
    const std::lock_guard lock(mutex_);
    // The number alone does not suffice: a flow may have been kept since an earlier process.
    const auto found = peers_.find(flow.connection);
    return found != peers_.end() && found->second.remote == flow.remote ? found->second.connection : nullptr;
}

void WebSocketTransport::send(const Flow& flow, std::string_view bytes) {
    if (const auto connection = find(flow)) {
        ++context_.counters.sent;
        return connection->send(bytes);
    }
    ++context_.counters.unsent;
    boost::asio::post(context_.io, [this, flow] {
        {
            const std::lock_guard lock(mutex_);
            if (stopped_) return;
        }
        context_.listener.on_flow_lost(flow);
    });
}

}  // namespace almon::sip
