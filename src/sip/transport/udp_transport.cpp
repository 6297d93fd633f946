// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/transport/udp_transport.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <sys/socket.h>

#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>

#include "sip/transport/sockets.hpp"

namespace almon::sip {

using boost::asio::ip::udp;

namespace {

constexpr std::size_t kDatagramsAtOnce = 32;
/// Other sockets get their turn after so many system calls.
constexpr int kRoundsAtOnce = 8;
/// More than a datagram can carry.
constexpr std::size_t kDatagramSize = 64 * 1024;
constexpr std::size_t kControlSize = CMSG_SPACE(sizeof(in6_pktinfo));

/// The address that the datagram was sent to; the port is the socket's.
NetAddress destination_of(msghdr& header, const NetAddress& bound) {
    for (cmsghdr* control = CMSG_FIRSTHDR(&header); control != nullptr;
         control = CMSG_NXTHDR(&header, control)) {
        NetAddress local = bound;
        if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_PKTINFO) {
            in_pktinfo info;
            std::memcpy(&info, CMSG_DATA(control), sizeof(info));
            std::memcpy(local.bytes.data(), &info.ipi_addr, 4);
            return local;
        }
        if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_PKTINFO) {
            in6_pktinfo info;
            std::memcpy(&info, CMSG_DATA(control), sizeof(info));
            std::memcpy(local.bytes.data(), &info.ipi6_addr, 16);
            return local;
        }
    }
    return bound;
}

/// Asks the kernel to send from `source`. `control` has kControlSize bytes, aligned.
void set_source(msghdr& header, char* control, const NetAddress& source) {
    std::memset(control, 0, kControlSize);
    header.msg_control = control;
    if (source.ipv6) {
        header.msg_controllen = CMSG_SPACE(sizeof(in6_pktinfo));
        cmsghdr* const first = CMSG_FIRSTHDR(&header);
        first->cmsg_level = IPPROTO_IPV6;
        first->cmsg_type = IPV6_PKTINFO;
        first->cmsg_len = CMSG_LEN(sizeof(in6_pktinfo));
        in6_pktinfo info{};
        std::memcpy(&info.ipi6_addr, source.bytes.data(), 16);
        std::memcpy(CMSG_DATA(first), &info, sizeof(info));
    } else {
        header.msg_controllen = CMSG_SPACE(sizeof(in_pktinfo));
        cmsghdr* const first = CMSG_FIRSTHDR(&header);
        first->cmsg_level = IPPROTO_IP;
        first->cmsg_type = IP_PKTINFO;
        first->cmsg_len = CMSG_LEN(sizeof(in_pktinfo));
        in_pktinfo info{};
        std::memcpy(&info.ipi_spec_dst, source.bytes.data(), 4);
        std::memcpy(CMSG_DATA(first), &info, sizeof(info));
    }
}

/// CRLF, NUL and the like that phones send to keep a NAT open.
bool is_keep_alive(std::string_view datagram) {
    return std::ranges::all_of(datagram,
                               [](char c) { return c == '\r' || c == '\n' || c == '\0' || c == ' '; });
}

}  // namespace

struct UdpTransport::Socket {
    explicit Socket(boost::asio::io_context& io) : socket(io) {}
    udp::socket socket;
    NetAddress bound;
    bool is_wildcard = false;
};

struct UdpTransport::Buffers {
    struct alignas(cmsghdr) Control {
        std::array<char, kControlSize> bytes;
    };

    std::array<mmsghdr, kDatagramsAtOnce> headers;
    std::array<iovec, kDatagramsAtOnce> vectors;
    std::array<sockaddr_storage, kDatagramsAtOnce> sources;
    std::array<Control, kDatagramsAtOnce> controls;
    // Never written by us: the pages that no datagram reaches are never taken from the machine.
    std::unique_ptr<char[]> bytes = std::make_unique_for_overwrite<char[]>(kDatagramsAtOnce * kDatagramSize);

    void prepare() {
        for (std::size_t i = 0; i < kDatagramsAtOnce; ++i) {
            vectors[i] = {bytes.get() + i * kDatagramSize, kDatagramSize};
            msghdr& header = headers[i].msg_hdr;
            header = {};
            header.msg_name = &sources[i];
            header.msg_namelen = sizeof(sources[i]);
            header.msg_iov = &vectors[i];
            header.msg_iovlen = 1;
            header.msg_control = controls[i].bytes.data();
            header.msg_controllen = kControlSize;
        }
    }
};

UdpTransport::UdpTransport(const TransportContext& context)
    : context_(context), buffers_(std::make_unique<Buffers>()) {}

UdpTransport::~UdpTransport() = default;

