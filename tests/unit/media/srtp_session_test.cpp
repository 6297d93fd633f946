// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/srtp_session.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "media/rtcp_packet.hpp"
#include "media/rtp_packet.hpp"

namespace almon::media {
namespace {

struct Suite {
    const char* name;
    std::size_t key_length;
};
class SrtpSessionTest : public testing::TestWithParam<Suite> {
protected:
    static SrtpSession made(char local, char remote) {
        const auto [name, length] = GetParam();
        auto session = SrtpSession::make({name, std::string(length, local), std::string(length, remote)});
        if (!session) throw std::runtime_error(session.error().reason);
        return *std::move(session);
    }
    static std::vector<std::uint8_t> packet(std::uint16_t sequence) {
        std::vector<std::uint8_t> bytes(kRtpHeaderSize + 160, 0xD5);
        bytes[0] = 0x80;
        RtpHeader header;
        header.payload_type = 8;
        header.sequence = sequence;
        header.ssrc = 7;
        header.write_into(bytes.data());
        return bytes;
    }
    static std::vector<std::uint8_t> protect(SrtpSession& session, std::vector<std::uint8_t> bytes) {
        const auto size = bytes.size();
        bytes.resize(size + SrtpSession::kMostOverhead);
        bytes.resize(session.protect_rtp(bytes.data(), size));
        return bytes;
    }

    SrtpSession alice = made('a', 'b');
    SrtpSession bob = made('b', 'a');
};

TEST_P(SrtpSessionTest, WhatOneProtectsTheOtherOpens) {
    const auto plain = packet(1);
    auto secret = protect(alice, plain);
    ASSERT_GT(secret.size(), plain.size());
    EXPECT_NE(std::vector(secret.begin() + 12, secret.begin() + 40),
              std::vector(plain.begin() + 12, plain.begin() + 40));
    secret.resize(bob.unprotect_rtp(secret));
    EXPECT_EQ(secret, plain);
}

TEST_P(SrtpSessionTest, AReplayIsRefused) {
    const auto secret = protect(alice, packet(1));
    auto first = secret;
    auto second = secret;
    EXPECT_NE(bob.unprotect_rtp(first), 0U);
    EXPECT_EQ(bob.unprotect_rtp(second), 0U);
}

TEST_P(SrtpSessionTest, AForgedByteAnywhereIsRefused) {
    const auto secret = protect(alice, packet(1));
    for (std::size_t i = 0; i < secret.size(); ++i) {
        auto forged = secret;
        forged[i] ^= 0x10;
        EXPECT_EQ(bob.unprotect_rtp(forged), 0U) << i;
    }
    auto genuine = secret;
    EXPECT_NE(bob.unprotect_rtp(genuine), 0U);
}

TEST_P(SrtpSessionTest, RtcpIsProtectedWithTheSameKeys) {
    RtcpWriter report;
    report.report(7, std::nullopt, std::nullopt);
    const auto plain = report.bytes();
    std::vector<std::uint8_t> bytes(plain.begin(), plain.end());
    bytes.resize(plain.size() + SrtpSession::kMostOverhead);
    bytes.resize(alice.protect_rtcp(bytes.data(), plain.size()));
    ASSERT_GT(bytes.size(), plain.size());
    bytes.resize(bob.unprotect_rtcp(bytes));
    EXPECT_TRUE(std::ranges::equal(bytes, plain));
}

INSTANTIATE_TEST_SUITE_P(AllSuites, SrtpSessionTest,
                         testing::Values(Suite{"AES_CM_128_HMAC_SHA1_80", 30},
                                         Suite{"AES_CM_128_HMAC_SHA1_32", 30},
                                         Suite{"AES_256_CM_HMAC_SHA1_80", 46},
                                         Suite{"AES_256_CM_HMAC_SHA1_32", 46}, Suite{"AEAD_AES_128_GCM", 28},
                                         Suite{"AEAD_AES_256_GCM", 44}),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(SrtpSession, RefusesUnknownSuitesAndKeysOfAnotherLength) {
    EXPECT_FALSE(SrtpSession::make({"NULL", "", ""}));
    EXPECT_FALSE(SrtpSession::make({"AES_CM_128_HMAC_SHA1_80", std::string(29, 'a'), std::string(30, 'b')}));
}

}  // namespace
}  // namespace almon::media
