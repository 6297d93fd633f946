// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/auth/attempt_limit.hpp"

#include <algorithm>
#include <string_view>

namespace almon::services {

AttemptLimit::AttemptLimit(const Settings& settings, Random& random)
    : settings_(settings),
      hash_{{random.next(), random.next()}},
      entries_(std::max<std::size_t>(settings.addresses / kWays, 1) * kWays) {}

std::uint64_t AttemptLimit::key_of(const NetAddress& from) const noexcept {
    const std::size_t size = from.ipv6 ? 8 : 4;
    const std::uint64_t key = hash_(std::string_view(reinterpret_cast<const char*>(from.bytes.data()), size));
    return key == 0 ? 1 : key;
}

std::optional<std::chrono::seconds> AttemptLimit::wait_until(Instant paid, Instant now) const noexcept {
    const Duration beyond = paid - now - settings_.recovery * (settings_.burst - 1);
    if (beyond <= Duration::zero()) return std::nullopt;
    return std::chrono::ceil<std::chrono::seconds>(beyond);
}

const AttemptLimit::Entry* AttemptLimit::find(std::uint64_t key) const noexcept {
    const Entry* set = &entries_[key % (entries_.size() / kWays) * kWays];
    const Entry* found = std::find_if(set, set + kWays, [&](const Entry& entry) { return entry.key == key; });
    return found == set + kWays ? nullptr : found;
}

AttemptLimit::Entry& AttemptLimit::claim(std::uint64_t key) noexcept {
    if (const Entry* known = find(key)) return const_cast<Entry&>(*known);
    Entry* set = &entries_[key % (entries_.size() / kWays) * kWays];
    Entry& oldest = *std::min_element(
        set, set + kWays, [](const Entry& left, const Entry& right) { return left.paid < right.paid; });
    oldest = {key, {}};
    return oldest;
}

std::optional<std::chrono::seconds> AttemptLimit::wait_of(const NetAddress& from, Instant now) const {
    const std::uint64_t key = key_of(from);
    const std::lock_guard lock(mutex_);
    const Entry* known = find(key);
    return known == nullptr ? std::nullopt : wait_until(known->paid, now);
}

std::optional<std::chrono::seconds> AttemptLimit::begin(const NetAddress& from, Instant now) {
    const std::uint64_t key = key_of(from);
    const std::lock_guard lock(mutex_);
    Entry& entry = claim(key);
    if (const auto wait = wait_until(entry.paid, now)) return wait;
    entry.paid = std::max(entry.paid, now) + settings_.recovery;
    return std::nullopt;
}

void AttemptLimit::succeeded(const NetAddress& from) {
    const std::uint64_t key = key_of(from);
    const std::lock_guard lock(mutex_);
    if (const Entry* known = find(key)) const_cast<Entry*>(known)->paid -= settings_.recovery;
}

}  // namespace almon::services
