// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "base/keyed_hash.hpp"
#include "base/net_address.hpp"
#include "base/random.hpp"
#include "base/time.hpp"

namespace almon::services {

/// Makes guessing slow: an address may be wrong `burst` times at once, and then once in every `recovery`. An
/// IPv6 network of 64 bits counts as one address, since its owner has all of them. Any thread; never waits.
class AttemptLimit final {
public:
    struct Settings {
        int burst = 20;
        Duration recovery = 6s;
        /// So many addresses are remembered, in a table of fixed size; beyond, the most innocent are
        /// forgotten.
        std::size_t addresses = 8192;
    };

    AttemptLimit(const Settings& settings, Random& random);

    /// How long the address has to wait before it may try; nothing: it may now.
    [[nodiscard]] std::optional<std::chrono::seconds> wait_of(const NetAddress& from, Instant now) const;
    /// The same, and counts an attempt that is made now as a failed one, so that many at the same time do not
    /// slip through.
    [[nodiscard]] std::optional<std::chrono::seconds> begin(const NetAddress& from, Instant now);
    /// The attempt was right after all.
    void succeeded(const NetAddress& from);

private:
    /// `paid` is when all of its failures are forgiven.
    struct Entry {
        std::uint64_t key = 0;
        Instant paid{};
    };
    static constexpr std::size_t kWays = 8;

    [[nodiscard]] std::uint64_t key_of(const NetAddress& from) const noexcept;
    [[nodiscard]] std::optional<std::chrono::seconds> wait_until(Instant paid, Instant now) const noexcept;
    [[nodiscard]] const Entry* find(std::uint64_t key) const noexcept;
    [[nodiscard]] Entry& claim(std::uint64_t key) noexcept;

    const Settings settings_;
    KeyedHash hash_;
    mutable std::mutex mutex_;
    std::vector<Entry> entries_;  ///< Sets of kWays; a key has its place in one of them.
};

}  // namespace almon::services
