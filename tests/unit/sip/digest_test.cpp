// SPDX-License-Identifier: GPL-3.0-or-later
#include "sip/digest.hpp"

#include <string>

#include <gtest/gtest.h>

#include "base/digest_hash.hpp"
#include "sip/syntax.hpp"

namespace almon::sip {
namespace {

// The example of RFC 7616 3.9.1.
constexpr std::string_view kRealm = "http-auth@example.org";
constexpr std::string_view kNonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
constexpr std::string_view kCnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

std::string credentials(std::string_view algorithm, std::string_view response) {
    std::string text =
        "Digest username=\"Mufasa\",\r\n realm=\"http-auth@example.org\", uri=\"/dir/index.html\", ";
    text += "algorithm=" + std::string(algorithm) + ", nonce=\"" + std::string(kNonce) + "\", nc=00000001,";
    text += "cnonce=\"" + std::string(kCnonce) + "\", qop=auth, response=\"" + std::string(response);
    text += "\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
    return text;
}

TEST(Digest, ProvesTheExamplesOfRfc7616) {
    const std::string md5 = credentials("MD5", "8ca523f5e9506fed4657c9700eebdbec");
    const std::string sha =
        credentials("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
    const auto with_md5 = DigestCredentials::parse(md5);
    const auto with_sha = DigestCredentials::parse(sha);
    ASSERT_TRUE(with_md5) << with_md5.error().reason;
    ASSERT_TRUE(with_sha);
    EXPECT_EQ(with_sha->algorithm, DigestAlgorithm::Sha256);
    EXPECT_EQ(with_sha->nonce_count, 1U);
    EXPECT_TRUE(with_md5->prove(digest_a1(DigestAlgorithm::Md5, "Mufasa", kRealm, "Circle of Life"), "GET"));
    EXPECT_TRUE(
        with_sha->prove(digest_a1(DigestAlgorithm::Sha256, "Mufasa", kRealm, "Circle of Life"), "GET"));
    EXPECT_FALSE(
        with_sha->prove(digest_a1(DigestAlgorithm::Sha256, "Mufasa", kRealm, "Circle of Lime"), "GET"));
    EXPECT_FALSE(
        with_sha->prove(digest_a1(DigestAlgorithm::Sha256, "Mufasa", kRealm, "Circle of Life"), "POST"));
}

TEST(Digest, ProvesTheExampleOfRfc2617) {
    EXPECT_EQ(digest_response(
                  DigestAlgorithm::Md5,
                  digest_a1(DigestAlgorithm::Md5, "Mufasa", "testrealm@host.com", "Circle Of Life"),
                  "dcd98b7102dd2f0e8b11d0f600bfb0c093", "00000001", "0a4f113b", "GET", "/dir/index.html"),
              "6629fae49393a05397450978507c4ef1");
}

TEST(Digest, AcceptsAResponseInCapitals) {
    const std::string text = credentials("MD5", "8CA523F5E9506FED4657C9700EEBDBEC");
    EXPECT_TRUE(DigestCredentials::parse(text)->prove(
        digest_a1(DigestAlgorithm::Md5, "Mufasa", kRealm, "Circle of Life"), "GET"));
}

TEST(Digest, ARoundOfChallengeAndCredentialsSucceeds) {
    for (const bool qop : {true, false}) {
        for (const auto algorithm : {DigestAlgorithm::Sha256, DigestAlgorithm::Md5}) {
            DigestChallenge sent;
            sent.algorithm = algorithm;
            sent.realm = "al\"m\\on";
            sent.nonce = "abc";
            sent.opaque = "o";
            sent.stale = true;
            sent.qop_auth = qop;
            const auto challenge = DigestChallenge::parse(sent.text());
            ASSERT_TRUE(challenge) << sent.text();
            EXPECT_EQ(challenge->realm, sent.realm);
            EXPECT_TRUE(challenge->stale);
            EXPECT_EQ(challenge->qop_auth, qop);
            const std::string answer =
                digest_authorization(*challenge, "1001", "s\"ecret", "REGISTER", "sip:almon", "cn", 26);
            const auto parsed = DigestCredentials::parse(answer);
            ASSERT_TRUE(parsed) << answer << parsed.error().reason;
            EXPECT_EQ(parsed->algorithm, algorithm);
            EXPECT_EQ(parsed->nonce_count, qop ? 26U : 0U);
            EXPECT_TRUE(parsed->prove(digest_a1(algorithm, "1001", sent.realm, "s\"ecret"), "REGISTER"));
        }
    }
}

TEST(Digest, TheFirstSupportedChallengeIsAnswered) {
    const auto response = Message::parse(
        "SIP/2.0 401 Unauthorized\r\n"
        "WWW-Authenticate: Basic realm=\"x\"\r\n"
        "WWW-Authenticate: Digest realm=\"x\", nonce=\"n0\", algorithm=SHA-512-256, qop=\"auth\"\r\n"
        "WWW-Authenticate: Digest realm=\"x\", nonce=\"n1\", algorithm=SHA-256, qop=\"auth,auth-int\"\r\n"
        "WWW-Authenticate: Digest realm=\"x\", nonce=\"n2\", algorithm=MD5, qop=\"auth\"\r\n\r\n");
    const auto challenge = DigestChallenge::of(*response);
    ASSERT_TRUE(challenge);
    EXPECT_EQ(challenge->nonce, "n1");
}

TEST(Digest, RefusesWhatItDoesNotSupportAsUnsupported) {
    EXPECT_EQ(DigestCredentials::parse("NoOneKnowsThisScheme opaque-data=here").error().code,
              ErrorCode::Unsupported);
    EXPECT_EQ(DigestCredentials::parse(credentials("MD5-sess", "x")).error().code, ErrorCode::Unsupported);
    std::string integrity = credentials("MD5", "x");
    integrity.replace(integrity.find("qop=auth"), 8, "qop=auth-int");
    EXPECT_EQ(DigestCredentials::parse(integrity).error().code, ErrorCode::Unsupported);
    EXPECT_EQ(DigestChallenge::parse("Digest realm=\"a\", nonce=\"b\", qop=\"auth-int\"").error().code,
              ErrorCode::Unsupported);
}

TEST(Digest, RefusesBrokenCredentials) {
    for (const std::string_view text :
         {"Digest", "Digest username=\"a", "Digest username=\"a\" realm=\"b\"",
          "Digest =", "Digest username=\"a\", realm=\"b\", nonce=\"c\", uri=\"d\"",
          "Digest username=\"a\", username=\"b\", realm=\"b\", nonce=\"c\", uri=\"d\", response=\"e\"",
          "Digest username=\"a\", realm=\"b\", nonce=\"c\", uri=\"d\", response=\"e\", qop=auth, nc=1, "
          "cnonce=\"f\"",
          "Digest username=\"a\", realm=\"b\", nonce=\"c\", uri=\"d\", response=\"e\", qop=auth, "
          "nc=00000001"}) {
        const auto parsed = DigestCredentials::parse(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error().code, ErrorCode::Malformed) << text;
    }
}

TEST(Digest, UnescapesTheUsername) {
    EXPECT_EQ(
        DigestCredentials::parse(R"(Digest username="a\"b", realm="b", nonce="c", uri="d", response="e")")
            ->username_text(),
        "a\"b");
}

}  // namespace
}  // namespace almon::sip
