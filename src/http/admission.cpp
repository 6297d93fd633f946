// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/admission.hpp"

#include <algorithm>

namespace almon::http {

namespace {

/// Without the port; of IPv6 the network, since a single peer owns all addresses of one.
NetAddress host_of(const NetAddress& remote) noexcept {
    NetAddress host = remote;
    host.port = 0;
    if (host.ipv6) std::fill(host.bytes.begin() + 8, host.bytes.end(), std::uint8_t{0});
    return host;
}

}  // namespace

std::optional<Admission::Ticket> Admission::admit(const NetAddress& remote) {
    const NetAddress host = host_of(remote);
    const std::lock_guard lock(mutex_);
    if (count_ >= limit_) return std::nullopt;
    std::size_t& of_host = by_host_[host];
    if (of_host >= limit_per_address_) {
        if (of_host == 0) by_host_.erase(host);
        return std::nullopt;
    }
    ++of_host;
    ++count_;
    return Ticket(shared_from_this(), host);
}

void Admission::leave(const NetAddress& host) noexcept {
    const std::lock_guard lock(mutex_);
    const auto found = by_host_.find(host);
    if (found != by_host_.end() && --found->second == 0) by_host_.erase(found);
    if (--count_ == 0) empty_.notify_all();
}

std::size_t Admission::count() const {
    const std::lock_guard lock(mutex_);
    return count_;
}

bool Admission::wait_until_empty(Duration patience) {
    std::unique_lock lock(mutex_);
    return empty_.wait_for(lock, patience, [this] { return count_ == 0; });
}

void Admission::Ticket::give_back() noexcept {
    if (admission_) admission_->leave(host_);
    admission_.reset();
}

}  // namespace almon::http
