// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/digest_hash.hpp"

#include <gtest/gtest.h>

namespace almon {
namespace {

TEST(DigestHash, HashesTheAccountOfRfc7616) {
    // RFC 7616 3.9.1: A1 of the example, hashed; verified there through its responses.
    EXPECT_EQ(digest_a1(DigestAlgorithm::Md5, "Mufasa", "http-auth@example.org", "Circle of Life"),
              "3d78807defe7de2157e2b0b6573a855f");
    EXPECT_EQ(digest_a1(DigestAlgorithm::Sha256, "Mufasa", "http-auth@example.org", "Circle of Life"),
              "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232");
}

TEST(DigestHash, JoinsPartsByColons) {
    EXPECT_EQ(hash_joined(DigestAlgorithm::Md5, {"a", "b"}).view(),
              hash_joined(DigestAlgorithm::Md5, {"a:b"}).view());
    // RFC 1321 A.5
    EXPECT_EQ(hash_joined(DigestAlgorithm::Md5, {"abc"}).view(), "900150983cd24fb0d6963f7d28e17f72");
}

TEST(DigestHash, ComparesWholeTexts) {
    EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
    EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
    EXPECT_FALSE(equal_in_constant_time("abc", "abcd"));
}

}  // namespace
}  // namespace almon
