// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/digest_nonce.hpp"

#include <string>

#include <gtest/gtest.h>

namespace almon::sip {
namespace {

using Verdict = DigestNonces::Verdict;

const DigestNonces::Key kKey = {1, 2, 3};
const UtcTime kNow{std::chrono::seconds{1'700'000'000}};

TEST(DigestNonces, AFreshNonceIsValidUntilItsLifetimeEnds) {
    SeededRandom random(1);
    const DigestNonces nonces(kKey, 300s);
    const std::string nonce = nonces.issue(random, kNow);
    EXPECT_EQ(nonces.check(nonce, kNow).verdict, Verdict::Valid);
    EXPECT_EQ(nonces.check(nonce, kNow + 300s).verdict, Verdict::Valid);
    EXPECT_EQ(nonces.check(nonce, kNow + 301s).verdict, Verdict::Stale);
    EXPECT_EQ(nonces.check(nonce, kNow - 60s).verdict, Verdict::Stale);
}

TEST(DigestNonces, NoCharacterCanBeChanged) {
    SeededRandom random(1);
    const DigestNonces nonces(kKey);
    const std::string nonce = nonces.issue(random, kNow);
    for (std::size_t i = 0; i < nonce.size(); ++i) {
        std::string forged = nonce;
        forged[i] = forged[i] == '0' ? '1' : '0';
        EXPECT_EQ(nonces.check(forged, kNow).verdict, Verdict::Forged) << i;
    }
    EXPECT_EQ(nonces.check("", kNow).verdict, Verdict::Forged);
    EXPECT_EQ(nonces.check(nonce + "0", kNow).verdict, Verdict::Forged);
    EXPECT_EQ(DigestNonces({9}).check(nonce, kNow).verdict, Verdict::Forged);
}

TEST(DigestNonces, TwoNoncesOfTheSameSecondDiffer) {
    SeededRandom random(1);
    const DigestNonces nonces(kKey);
    const std::string first = nonces.issue(random, kNow);
    const std::string second = nonces.issue(random, kNow);
    EXPECT_NE(first, second);
    EXPECT_NE(nonces.check(first, kNow).serial, nonces.check(second, kNow).serial);
}

TEST(NonceCounts, EachCountComesOnce) {
    NonceCounts counts;
    const Instant now{};
    const Instant expiry = now + 300s;
    EXPECT_TRUE(counts.accept(7, 1, now, expiry));
    EXPECT_FALSE(counts.accept(7, 1, now, expiry));
    EXPECT_TRUE(counts.accept(7, 3, now, expiry));
    EXPECT_TRUE(counts.accept(7, 2, now, expiry));  // overtaken on the way
    EXPECT_FALSE(counts.accept(7, 2, now, expiry));
    EXPECT_TRUE(counts.accept(8, 1, now, expiry));
    EXPECT_TRUE(counts.accept(7, 1000, now, expiry));
    EXPECT_FALSE(counts.accept(7, 4, now, expiry));
    EXPECT_TRUE(counts.accept(7, 0xffffffffU, now, expiry));
}

TEST(NonceCounts, ForgetsWhatIsStaleAndKeepsToItsLimit) {
    NonceCounts counts;
    for (std::uint64_t serial = 0; serial < NonceCounts::kLimit + 10; ++serial)
        EXPECT_TRUE(counts.accept(serial, 1, Instant{}, Instant{} + 300s));
    EXPECT_EQ(counts.size(), NonceCounts::kLimit);
    EXPECT_TRUE(counts.accept(99999, 1, Instant{} + 301s, Instant{} + 600s));
    EXPECT_EQ(counts.size(), 1U);
}

TEST(NonceCounts, IsTheSameAfterBeingSavedAndRestored) {
    NonceCounts counts;
    EXPECT_TRUE(counts.accept(7, 5, Instant{}, Instant{} + 300s));
    Archive archive;
    counts.save(archive);
    NonceCounts restored;
    ArchiveReader reader(archive.bytes());
    restored.restore(reader);
    EXPECT_TRUE(reader.ok());
    EXPECT_FALSE(restored.accept(7, 5, Instant{}, Instant{} + 300s));
    EXPECT_TRUE(restored.accept(7, 6, Instant{}, Instant{} + 300s));
}

}  // namespace
}  // namespace almon::sip
