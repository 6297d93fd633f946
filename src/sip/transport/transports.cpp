// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/transport/transports.hpp"

#include <algorithm>
#include <array>
#include <thread>

#include <pthread.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "sip/transport/sockets.hpp"
#include "sip/transport/tcp_transport.hpp"
#include "sip/transport/udp_transport.hpp"
#include "sip/transport/websocket_transport.hpp"

namespace almon::sip {

namespace {
constexpr std::size_t kKinds = 5;
}

struct Transports::State {
    State(TransportListener& the_listener, const TransportLimits& the_limits)
        : listener(the_listener), limits(the_limits) {}

    [[nodiscard]] Transport* of(TransportKind kind) const noexcept {
        const auto index = static_cast<std::size_t>(kind);
        return index < kKinds ? plugged[index].get() : nullptr;
    }

    TransportListener& listener;
    const TransportLimits limits;
    TransportCounters counters;
    std::atomic<std::uint64_t> last_connection{0};
    boost::asio::io_context io{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
    std::array<std::unique_ptr<Transport>, kKinds> plugged;
    UdpTransport* udp = nullptr;  ///< One of those plugged in.
    std::thread thread;
};

Transports::Transports(TransportListener& listener, TransportLimits limits)
    : state_(std::make_unique<State>(listener, limits)) {
    auto udp = std::make_unique<UdpTransport>(context());
    state_->udp = udp.get();
    add(std::move(udp));
    add(std::make_unique<TcpTransport>(context()));
    for (const auto kind : {TransportKind::Ws, TransportKind::Wss})
        add(std::make_unique<WebSocketTransport>(context(), kind));
}

Transports::~Transports() {
    stop();
}

TransportContext Transports::context() noexcept {
    return {state_->io, state_->listener, state_->limits, state_->counters, state_->last_connection};
}

void Transports::add(std::unique_ptr<Transport> transport) {
    const auto index = static_cast<std::size_t>(transport->kind());
    state_->plugged.at(index) = std::move(transport);
}

Result<NetAddress> Transports::listen(TransportKind kind, const NetAddress& address) {
    Transport* const transport = state_->of(kind);
    if (transport == nullptr) {
        return refuse(ErrorCode::Unsupported, "listen",
                      "there is no transport " + std::string(via_name(kind)));
    }
    return transport->listen(address);
}

void Transports::start() {
    if (state_->thread.joinable()) return;
    boost::asio::post(state_->io, [this] {
        for (const auto& transport : state_->plugged) {
            if (transport != nullptr) transport->start();
        }
    });
    state_->thread = std::thread([this] {
        ::pthread_setname_np(::pthread_self(), "sip transports");
        state_->io.run();
    });
}

void Transports::stop() {
    if (!state_->thread.joinable()) return;
    boost::asio::post(state_->io, [this] {
        for (const auto& transport : state_->plugged) {
            if (transport != nullptr) transport->stop();
        }
        state_->work.reset();
    });
    state_->thread.join();
}

void Transports::send(const Flow& flow, std::string_view bytes) {
    if (Transport* const transport = state_->of(flow.transport)) return transport->send(flow, bytes);
    boost::asio::post(state_->io, [this, flow] { state_->listener.on_flow_lost(flow); });
}

void Transports::send_all(std::span<const Outgoing> messages) {
    while (!messages.empty()) {
        const auto kind = messages.front().flow.transport;
        const auto end = std::ranges::find_if(
            messages, [kind](const Outgoing& message) { return message.flow.transport != kind; });
        const auto run = messages.first(static_cast<std::size_t>(end - messages.begin()));
        if (Transport* const transport = state_->of(kind)) {
            transport->send_all(run);
        } else {
            Wire::send_all(run);
        }
        messages = messages.subspan(run.size());
    }
}

WebSocketTransport& Transports::websockets(TransportKind kind) noexcept {
    return static_cast<WebSocketTransport&>(*state_->of(kind));
}

DatagramSource& Transports::datagrams() noexcept {
    return *state_->udp;
}

Result<Flow> Transports::flow_to(TransportKind kind, const NetAddress& remote) const {
    const Transport* const transport = state_->of(kind);
    Flow flow;
    flow.transport = kind;
    flow.remote = remote;
    bool found = false;
    if (transport != nullptr) {
        const auto source = source_address_to(remote);
        if (!source) return refuse(source);
        for (const NetAddress& listening : transport->listening()) {
            if (listening.ipv6 != remote.ipv6) continue;
            const bool is_the_source = listening.same_host(*source);
            if (!found || is_the_source || listening.is_unspecified()) {
                flow.local = listening;
                if (listening.is_unspecified()) flow.local.bytes = source->bytes;
                found = true;
            }
            if (is_the_source) break;
        }
    }
    if (!found) {
        return refuse(ErrorCode::Unavailable, "flow",
                      "nothing listens for " + std::string(via_name(kind)) +
                          (remote.ipv6 ? " over IPv6" : " over IPv4"));
    }
    return flow;
}

const TransportCounters& Transports::counters() const noexcept {
    return state_->counters;
}

}  // namespace almon::sip
