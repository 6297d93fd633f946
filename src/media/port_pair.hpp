// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/net_address.hpp"
#include "base/result.hpp"

namespace almon::media {

/// A file descriptor that is closed with its owner.
class Descriptor final {
public:
    Descriptor() noexcept = default;
    explicit Descriptor(int number) noexcept : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor();

    [[nodiscard]] int get() const noexcept { return number_; }
    [[nodiscard]] explicit operator bool() const noexcept { return number_ >= 0; }

private:
    int number_ = -1;
};

/// Two bound UDP sockets: RTP on an even port, RTCP on the next (RFC 3550 section 11).
struct PortPair {
    Descriptor rtp;
    Descriptor rtcp;
    std::uint16_t port = 0;

    /// Conflict where either port is taken, Exhausted where the system gives no more sockets.
    [[nodiscard]] static Result<PortPair> bind(const NetAddress& host, std::uint16_t even_port);
    /// Throws away what has arrived.
    void drain() const noexcept;
};

/// Pairs that are bound and unused. The signalling side takes, the housekeeper puts; media threads never come
/// here.
class ReadyPorts final {
public:
    void put(std::vector<PortPair> pairs);
    [[nodiscard]] std::optional<PortPair> take(std::uint16_t port);

private:
    std::mutex mutex_;
    std::map<std::uint16_t, PortPair> pairs_;
};

}  // namespace almon::media
