// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/auth/attempt_limit.hpp"

#include <string>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace almon::services {
namespace {

NetAddress host(std::string_view text, std::uint16_t port = 1000) {
    return *NetAddress::parse(text, port);
}

class AttemptLimitTest : public testing::Test {
protected:
    SeededRandom random{1};
    AttemptLimit limit{{.burst = 3, .recovery = 10s, .addresses = 64}, random};
    Instant now{1000s};
};

TEST_F(AttemptLimitTest, SoManyAtOnceAndThenOneInEveryInterval) {
    const auto attacker = host("192.0.2.1");
    for (int count = 0; count < 3; ++count) {
        EXPECT_FALSE(limit.wait_of(attacker, now));
        EXPECT_FALSE(limit.begin(attacker, now)) << count;
    }
    EXPECT_EQ(limit.wait_of(attacker, now), 10s);
    EXPECT_EQ(limit.begin(attacker, now), 10s);
    EXPECT_EQ(limit.begin(attacker, now + 9s), 1s);
    EXPECT_FALSE(limit.begin(attacker, now + 10s));
    EXPECT_EQ(limit.begin(attacker, now + 10s), 10s);
    // Whoever is quiet for long enough is forgiven all.
    now += 1h;
    for (int count = 0; count < 3; ++count)
        EXPECT_FALSE(limit.begin(attacker, now));
    EXPECT_TRUE(limit.begin(attacker, now));
}

TEST_F(AttemptLimitTest, WhoIsRightIsNotCounted) {
    const auto person = host("192.0.2.1");
    for (int count = 0; count < 100; ++count) {
        ASSERT_FALSE(limit.begin(person, now));
        limit.succeeded(person);
    }
    // But a right password does not forgive the wrong ones.
    for (int count = 0; count < 3; ++count)
        EXPECT_FALSE(limit.begin(person, now));
    EXPECT_TRUE(limit.begin(person, now));
}

TEST_F(AttemptLimitTest, AnAddressIsAnIpv4HostOrAnIpv6NetworkWhateverThePort) {
    for (std::uint16_t port = 1; port <= 3; ++port) {
        EXPECT_FALSE(limit.begin(host("192.0.2.1", port), now));
        EXPECT_FALSE(limit.begin(host("2001:db8:0:1::" + std::to_string(port)), now));
    }
    EXPECT_TRUE(limit.begin(host("192.0.2.1", 9), now));
    EXPECT_TRUE(limit.begin(host("2001:db8:0:1:ffff::9"), now));
    EXPECT_FALSE(limit.begin(host("192.0.2.2"), now));
    EXPECT_FALSE(limit.begin(host("2001:db8:0:2::1"), now));
}

TEST_F(AttemptLimitTest, TooManyAddressesPushTheMostInnocentOut) {
    const auto attacker = host("192.0.2.1");
    for (int count = 0; count < 3; ++count)
        EXPECT_FALSE(limit.begin(attacker, now));
    for (int count = 0; count < 10'000; ++count)
        (void)limit.begin(host("10.0." + std::to_string(count / 250) + "." + std::to_string(count % 250)),
                          now);
    EXPECT_TRUE(limit.wait_of(attacker, now));
}

}  // namespace
}  // namespace almon::services
