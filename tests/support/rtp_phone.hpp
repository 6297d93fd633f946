// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <vector>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/net_address.hpp"
#include "media/rtp_packet.hpp"

namespace almon::test {

/// The media side of a phone: an RTP and an RTCP socket on 127.0.0.1 (or ::1), and a stream of its own.
class RtpPhone final {
public:
    struct Packet {
        media::RtpHeader header;
        std::vector<std::uint8_t> payload;
    };

    explicit RtpPhone(const char* host = "127.0.0.1") : host_(NetAddress::parse(host, 0).value()) {
        rtp_ = bound(rtp_address_);
        rtcp_ = bound(rtcp_address_);
    }
    ~RtpPhone() {
        ::close(rtp_);
        ::close(rtcp_);
    }
    RtpPhone(const RtpPhone&) = delete;
    RtpPhone& operator=(const RtpPhone&) = delete;

    [[nodiscard]] const NetAddress& rtp_address() const { return rtp_address_; }
    [[nodiscard]] const NetAddress& rtcp_address() const { return rtcp_address_; }

    /// The state of the stream it sends.
    media::RtpHeader next{
        .marker = false, .payload_type = 8, .sequence = 1000, .timestamp = 50000, .ssrc = 0x11223344};

    /// Sends the next packet of its stream to `port` of the system under test, and moves on by 20 ms.
    void send(std::uint16_t port, std::vector<std::uint8_t> payload = std::vector<std::uint8_t>(160, 0xD5)) {
        send_as(next, port, payload);
        ++next.sequence;
        next.timestamp += 160;
    }
    void send_as(const media::RtpHeader& header, std::uint16_t port,
                 const std::vector<std::uint8_t>& payload) {
        std::vector<std::uint8_t> bytes(media::kRtpHeaderSize);
        bytes[0] = 0x80;
        header.write_into(bytes.data());
        bytes.insert(bytes.end(), payload.begin(), payload.end());
        send_bytes(rtp_, bytes, port);
    }
    void send_raw(std::uint16_t port, const std::vector<std::uint8_t>& bytes) {
        send_bytes(rtp_, bytes, port);
    }
    void send_rtcp(std::uint16_t rtp_port, std::span<const std::uint8_t> bytes) {
        send_bytes(rtcp_, {bytes.begin(), bytes.end()}, static_cast<std::uint16_t>(rtp_port + 1));
    }

    /// The next packet that arrives, within five seconds.
    std::optional<Packet> receive(std::chrono::milliseconds timeout = std::chrono::seconds(5)) {
        const auto bytes = receive_bytes(rtp_, timeout);
        if (!bytes) return std::nullopt;
        const auto header = media::RtpHeader::parse(*bytes);
        if (!header) return std::nullopt;
        const auto begin = bytes->begin() + static_cast<std::ptrdiff_t>(header->payload_offset);
        return Packet{*header, {begin, begin + static_cast<std::ptrdiff_t>(header->payload_size)}};
    }
    std::optional<std::vector<std::uint8_t>> receive_raw(
        std::chrono::milliseconds timeout = std::chrono::seconds(5)) {
        return receive_bytes(rtp_, timeout);
    }
    /// Waits for a packet without taking it, and throws one away: neither allocates.
    [[nodiscard]] bool wait_for_rtp() const {
        pollfd waiting{rtp_, POLLIN, 0};
        return ::poll(&waiting, 1, 5000) == 1;
    }
    [[nodiscard]] bool has_rtp() const {
        pollfd waiting{rtp_, POLLIN, 0};
        return ::poll(&waiting, 1, 0) == 1;
    }
    void discard_rtp() const {
        std::array<std::uint8_t, 16> bytes{};
        static_cast<void>(::recv(rtp_, bytes.data(), bytes.size(), 0));
    }
    std::optional<std::vector<std::uint8_t>> receive_rtcp(
        std::chrono::milliseconds timeout = std::chrono::seconds(5)) {
        return receive_bytes(rtcp_, timeout);
    }

private:
    int bound(NetAddress& address) const {
        const int descriptor = ::socket(host_.ipv6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        sockaddr_storage storage{};
        socklen_t length = host_.to(storage);
        if (descriptor < 0 || ::bind(descriptor, reinterpret_cast<sockaddr*>(&storage), length) != 0)
            throw std::runtime_error("no socket for an RTP phone");
        length = sizeof(storage);
        ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&storage), &length);
        address = NetAddress::from(storage);
        return descriptor;
    }
    void send_bytes(int descriptor, const std::vector<std::uint8_t>& bytes, std::uint16_t port) const {
        auto to = host_;
        to.port = port;
        sockaddr_storage storage{};
        const auto length = to.to(storage);
        ::sendto(descriptor, bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&storage), length);
    }
    static std::optional<std::vector<std::uint8_t>> receive_bytes(int descriptor,
                                                                  std::chrono::milliseconds timeout) {
        pollfd waiting{descriptor, POLLIN, 0};
        if (::poll(&waiting, 1, static_cast<int>(timeout.count())) != 1) return std::nullopt;
        std::vector<std::uint8_t> bytes(4096);
        const auto size = ::recv(descriptor, bytes.data(), bytes.size(), 0);
        if (size < 0) return std::nullopt;
        bytes.resize(static_cast<std::size_t>(size));
        return bytes;
    }

    NetAddress host_;
    NetAddress rtp_address_;
    NetAddress rtcp_address_;
    int rtp_ = -1;
    int rtcp_ = -1;
};

}  // namespace almon::test
