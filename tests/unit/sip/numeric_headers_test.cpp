// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/numeric_headers.hpp"

#include <gtest/gtest.h>

namespace almon::sip {
namespace {

using namespace std::chrono_literals;

Message with(std::string_view fields) {
    return std::move(*Message::parse("INVITE sip:a@b SIP/2.0\r\n" + std::string(fields) + "\r\n"));
}

TEST(NumericHeaders, GiveNothingWhereBroken) {
    const Message message = with("Max-Forwards: 256\r\nExpires: -1\r\nRetry-After: soon\r\n");
    EXPECT_EQ(max_forwards(message), std::nullopt);
    EXPECT_EQ(expires(message), std::nullopt);
    EXPECT_EQ(retry_after(message), std::nullopt);
}

TEST(NumericHeaders, GiveTheirNumber) {
    const Message message = with(
        "Max-Forwards: 0\r\nExpires: 99999999999999999999\r\nMin-Expires: 60\r\n"
        "Retry-After: 120 (I'm in a meeting);duration=9\r\n");
    EXPECT_EQ(max_forwards(message), 0);
    EXPECT_EQ(expires(message), 4294967295s);
    EXPECT_EQ(min_expires(message), 60s);
    EXPECT_EQ(retry_after(message), 120s);
}

}  // namespace
}  // namespace almon::sip
