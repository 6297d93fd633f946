// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/stun_message.hpp"

#include <algorithm>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/crc32.hpp"
#include "media/rtp_packet.hpp"

namespace almon::media {
namespace {

constexpr std::size_t kHeader = 20;
constexpr std::size_t kIntegrity = 20;
constexpr std::uint32_t kCookie = 0x2112A442;
constexpr std::uint32_t kFingerprintMask = 0x5354554E;

constexpr std::uint16_t kBindingRequest = 0x0001;
constexpr std::uint16_t kBindingSuccess = 0x0101;
constexpr std::uint16_t kBindingError = 0x0111;

enum Attribute : std::uint16_t {
    kUsername = 0x0006,
    kMessageIntegrity = 0x0008,
    kErrorCode = 0x0009,
    kUnknownAttributes = 0x000A,
    kXorMappedAddress = 0x0020,
    kPriority = 0x0024,
    kUseCandidate = 0x0025,
    kFingerprint = 0x8028,
};

using Hmac = std::array<std::uint8_t, kIntegrity>;

/// RFC 8489 14.5: over all before the attribute, with a length as if the message ended behind it.
std::optional<Hmac> integrity(std::span<const std::uint8_t> before, std::string_view password) {
    // A check is a few dozen bytes; it is copied since its length field is changed.
    std::vector<std::uint8_t> text(before.begin(), before.end());
    write16(text.data() + 2, static_cast<std::uint16_t>(before.size() - kHeader + 4 + kIntegrity));
    Hmac result{};
    unsigned size = 0;
    if (HMAC(EVP_sha1(), password.data(), static_cast<int>(password.size()), text.data(), text.size(),
             result.data(), &size) == nullptr ||
        size != result.size())
        return std::nullopt;
    return result;
}

std::uint32_t fingerprint(std::span<const std::uint8_t> before) {
    return crc32({reinterpret_cast<const char*>(before.data()), before.size()}) ^ kFingerprintMask;
}

void append16(std::vector<std::uint8_t>& bytes, std::uint16_t value) {
    bytes.resize(bytes.size() + 2);
    write16(bytes.data() + bytes.size() - 2, value);
}
void append32(std::vector<std::uint8_t>& bytes, std::uint32_t value) {
    bytes.resize(bytes.size() + 4);
    write32(bytes.data() + bytes.size() - 4, value);
}

std::vector<std::uint8_t> begin_response(const StunRequest& request, std::uint16_t type) {
    std::vector<std::uint8_t> bytes;
    bytes.reserve(128);
    append16(bytes, type);
    append16(bytes, 0);
    append32(bytes, kCookie);
    bytes.insert(bytes.end(), request.transaction.begin(), request.transaction.end());
    return bytes;
}

void finish(std::vector<std::uint8_t>& bytes, std::string_view password) {
    const auto proof = integrity(bytes, password).value_or(Hmac{});
    append16(bytes, kMessageIntegrity);
    append16(bytes, kIntegrity);
    bytes.insert(bytes.end(), proof.begin(), proof.end());
    write16(bytes.data() + 2, static_cast<std::uint16_t>(bytes.size() - kHeader + 8));
    const auto check = fingerprint(bytes);
    append16(bytes, kFingerprint);
    append16(bytes, 4);
    append32(bytes, check);
}

}  // namespace

std::optional<StunRequest> StunRequest::parse(std::span<const std::uint8_t> packet) noexcept {
    if (packet.size() < kHeader || packet.size() % 4 != 0 || read16(packet.data()) != kBindingRequest ||
        read32(packet.data() + 4) != kCookie || read16(packet.data() + 2) + kHeader != packet.size())
        return std::nullopt;
    StunRequest request;
    request.packet_ = packet;
    std::copy_n(packet.begin() + 8, request.transaction.size(), request.transaction.begin());
    for (std::size_t at = kHeader; at < packet.size();) {
        const auto type = read16(packet.data() + at);
        const std::size_t size = read16(packet.data() + at + 2);
        const auto begin = at + 4;
        const auto end = begin + (size + 3) / 4 * 4;
        if (end > packet.size()) return std::nullopt;
        const auto value = packet.subspan(begin, size);
        if (type == kFingerprint) {
            if (size != 4 || end != packet.size() || read32(value.data()) != fingerprint(packet.first(at)))
                return std::nullopt;
        } else if (request.integrity_at_ != 0) {
            // Behind the integrity only a fingerprint counts (RFC 8489 14.5).
        } else if (type == kMessageIntegrity) {
            if (size != kIntegrity) return std::nullopt;
            request.integrity_at_ = at;
        } else if (type == kUsername) {
            request.username = {reinterpret_cast<const char*>(value.data()), value.size()};
        } else if (type == kUseCandidate) {
            request.use_candidate = true;
        } else if (type < 0x8000 && type != kPriority && request.unknown_attribute == 0) {
            request.unknown_attribute = type;
        }
        at = end;
    }
    if (request.integrity_at_ == 0 || request.username.empty()) return std::nullopt;
    return request;
}

bool StunRequest::proves(std::string_view password) const noexcept {
    const auto expected = integrity(packet_.first(integrity_at_), password);
    return expected && CRYPTO_memcmp(expected->data(), packet_.data() + integrity_at_ + 4, kIntegrity) == 0;
}

std::vector<std::uint8_t> stun_success(const StunRequest& request, const NetAddress& source,
                                       std::string_view password) {
    auto bytes = begin_response(request, kBindingSuccess);
    const std::size_t size = source.ipv6 ? 16 : 4;
    append16(bytes, kXorMappedAddress);
    append16(bytes, static_cast<std::uint16_t>(4 + size));
    append16(bytes, source.ipv6 ? 2 : 1);
    append16(bytes, static_cast<std::uint16_t>(source.port ^ (kCookie >> 16U)));
    // RFC 8489 14.2: with the cookie, and for IPv6 the transaction behind it; they stand at 4 in the header.
    for (std::size_t i = 0; i < size; ++i)
        bytes.push_back(static_cast<std::uint8_t>(source.bytes[i] ^ bytes[4 + i]));
    finish(bytes, password);
    return bytes;
}

std::vector<std::uint8_t> stun_refusal(const StunRequest& request, std::string_view password) {
    auto bytes = begin_response(request, kBindingError);
    append16(bytes, kErrorCode);
    append16(bytes, 4);
    append32(bytes, 4U << 8U | 20U);
    append16(bytes, kUnknownAttributes);
    append16(bytes, 2);
    append16(bytes, request.unknown_attribute);
    append16(bytes, 0);
    finish(bytes, password);
    return bytes;
}

}  // namespace almon::media
