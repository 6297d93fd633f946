// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/technology/guess_guard.hpp"

#include <gtest/gtest.h>

namespace almon::pbx {
namespace {

class GuessGuardTest : public testing::Test {
protected:
    void guess(std::uint32_t times) {
        for (std::uint32_t i = 0; i < times; ++i)
            guard.wrong(scanner);
    }

    StepClock clock{{Instant(std::chrono::hours(1)), UtcTime{}}};
    GuessGuardSettings settings;
    GuessGuard guard{settings, clock};
    NetAddress scanner = *NetAddress::parse("192.0.2.66", 5060);
    NetAddress other_port = *NetAddress::parse("192.0.2.66", 6060);
    NetAddress neighbour = *NetAddress::parse("192.0.2.67", 5060);
};

TEST_F(GuessGuardTest, ShutsAnAddressOutAfterTooManyWrongGuessesFromAnyPort) {
    guess(settings.allowed_guesses);
    EXPECT_FALSE(guard.shut_out(scanner));
    guard.wrong(other_port);
    EXPECT_TRUE(guard.shut_out(scanner));
    EXPECT_FALSE(guard.shut_out(neighbour));
}

TEST_F(GuessGuardTest, LetsItInAgainAfterAWhile) {
    guess(settings.allowed_guesses + 1);
    clock.now.instant += settings.shut_out;
    EXPECT_FALSE(guard.shut_out(scanner));
}

TEST_F(GuessGuardTest, ARightAnswerClearsTheCount) {
    guess(settings.allowed_guesses);
    guard.right(other_port);
    guess(settings.allowed_guesses);
    EXPECT_FALSE(guard.shut_out(scanner));
}

TEST_F(GuessGuardTest, SlowMistakesAreForgiven) {
    for (int i = 0; i < 100; ++i) {
        guard.wrong(scanner);
        clock.now.instant += settings.window + 1s;
    }
    EXPECT_FALSE(guard.shut_out(scanner));
}

TEST_F(GuessGuardTest, AFloodOfAddressesCostsNoMemoryBeyondItsTable) {
    for (std::uint16_t i = 0; i < 30'000; ++i) {
        auto address = scanner;
        address.bytes[2] = static_cast<std::uint8_t>(i >> 8U);
        address.bytes[3] = static_cast<std::uint8_t>(i);
        guard.wrong(address);
    }
    Archive archive;
    guard.save(archive);
    EXPECT_LT(archive.bytes().size(), settings.addresses * 64);
}

}  // namespace
}  // namespace almon::pbx
