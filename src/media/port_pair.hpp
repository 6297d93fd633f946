// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "base/descriptor.hpp"
#include "base/net_address.hpp"
#include "base/result.hpp"

namespace almon::media {

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
