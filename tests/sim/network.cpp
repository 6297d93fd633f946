// SPDX-License-Identifier: GPL-3.0-or-later
#include "sim/network.hpp"

#include <algorithm>

namespace almon::simulation {

namespace {

bool later(const Packet& a, const Packet& b) {
    return std::pair(a.due, a.sequence) > std::pair(b.due, b.sequence);
}

}  // namespace

void Network::send(bool to_exchange, std::size_t phone, const sip::Flow& flow, std::string_view bytes,
                   Instant now) {
    const auto delay = habits_.least_delay + Duration(random_.below(static_cast<std::uint64_t>(
                                                 (habits_.most_delay - habits_.least_delay).count() + 1)));
    Packet packet{now + delay, 0, to_exchange, phone, flow, std::string(bytes)};
    if (sip::is_reliable(flow.transport)) {
        Instant& last = last_of_stream_[flow.connection * 2 + (to_exchange ? 1 : 0)];
        packet.due = last = std::max(last, packet.due);
        enqueue(std::move(packet));
        return;
    }
    const auto fate = random_.below(1'000'000);
    if (fate < habits_.lost_per_million) return;
    if (fate < habits_.lost_per_million + habits_.doubled_per_million) {
        Packet again = packet;
        again.due += std::chrono::milliseconds(5);
        enqueue(std::move(again));
    }
    enqueue(std::move(packet));
}

void Network::enqueue(Packet packet) {
    packet.sequence = ++sequence_;
    heap_.push_back(std::move(packet));
    std::push_heap(heap_.begin(), heap_.end(), later);
}

std::optional<Instant> Network::next_due() const {
    if (heap_.empty()) return std::nullopt;
    return heap_.front().due;
}

Packet Network::take() {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    Packet packet = std::move(heap_.back());
    heap_.pop_back();
    return packet;
}

}  // namespace almon::simulation
