// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "media/rtp_packet.hpp"

namespace almon::test {

/// A connectivity check of ICE as a browser sends it, without a fingerprint.
inline std::vector<std::uint8_t> stun_check(std::string_view username, std::string_view password,
                                            bool nominates, std::uint16_t unknown_attribute = 0) {
    std::vector<std::uint8_t> bytes(20);
    media::write16(bytes.data(), 1);
    media::write32(bytes.data() + 4, 0x2112A442);
    for (std::size_t i = 8; i < 20; ++i)
        bytes[i] = static_cast<std::uint8_t>(i);
    const auto add = [&bytes](std::uint16_t type, std::string_view value) {
        const auto at = bytes.size();
        bytes.resize(at + 4);
        media::write16(bytes.data() + at, type);
        media::write16(bytes.data() + at + 2, static_cast<std::uint16_t>(value.size()));
        bytes.insert(bytes.end(), value.begin(), value.end());
        bytes.resize((bytes.size() + 3) / 4 * 4);
    };
    add(0x0006, username);
    add(0x0024, std::string_view("\x6e\x00\x01\xff", 4));
    if (nominates) add(0x0025, {});
    if (unknown_attribute != 0) add(unknown_attribute, "what");
    media::write16(bytes.data() + 2, static_cast<std::uint16_t>(bytes.size() - 20 + 24));
    unsigned char proof[20];
    unsigned size = 0;
    HMAC(EVP_sha1(), password.data(), static_cast<int>(password.size()), bytes.data(), bytes.size(), proof,
         &size);
    add(0x0008, {reinterpret_cast<const char*>(proof), sizeof(proof)});
    return bytes;
}

}  // namespace almon::test
