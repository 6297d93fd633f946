// SPDX-License-Identifier: GPL-3.0-or-later
#include "media/stun_message.hpp"

#include <gtest/gtest.h>

#include "media/ice_lite.hpp"
#include "support/stun_check.hpp"

namespace almon::media {
namespace {

using test::stun_check;

/// The request of RFC 5769 2.1.
const std::vector<std::uint8_t> kRfc5769{
    0x00, 0x01, 0x00, 0x58, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86,
    0xfa, 0x87, 0xdf, 0xae, 0x80, 0x22, 0x00, 0x10, 0x53, 0x54, 0x55, 0x4e, 0x20, 0x74, 0x65, 0x73,
    0x74, 0x20, 0x63, 0x6c, 0x69, 0x65, 0x6e, 0x74, 0x00, 0x24, 0x00, 0x04, 0x6e, 0x00, 0x01, 0xff,
    0x80, 0x29, 0x00, 0x08, 0x93, 0x2f, 0xf9, 0xb1, 0x51, 0x26, 0x3b, 0x36, 0x00, 0x06, 0x00, 0x09,
    0x65, 0x76, 0x74, 0x6a, 0x3a, 0x68, 0x36, 0x76, 0x59, 0x20, 0x20, 0x20, 0x00, 0x08, 0x00, 0x14,
    0x9a, 0xea, 0xa7, 0x0c, 0xbf, 0xd8, 0xcb, 0x56, 0x78, 0x1e, 0xf2, 0xb5, 0xb2, 0xd3, 0xf2, 0x49,
    0xc1, 0xb5, 0x71, 0xa2, 0x80, 0x28, 0x00, 0x04, 0xe5, 0x7a, 0x3b, 0xcf};
constexpr std::string_view kRfc5769Password = "VOkJxbRl1RmTxUk/WvJxBt";

SocketAddress address(const char* host, std::uint16_t port) {
    return SocketAddress::make(NetAddress::parse(host, port).value(), false);
}

TEST(StunMessage, ReadsTheRequestOfRfc5769) {
    const auto request = StunRequest::parse(kRfc5769);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->username, "evtj:h6vY");
    EXPECT_FALSE(request->use_candidate);
    EXPECT_EQ(request->unknown_attribute, 0);
    EXPECT_TRUE(request->proves(kRfc5769Password));
    EXPECT_FALSE(request->proves("another"));
}

TEST(StunMessage, RefusesEveryRequestWithOneWrongByte) {
    for (std::size_t i = 0; i < kRfc5769.size(); ++i) {
        // The type of the fingerprint: any other attribute behind the integrity means nothing.
        if (i == 100 || i == 101) continue;
        auto wrong = kRfc5769;
        wrong[i] ^= 0x01;
        const auto request = StunRequest::parse(wrong);
        EXPECT_FALSE(request && request->proves(kRfc5769Password)) << i;
    }
    for (std::size_t size = 0; size < kRfc5769.size(); ++size)
        EXPECT_FALSE(StunRequest::parse(std::span(kRfc5769).first(size))) << size;
}

TEST(IceLite, AnswersACheckThatProvesThePasswordAndNoOther) {
    IceLite ice({"ours", "password"});
    const auto source = address("192.0.2.7", 4000);
    EXPECT_FALSE(ice.answer(stun_check("ours:theirs", "guess", true), source));
    EXPECT_FALSE(ice.answer(stun_check("theirs:ours", "password", true), source));
    EXPECT_FALSE(ice.answer(stun_check("ours", "password", true), source));
    EXPECT_FALSE(ice.knows(source));

    const auto answer = ice.answer(stun_check("ours:theirs", "password", false), source);
    ASSERT_TRUE(answer);
    EXPECT_FALSE(answer->nominated);
    EXPECT_TRUE(ice.knows(source));
    EXPECT_FALSE(ice.knows(address("192.0.2.7", 4001)));
    // 0x0101, and where it came from: 192.0.2.7:4000 under the cookie.
    ASSERT_EQ(answer->bytes.size(), 20U + 12U + 24U + 8U);
    EXPECT_EQ(read16(answer->bytes.data()), 0x0101);
    EXPECT_EQ(read16(answer->bytes.data() + 26), 4000 ^ 0x2112);
    EXPECT_EQ(read32(answer->bytes.data() + 28), 0xC0000207U ^ 0x2112A442U);
    EXPECT_TRUE(ice.answer(stun_check("ours:theirs", "password", true), source)->nominated);
}

TEST(IceLite, RefusesAnAttributeThatMustBeUnderstood) {  // RFC 8489 6.3.1
    IceLite ice({"ours", "password"});
    const auto answer =
        ice.answer(stun_check("ours:theirs", "password", true, 0x7abc), address("192.0.2.7", 1));
    ASSERT_TRUE(answer);
    EXPECT_EQ(read16(answer->bytes.data()), 0x0111);
    EXPECT_FALSE(answer->nominated);
}

}  // namespace
}  // namespace almon::media
