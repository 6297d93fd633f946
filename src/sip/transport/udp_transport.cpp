// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/transport/udp_transport.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <sys/socket.h>

#include <boost/asio/post.hpp>

#include "base/descriptor.hpp"
#include "sip/transport/sockets.hpp"

namespace almon::sip {

namespace {

constexpr std::size_t kDatagramsAtOnce = 32;
/// More than a datagram can carry.
constexpr std::size_t kDatagramSize = 64 * 1024;
/// From one buffer to the next: a power of two would let all of them share the same few lines of the caches.
constexpr std::size_t kBufferDistance = kDatagramSize + 4096 + 192;
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
    Descriptor descriptor;
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
    std::size_t used = kDatagramsAtOnce;
    // Never written by us: the pages that no datagram reaches are never taken from the machine.
    std::unique_ptr<char[]> bytes =
        std::make_unique_for_overwrite<char[]>(kDatagramsAtOnce * kBufferDistance);

    /// What the last call did not use is as it was.
    void prepare() {
        for (std::size_t i = 0; i < used; ++i) {
            vectors[i] = {bytes.get() + i * kBufferDistance, kDatagramSize};
            msghdr& header = headers[i].msg_hdr;
            header = {};
            header.msg_name = &sources[i];
            header.msg_namelen = sizeof(sources[i]);
            header.msg_iov = &vectors[i];
            header.msg_iovlen = 1;
            header.msg_control = controls[i].bytes.data();
            header.msg_controllen = kControlSize;
        }
        used = 0;
    }
};

UdpTransport::UdpTransport(const TransportContext& context)
    : context_(context), buffers_(std::make_unique<Buffers>()) {}

UdpTransport::~UdpTransport() = default;

Result<NetAddress> UdpTransport::listen(const NetAddress& address) {
    const auto refused = [&] {
        return tl::unexpected(listen_error(kind(), address, {errno, boost::system::system_category()}));
    };
    auto opened = std::make_unique<Socket>();
    opened->descriptor = Descriptor(
        ::socket(address.ipv6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP));
    if (!opened->descriptor) return refused();

    const int descriptor = opened->descriptor.get();
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

    sockaddr_storage bound;
    auto length = address.to(bound);
    if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&bound), length) != 0) return refused();
    length = sizeof(bound);
    if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&bound), &length) != 0) return refused();
    opened->bound = NetAddress::from(bound);
    opened->is_wildcard = opened->bound.is_unspecified();
    return sockets_.emplace_back(std::move(opened))->bound;
}

std::vector<NetAddress> UdpTransport::listening() const {
    std::vector<NetAddress> addresses;
    for (const auto& socket : sockets_)
        addresses.push_back(socket->bound);
    return addresses;
}

std::vector<int> UdpTransport::descriptors() const {
    std::vector<int> descriptors;
    for (const auto& socket : sockets_)
        descriptors.push_back(socket->descriptor.get());
    return descriptors;
}

void UdpTransport::stop() {
    // The descriptors stay open until destruction: another thread may be about to send.
    stopped_ = true;
}

void UdpTransport::receive(std::vector<Received>& batch) {
    for (const auto& socket : sockets_)
        receive(*socket, batch);
}

void UdpTransport::receive(const Socket& socket, std::vector<Received>& batch) {
    buffers_->prepare();
    const int count = ::recvmmsg(socket.descriptor.get(), buffers_->headers.data(), kDatagramsAtOnce,
                                 MSG_DONTWAIT, nullptr);
    if (count <= 0) return;
    buffers_->used = static_cast<std::size_t>(count);
    take(socket, static_cast<std::size_t>(count), batch);
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

/// Headers for one system call.
class UdpTransport::OutgoingBatch {
public:
    static constexpr std::size_t kMost = 16;

    void prepare(const Socket& socket, std::span<const Outgoing> messages) {
        for (std::size_t i = 0; i < messages.size(); ++i) {
            const auto& [flow, bytes] = messages[i];
            vectors_[i] = {const_cast<char*>(bytes.data()), bytes.size()};
            msghdr& header = headers[i].msg_hdr;
            header = {};
            header.msg_name = &remotes_[i];
            header.msg_namelen = flow.remote.to(remotes_[i]);
            header.msg_iov = &vectors_[i];
            header.msg_iovlen = 1;
            if (socket.is_wildcard && !flow.local.is_unspecified())
                set_source(header, controls_[i].bytes.data(), flow.local);
        }
    }

    // Not initialised: a batch of one message touches one of each.
    std::array<mmsghdr, kMost> headers;

private:
    std::array<iovec, kMost> vectors_;
    std::array<sockaddr_storage, kMost> remotes_;
    std::array<Buffers::Control, kMost> controls_;
};

void UdpTransport::send(const Flow& flow, std::string_view bytes) {
    const Outgoing message{flow, bytes};
    send_all({&message, 1});
}

void UdpTransport::send_all(std::span<const Outgoing> messages) {
    while (!messages.empty()) {
        const Socket* const socket = socket_for(messages.front().flow.local);
        if (socket == nullptr) {
            report_lost(messages.front().flow);
            messages = messages.subspan(1);
            continue;
        }
        std::size_t count = 1;
        while (count < messages.size() && count < OutgoingBatch::kMost &&
               socket_for(messages[count].flow.local) == socket)
            ++count;
        send(*socket, messages.first(count));
        messages = messages.subspan(count);
    }
}

void UdpTransport::send(const Socket& socket, std::span<const Outgoing> messages) {
    OutgoingBatch batch;
    batch.prepare(socket, messages);
    for (std::size_t done = 0; done < messages.size();) {
        const int sent =
            ::sendmmsg(socket.descriptor.get(), batch.headers.data() + done,
                       static_cast<unsigned>(messages.size() - done), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent > 0) {
            context_.counters.sent += static_cast<std::uint64_t>(sent);
            done += static_cast<std::size_t>(sent);
            continue;
        }
        const int error = errno;
        if (sent < 0 && error == EINTR) continue;
        ++context_.counters.unsent;
        // A full buffer is loss like any other on the way; retransmissions are for it.
        if (error != EAGAIN && error != ENOBUFS && error != ENOMEM) report_lost(messages[done].flow);
        ++done;
    }
}

void UdpTransport::report_lost(const Flow& flow) {
    boost::asio::post(context_.io, [this, flow] {
        if (!stopped_) context_.listener.on_flow_lost(flow);
    });
}

}  // namespace almon::sip
