// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

#include <boost/describe.hpp>

#include "base/archive.hpp"
#include "base/random.hpp"
#include "base/time.hpp"

namespace almon::sip {

/// Nonces that carry their own proof: time, serial number and a seal (SipHash-2-4-128) over both. Nothing is
/// stored until one comes back with a valid response, so that strangers cannot fill memory; they outlive a
/// restart with the key.
class DigestNonces final {
public:
    using Key = std::array<std::uint8_t, 16>;

    explicit DigestNonces(const Key& key, std::chrono::seconds lifetime = std::chrono::minutes{5}) noexcept
        : key_(key), lifetime_(lifetime) {}

    [[nodiscard]] std::string issue(Random& random, UtcTime now) const;

    enum class Verdict : std::uint8_t {
        Valid,
        Stale,   ///< Ours, but too old: challenge again with stale=true.
        Forged,  ///< Not ours.
    };
    struct Check {
        Verdict verdict = Verdict::Forged;
        std::uint64_t serial = 0;  ///< Tells nonces of ours apart; for NonceCounts.
    };
    [[nodiscard]] Check check(std::string_view nonce, UtcTime now) const;
    [[nodiscard]] std::chrono::seconds lifetime() const noexcept { return lifetime_; }

private:
    [[nodiscard]] std::string sign(std::uint64_t seconds, std::uint64_t serial) const;

    Key key_;
    std::chrono::seconds lifetime_;
};

/// The nonce counts seen (RFC 7616 3.4: nc): each may come once. A window of 64 below the highest allows for
/// requests that overtake each other. A plain value.
class NonceCounts final {
public:
    /// At most this many nonces are remembered; then the oldest are forgotten.
    static constexpr std::size_t kLimit = 16384;

    /// True the first time; false for a replay. `expiry` is when the nonce becomes stale at the latest.
    [[nodiscard]] bool accept(std::uint64_t serial, std::uint32_t count, Instant now, Instant expiry);
    [[nodiscard]] std::size_t size() const noexcept { return seen_.size(); }

    void save(Archive& archive) const;
    void restore(ArchiveReader& reader);

    struct Seen {
        std::uint32_t highest = 0;
        std::uint64_t window = 0;  ///< Bit n: highest - n was seen.
    };
    struct Expiry {
        Instant at;
        std::uint64_t serial = 0;
    };

private:
    void forget_oldest();

    std::unordered_map<std::uint64_t, Seen> seen_;
    std::deque<Expiry> expiries_;
};
BOOST_DESCRIBE_STRUCT(NonceCounts::Seen, (), (highest, window))
BOOST_DESCRIBE_STRUCT(NonceCounts::Expiry, (), (at, serial))

}  // namespace almon::sip
