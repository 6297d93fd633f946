// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/random.hpp"
#include "base/time.hpp"
#include "sip/flow.hpp"

namespace almon::simulation {

/// How packets travel between the phones and the exchange. Chances are per million, so that a seed gives the
/// same run anywhere.
struct NetworkHabits {
    std::uint32_t lost_per_million = 10'000;
    std::uint32_t doubled_per_million = 5'000;
    Duration least_delay = std::chrono::milliseconds(1);
    /// Delays are drawn anew for each datagram, so that these overtake one another.
    Duration most_delay = std::chrono::milliseconds(40);
};

/// A message under way. `flow` is as the receiver sees it.
struct Packet {
    Instant due;
    std::uint64_t sequence = 0;
    bool to_exchange = false;
    std::size_t phone = 0;
    sip::Flow flow;
    std::string bytes;
};

/// Packets under way, in virtual time. Datagrams are lost, doubled and overtake one another; a stream keeps
/// its order and loses nothing.
class Network final {
public:
    Network(NetworkHabits habits, Random& random) : habits_(habits), random_(random) {}

    void send(bool to_exchange, std::size_t phone, const sip::Flow& flow, std::string_view bytes,
              Instant now);
    [[nodiscard]] std::optional<Instant> next_due() const;
    [[nodiscard]] Packet take();

private:
    void enqueue(Packet packet);

    NetworkHabits habits_;
    Random& random_;
    std::vector<Packet> heap_;
    std::uint64_t sequence_ = 0;
    std::unordered_map<std::uint64_t, Instant> last_of_stream_;
};

}  // namespace almon::simulation