Result<NetAddress> UdpTransport::listen(const NetAddress& address) {
    auto opened = std::make_unique<Socket>(context_.io);
    udp::socket& socket = opened->socket;
    boost::system::error_code error;
    socket.open(address.ipv6 ? udp::v6() : udp::v4(), error);
    if (error) return tl::unexpected(listen_error(kind(), address, error));

    const int descriptor = socket.native_handle();
    close_on_exec(descriptor);
    const int on = 1;
    if (address.ipv6) {
        ::setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
        ::setsockopt(descriptor, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on));
    } else {
        ::setsockopt(descriptor, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on));
    }
    // FORCE passes net.core.rmem_max where we are allowed to; else we get what the administrator set.
    const int size = context_.limits.udp_socket_buffer;
    if (::setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) != 0) {
        ::setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
    }
    if (::setsockopt(descriptor, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)) != 0) {
        ::setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
    }

    socket.bind(endpoint_of<udp::endpoint>(address), error);
    if (error) return tl::unexpected(listen_error(kind(), address, error));
    socket.non_blocking(true);
    opened->bound = net_address_of(socket.local_endpoint());
    opened->is_wildcard = opened->bound.is_unspecified();
    return sockets_.emplace_back(std::move(opened))->bound;
}

std::vector<NetAddress> UdpTransport::listening() const {
    std::vector<NetAddress> addresses;
    for (const auto& socket : sockets_)
        addresses.push_back(socket->bound);
    return addresses;
}

void UdpTransport::start() {
    for (const auto& socket : sockets_)
        wait(*socket);
}

void UdpTransport::stop() {
    stopped_ = true;
    // The descriptors stay open until destruction: another thread may be about to send.
    for (const auto& socket : sockets_)
        socket->socket.cancel();
}

void UdpTransport::wait(Socket& socket) {
    socket.socket.async_wait(udp::socket::wait_read, [this, &socket](boost::system::error_code error) {
        if (stopped_ || error == boost::asio::error::operation_aborted) return;
        receive(socket);
        wait(socket);
    });
}

void UdpTransport::receive(Socket& socket) {
    for (int round = 0; round < kRoundsAtOnce; ++round) {
        buffers_->prepare();
        const int count = ::recvmmsg(socket.socket.native_handle(), buffers_->headers.data(),
                                     kDatagramsAtOnce, MSG_DONTWAIT, nullptr);
        if (count <= 0) return;
        std::vector<Received> batch;
        batch.reserve(static_cast<std::size_t>(count));
        take(socket, static_cast<std::size_t>(count), batch);
        if (!batch.empty()) context_.listener.on_received(std::move(batch));
        if (static_cast<std::size_t>(count) < kDatagramsAtOnce) return;
    }
}

void UdpTransport::take(const Socket& socket, std::size_t count, std::vector<Received>& batch) {
    for (std::size_t i = 0; i < count; ++i) {
        mmsghdr& header = buffers_->headers[i];
        const std::string_view datagram(static_cast<const char*>(buffers_->vectors[i].iov_base),
                                        header.msg_len);
        if ((header.msg_hdr.msg_flags & MSG_TRUNC) != 0) {
            ++context_.counters.oversized;
            continue;
        }
        if (is_keep_alive(datagram)) {
            ++context_.counters.keep_alives;
            continue;
        }
        auto message = Message::parse(datagram);
        if (!message) {
            ++(message.error().code == ErrorCode::Exhausted ? context_.counters.oversized
                                                            : context_.counters.malformed);
            continue;
        }
        ++context_.counters.received;
        Flow flow;
        flow.transport = TransportKind::Udp;
        flow.local = socket.is_wildcard ? destination_of(header.msg_hdr, socket.bound) : socket.bound;
        flow.remote = NetAddress::from(buffers_->sources[i]);
        batch.push_back({flow, std::move(*message)});
    }
}

const UdpTransport::Socket* UdpTransport::socket_for(const NetAddress& local) const noexcept {
    const Socket* found = nullptr;
    for (const auto& socket : sockets_) {
        if (!listens_for(socket->bound, local)) continue;
        if (!socket->is_wildcard) return socket.get();
        found = socket.get();
    }
    return found;
}

void UdpTransport::send(const Flow& flow, std::string_view bytes) {
    const Socket* const socket = socket_for(flow.local);
    if (socket == nullptr) return report_lost(flow);

    sockaddr_storage remote;
    alignas(cmsghdr) std::array<char, kControlSize> control;
    iovec vector{const_cast<char*>(bytes.data()), bytes.size()};
    msghdr header{};
    header.msg_name = &remote;
    header.msg_namelen = flow.remote.to(remote);
    header.msg_iov = &vector;
    header.msg_iovlen = 1;
    if (socket->is_wildcard && !flow.local.is_unspecified()) set_source(header, control.data(), flow.local);
    if (::sendmsg(const_cast<Socket*>(socket)->socket.native_handle(), &header,
                  MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) {
        ++context_.counters.sent;
        return;
    }
    ++context_.counters.unsent;
    // A full buffer is loss like any other on the way; retransmissions are for it.
    if (errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM || errno == EINTR) return;
    report_lost(flow);
}

void UdpTransport::report_lost(const Flow& flow) {
    boost::asio::post(context_.io, [this, flow] {
        if (!stopped_) context_.listener.on_flow_lost(flow);
    });
}

}  // namespace almon::sip
