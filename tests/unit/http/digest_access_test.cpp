// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/digest_access.hpp"

#include <string>

#include <gtest/gtest.h>

#include "base/digest_hash.hpp"

namespace almon::http {
namespace {

constexpr const char* kMufasa =  // RFC 7616 section 3.9.1
    R"(Digest username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", algorithm=MD5, )"
    R"(nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, )"
    R"(cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, )"
    R"(response="8ca523f5e9506fed4657c9700eebdbec", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS")";

std::string mufasa_a1(std::string_view password) {
    return digest_a1(DigestAlgorithm::Md5, "Mufasa", "http-auth@example.org", password);
}

TEST(DigestCredentials, ProveThePassword) {  // API-043
    const auto credentials = DigestCredentials::parse(kMufasa);
    ASSERT_TRUE(credentials) << credentials.error().reason;
    EXPECT_EQ(credentials->username, "Mufasa");
    EXPECT_EQ(credentials->uri, "/dir/index.html");
    EXPECT_TRUE(credentials->prove(mufasa_a1("Circle of Life"), "GET"));
    EXPECT_FALSE(credentials->prove(mufasa_a1("Circle of Life"), "POST"));
    EXPECT_FALSE(credentials->prove(mufasa_a1("Circle of Death"), "GET"));
}

TEST(DigestCredentials, OfRfc2069HaveNoQop) {
    const std::string a1 = digest_a1(DigestAlgorithm::Md5, "old", "almon", "opensesame");
    const auto a2 = hash_joined(DigestAlgorithm::Md5, {"GET", "/1.1/users"});
    const std::string response(hash_joined(DigestAlgorithm::Md5, {a1, "abc", a2.view()}).view());
    const auto credentials = DigestCredentials::parse(
        "digest username=\"old\",realm=\"almon\",nonce=\"abc\",uri=\"/1.1/users\",response=" + response);
    ASSERT_TRUE(credentials);
    EXPECT_FALSE(credentials->qop_auth);
    EXPECT_TRUE(credentials->prove(a1, "GET"));
}

TEST(DigestCredentials, QuotedValuesAreUnescaped) {
    const auto credentials = DigestCredentials::parse(
        R"(Digest username="o\"l\\d, man", nonce=n, uri="/", response="00000000000000000000000000000000")");
    ASSERT_TRUE(credentials);
    EXPECT_EQ(credentials->username, "o\"l\\d, man");
}

TEST(DigestCredentials, WhatDoesNotFollowTheGrammarIsRefused) {
    const std::string rest = R"(nonce=n, uri="/", response="00000000000000000000000000000000")";
    for (const std::string field :
         {"", "Digest", "Basic YTpi", "Digest username=\"open", "Digest username=\"a\" nonce=n",
          "Digest ,,=,", "Digest username=\"a\\"}) {
        EXPECT_FALSE(DigestCredentials::parse(field)) << field;
    }
    ASSERT_TRUE(DigestCredentials::parse("Digest username=a, " + rest));
    EXPECT_FALSE(DigestCredentials::parse("Digest username=a, username=b, " + rest));
    EXPECT_FALSE(DigestCredentials::parse("Digest username=a, algorithm=SHA-256, " + rest));
    EXPECT_FALSE(DigestCredentials::parse("Digest username=a, algorithm=MD5-sess, " + rest));
    EXPECT_FALSE(DigestCredentials::parse("Digest username=a, qop=auth-int, nc=00000001, cnonce=c, " + rest));
    EXPECT_FALSE(DigestCredentials::parse("Digest username=a, qop=auth, nc=1, cnonce=c, " + rest));
    EXPECT_FALSE(DigestCredentials::parse("Digest username=a, qop=auth, nc=00000001, " + rest));
}

TEST(DigestNonces, AreFreshForAWhileAndNobodyElses) {
    SeededRandom random(1);
    const DigestNonces nonces(random, 300s);
    const DigestNonces others(random, 300s);
    const UtcTime now{std::chrono::seconds(1'800'000'000)};
    const std::string nonce = nonces.issue(now);
    using Verdict = DigestNonces::Verdict;
    EXPECT_EQ(nonces.check(nonce, now), Verdict::Fresh);
    EXPECT_EQ(nonces.check(nonce, now + 300s), Verdict::Fresh);
    EXPECT_EQ(nonces.check(nonce, now + 301s), Verdict::Stale);
    EXPECT_EQ(nonces.check(nonce, now - 6s), Verdict::Stale);
    EXPECT_EQ(others.check(nonce, now), Verdict::Forged);
    EXPECT_EQ(nonces.check("", now), Verdict::Forged);
    EXPECT_EQ(nonces.check(nonce.substr(0, 16), now), Verdict::Forged);
    for (std::size_t at = 0; at < nonce.size(); ++at) {
        std::string forged = nonce;
        forged[at] = forged[at] == '0' ? '1' : '0';
        EXPECT_EQ(nonces.check(forged, now), Verdict::Forged);
    }
}

TEST(DigestChallenge, IsWrittenAsClientsReadIt) {
    EXPECT_EQ(digest_challenge("almon", "abc", true),
              R"(Digest realm="almon", nonce="abc", qop="auth", algorithm=MD5, stale=true)");
}

}  // namespace
}  // namespace almon::http
