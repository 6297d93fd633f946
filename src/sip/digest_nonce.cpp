// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/digest_nonce.hpp"

#include <charconv>
#include <optional>

#include "base/digest_hash.hpp"
#include "base/keyed_hash.hpp"
#include "sip/syntax.hpp"

namespace almon::sip {

namespace {

// As hexadecimal digits: seconds since 1970 (8), serial (16), the seal (32).
constexpr std::size_t kSecondsLength = 8;
constexpr std::size_t kSerialLength = 16;
constexpr std::size_t kSignatureLength = 32;
constexpr std::size_t kNonceLength = kSecondsLength + kSerialLength + kSignatureLength;

constexpr std::string_view kHex = "0123456789abcdef";

void append_hex(std::string& out, std::uint64_t number, std::size_t digits) {
    for (std::size_t i = digits; i-- > 0;)
        out += kHex[(number >> (4U * i)) & 15U];
}

std::optional<std::uint64_t> read_hex(std::string_view text) noexcept {
    std::uint64_t number = 0;
    for (const char c : text) {
        if (!is_hex_digit(c)) return std::nullopt;
        number = number << 4U | hex_value(c);
    }
    return number;
}

std::int64_t seconds_of(UtcTime time) noexcept {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

}  // namespace

std::string DigestNonces::sign(std::uint64_t seconds, std::uint64_t serial) const {
    std::string nonce;
    nonce.reserve(kNonceLength);
    append_hex(nonce, seconds, kSecondsLength);
    append_hex(nonce, serial, kSerialLength);
    for (const auto byte : seal_of(nonce, key_))
        append_hex(nonce, byte, 2);
    return nonce;
}

std::string DigestNonces::issue(Random& random, UtcTime now) const {
    return sign(static_cast<std::uint64_t>(seconds_of(now)) & 0xffffffffU, random.next());
}

DigestNonces::Check DigestNonces::check(std::string_view nonce, UtcTime now) const {
    if (nonce.size() != kNonceLength) return {};
    const auto seconds = read_hex(nonce.substr(0, kSecondsLength));
    const auto serial = read_hex(nonce.substr(kSecondsLength, kSerialLength));
    if (!seconds || !serial || !equal_in_constant_time(sign(*seconds, *serial), nonce)) return {};
    const std::int64_t age = seconds_of(now) - static_cast<std::int64_t>(*seconds);
    // A clock that was set back must not give a nonce a longer life.
    const bool fresh = age >= -5 && age <= lifetime_.count();
    return {fresh ? Verdict::Valid : Verdict::Stale, *serial};
}

bool NonceCounts::accept(std::uint64_t serial, std::uint32_t count, Instant now, Instant expiry) {
    while (!expiries_.empty() && expiries_.front().at <= now)
        forget_oldest();
    const auto known = seen_.find(serial);
    if (known == seen_.end()) {
        if (expiries_.size() >= kLimit) forget_oldest();
        expiries_.push_back({expiry, serial});
        seen_.emplace(serial, Seen{count, 1});
        return true;
    }
    Seen& seen = known->second;
    if (count > seen.highest) {
        const std::uint32_t step = count - seen.highest;
        seen.window = step >= 64 ? 1 : seen.window << step | 1U;
        seen.highest = count;
        return true;
    }
    const std::uint32_t behind = seen.highest - count;
    if (behind >= 64 || (seen.window >> behind & 1U) != 0) return false;
    seen.window |= std::uint64_t{1} << behind;
    return true;
}

void NonceCounts::forget_oldest() {
    seen_.erase(expiries_.front().serial);
    expiries_.pop_front();
}

void NonceCounts::save(Archive& archive) const {
    archive.put(seen_);
    archive.put(expiries_);
}

void NonceCounts::restore(ArchiveReader& reader) {
    reader.get(seen_);
    reader.get(expiries_);
}

}  // namespace almon::sip
