// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/transport_recorder.hpp"

#include <array>
#include <chrono>
#include <stdexcept>
#include <utility>

#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace almon::sip {

void TransportRecorder::on_received(std::vector<Received> batch) {
    const std::lock_guard lock(mutex_);
    for (auto& received : batch)
        received_.push_back(std::move(received));
    ++batches_;
    changed_.notify_all();
}

void TransportRecorder::on_flow_lost(const Flow& flow) {
    const std::lock_guard lock(mutex_);
    lost_.push_back(flow);
    changed_.notify_all();
}

bool TransportRecorder::wait_for_messages(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(5), [&] { return received_.size() >= count; });
}

bool TransportRecorder::wait_for_losses(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(5), [&] { return lost_.size() >= count; });
}

Flow TransportRecorder::flow(std::size_t index) const {
    const std::lock_guard lock(mutex_);
    return received_.at(index).flow;
}

std::string TransportRecorder::text(std::size_t index) const {
    const std::lock_guard lock(mutex_);
    return std::string(received_.at(index).message.bytes());
}

std::size_t TransportRecorder::messages() const {
    const std::lock_guard lock(mutex_);
    return received_.size();
}

std::size_t TransportRecorder::batches() const {
    const std::lock_guard lock(mutex_);
    return batches_;
}

std::vector<Flow> TransportRecorder::losses() const {
    const std::lock_guard lock(mutex_);
    return lost_;
}

DatagramReader::DatagramReader(DatagramSource& source, TransportListener& listener) {
    if (::pipe(stop_.data()) != 0) throw std::runtime_error("no pipe for the test");
    thread_ = std::thread([this, &source, &listener] { run(source, listener); });
}

DatagramReader::~DatagramReader() {
    ::close(stop_[1]);
    thread_.join();
    ::close(stop_[0]);
}

void DatagramReader::run(DatagramSource& source, TransportListener& listener) {
    std::vector<pollfd> waiting{{stop_[0], POLLIN, 0}};
    for (const int descriptor : source.descriptors())
        waiting.push_back({descriptor, POLLIN, 0});
    for (;;) {
        ::poll(waiting.data(), waiting.size(), -1);
        if (waiting[0].revents != 0) return;
        std::vector<Received> batch;
        source.receive(batch);
        if (!batch.empty()) listener.on_received(std::move(batch));
    }
}

namespace {

int open_socket(int type, const NetAddress& address) {
    const int descriptor = ::socket(address.ipv6 ? AF_INET6 : AF_INET, type | SOCK_CLOEXEC, 0);
    if (descriptor < 0) throw std::runtime_error("no socket for the test");
    return descriptor;
}

void bind_to(int descriptor, const NetAddress& address) {
    sockaddr_storage storage;
    const auto length = address.to(storage);
    if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&storage), length) != 0) {
        throw std::runtime_error("cannot bind the socket of the test");
    }
}

}  // namespace

TestSocket::TestSocket(int descriptor) : descriptor_(descriptor) {
    const timeval timeout{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
}

TestSocket TestSocket::udp(const std::string& host) {
    const NetAddress address = NetAddress::parse(host, 0).value();
    TestSocket socket(open_socket(SOCK_DGRAM, address));
    bind_to(socket.descriptor_, address);
    return socket;
}

TestSocket TestSocket::tcp_to(const NetAddress& address) {
    TestSocket socket(open_socket(SOCK_STREAM, address));
    sockaddr_storage storage;
    const auto length = address.to(storage);
    if (::connect(socket.descriptor_, reinterpret_cast<const sockaddr*>(&storage), length) != 0) {
        throw std::runtime_error("cannot connect the socket of the test");
    }
    return socket;
}

TestSocket TestSocket::tcp_listening(const std::string& host) {
    const NetAddress address = NetAddress::parse(host, 0).value();
    TestSocket socket(open_socket(SOCK_STREAM, address));
    bind_to(socket.descriptor_, address);
    ::listen(socket.descriptor_, 16);
    return socket;
}

TestSocket::TestSocket(TestSocket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

TestSocket& TestSocket::operator=(TestSocket&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

TestSocket::~TestSocket() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

NetAddress TestSocket::address() const {
    sockaddr_storage storage{};
    socklen_t length = sizeof(storage);
    ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&storage), &length);
    return NetAddress::from(storage);
}

bool TestSocket::wait_for_connection(std::chrono::milliseconds patience) {
    pollfd waiting{descriptor_, POLLIN, 0};
    return ::poll(&waiting, 1, static_cast<int>(patience.count())) == 1;
}

TestSocket TestSocket::accept() {
    const int accepted = ::accept(descriptor_, nullptr, nullptr);
    if (accepted < 0) throw std::runtime_error("nobody connected to the test");
    return TestSocket(accepted);
}

void TestSocket::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void TestSocket::send_to(const NetAddress& address, std::string_view bytes) {
    sockaddr_storage storage;
    const auto length = address.to(storage);
    if (::sendto(descriptor_, bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&storage),
                 length) < 0) {
        throw std::runtime_error("the test cannot send");
    }
}

std::string TestSocket::receive(NetAddress* source) {
    std::array<char, 65536> buffer;
    sockaddr_storage storage{};
    socklen_t length = sizeof(storage);
    const auto size = ::recvfrom(descriptor_, buffer.data(), buffer.size(), 0,
                                 reinterpret_cast<sockaddr*>(&storage), &length);
    if (source != nullptr) *source = NetAddress::from(storage);
    return size <= 0 ? std::string{} : std::string(buffer.data(), static_cast<std::size_t>(size));
}

std::string TestSocket::receive_all(std::size_t size) {
    std::string all;
    while (all.size() < size) {
        const std::string part = receive();
        if (part.empty()) break;
        all += part;
    }
    return all;
}

bool TestSocket::is_closed_by_peer() {
    char byte = 0;
    while (true) {
        const auto size = ::recv(descriptor_, &byte, 1, 0);
        if (size == 0) return true;
        if (size < 0) return errno == ECONNRESET || errno == EPIPE;
    }
}

void TestSocket::reset() {
    const linger now{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    ::close(std::exchange(descriptor_, -1));
}

}  // namespace almon::sip
