// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/certificate.hpp"

#include <fstream>
#include <string>

#include <sys/stat.h>

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "support/files.hpp"

namespace almon::http {
namespace {

constexpr UtcTime kNow(std::chrono::sys_days{std::chrono::year{2026} / 11 / 24});

class Certificates : public ::testing::Test {
protected:
    CertificateFiles files(const std::string& name = "server") const {
        return {folder_.path() / (name + ".crt"), folder_.path() / (name + ".key")};
    }
    static void write(const std::filesystem::path& file, const std::string& text) {
        std::ofstream(file) << text;
    }

    test::TemporaryFolder folder_;
    SeededRandom random_{7};
};

TEST_F(Certificates, AreMadeAtTheFirstStart_AndKept) {  // API-034, SYS-036
    ASSERT_TRUE(load_or_make_certificate(files(), {"pbx"}, kNow, random_).has_value());
    const std::string first = test::read_file(files().certificate);
    ASSERT_TRUE(load_or_make_certificate(files(), {"pbx"}, kNow, random_).has_value());
    EXPECT_EQ(test::read_file(files().certificate), first);
    struct stat status {};
    ASSERT_EQ(::stat(files().key.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
    EXPECT_EQ(test::files_in(folder_.path()).size(), 2u) << "nothing is left beside them";
}

TEST_F(Certificates, SpeakForTheHostAndForThisMachine) {
    ASSERT_TRUE(
        make_self_signed_certificate(
            files(), {"pbx.example", {"192.0.2.7", "2001:db8::7", "other", "localhost"}}, kNow, random_)
            .has_value());
    FILE* file = std::fopen(files().certificate.c_str(), "r");
    ASSERT_NE(file, nullptr);
    X509* certificate = PEM_read_X509(file, nullptr, nullptr, nullptr);
    std::fclose(file);
    ASSERT_NE(certificate, nullptr);
    for (const char* name : {"pbx.example", "localhost", "other"})
        EXPECT_EQ(X509_check_host(certificate, name, 0, 0, nullptr), 1) << name;
    for (const char* address : {"127.0.0.1", "192.0.2.7", "2001:db8::7"})
        EXPECT_EQ(X509_check_ip_asc(certificate, address, 0), 1) << address;
    EXPECT_EQ(X509_check_host(certificate, "evil.example", 0, 0, nullptr), 0);
    std::time_t later = std::chrono::system_clock::to_time_t(kNow) + 9 * 365 * 24 * 3600;
    EXPECT_GT(X509_cmp_time(X509_get0_notAfter(certificate), &later), 0);
    std::time_t earlier = std::chrono::system_clock::to_time_t(kNow) - 3600;
    EXPECT_LT(X509_cmp_time(X509_get0_notBefore(certificate), &earlier), 0);
    X509_free(certificate);
}

TEST_F(Certificates, AreRefusedWithASentence) {
    const auto reason = [&](const CertificateFiles& bad) {
        const auto refused = TlsContext::load(bad);
        EXPECT_FALSE(refused.has_value());
        return refused ? std::string() : refused.error().field + " " + refused.error().reason;
    };
    ASSERT_TRUE(make_self_signed_certificate(files("one"), {"one"}, kNow, random_).has_value());
    ASSERT_TRUE(make_self_signed_certificate(files("two"), {"two"}, kNow, random_).has_value());
    write(folder_.path() / "nonsense", "nonsense");
    EXPECT_NE(reason(files("absent")).find("absent.crt does not exist"), std::string::npos);
    EXPECT_NE(reason({files("one").certificate, files("absent").key}).find("absent.key does not exist"),
              std::string::npos);
    EXPECT_NE(
        reason({folder_.path() / "nonsense", files("one").key}).find("is not a certificate in PEM form"),
        std::string::npos);
    EXPECT_NE(reason({files("one").certificate, folder_.path() / "nonsense"}).find("is not a readable key"),
              std::string::npos);
    EXPECT_NE(reason({files("one").certificate, files("two").key}).find("two.key is not the key of"),
              std::string::npos);
    EXPECT_FALSE(
        make_self_signed_certificate(files("bad"), {"a,DNS:evil.example"}, kNow, random_).has_value());
    EXPECT_FALSE(
        make_self_signed_certificate({"/nowhere/a.crt", "/nowhere/a.key"}, {"a"}, kNow, random_).has_value());
    std::filesystem::remove(files("two").key);
    EXPECT_FALSE(load_or_make_certificate(files("two"), {"two"}, kNow, random_).has_value())
        << "half of a pair is not replaced";
}

X509* parsed(const std::string& pem) {
    BIO* reader = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    X509* certificate = PEM_read_bio_X509(reader, nullptr, nullptr, nullptr);
    BIO_free(reader);
    return certificate;
}

TEST_F(Certificates, AreSignedByAnAuthorityThatWasMadeBefore) {  // ADA-051
    CertificateOrder order{"phones.example.org", "phones@example.org", "Telephony", "Example"};
    order.valid_until = kNow + std::chrono::days{365};
    order.is_authority = true;
    const auto authority = issue_certificate(order, nullptr, kNow, random_);
    ASSERT_TRUE(authority) << authority.error().reason;
    order.is_authority = false;
    order.common_name = "pbx.example.org";
    order.alternatives = {"192.0.2.7"};
    const auto issued = issue_certificate(order, &*authority, kNow, random_);
    ASSERT_TRUE(issued) << issued.error().reason;

    X509* root = parsed(authority->certificate);
    X509* leaf = parsed(issued->certificate);
    ASSERT_TRUE(root != nullptr && leaf != nullptr);
    EXPECT_EQ(X509_check_issued(root, leaf), X509_V_OK);
    EXPECT_EQ(X509_verify(leaf, X509_get0_pubkey(root)), 1);
    EXPECT_EQ(X509_verify(root, X509_get0_pubkey(root)), 1) << "it has signed itself";
    EXPECT_EQ(X509_check_ca(root), 1);
    EXPECT_EQ(X509_check_ca(leaf), 0);
    EXPECT_EQ(X509_check_host(leaf, "pbx.example.org", 0, 0, nullptr), 1);
    EXPECT_EQ(X509_check_ip_asc(leaf, "192.0.2.7", 0), 1);
    EXPECT_EQ(X509_check_email(root, "phones@example.org", 0, 0), 1);
    X509_free(root);
    X509_free(leaf);

    const auto refused = [&](const CertificateAndKey* signer, const char* field) {
        const auto made = issue_certificate(order, signer, kNow, random_);
        return !made && made.error().code == ErrorCode::InvalidArgument && made.error().field == field;
    };
    EXPECT_TRUE(refused(&*issued, "authority")) << "it is none";
    const CertificateAndKey mixed{authority->certificate, issued->private_key};
    EXPECT_TRUE(refused(&mixed, "authority")) << "another's key";
    const CertificateAndKey nonsense{"nonsense", "nonsense"};
    EXPECT_TRUE(refused(&nonsense, "authority"));
    order.country = "Canada";
    EXPECT_TRUE(refused(nullptr, "country"));
    order.country = "CA";
    order.valid_until = kNow;
    EXPECT_TRUE(refused(nullptr, "valid_until"));
}

}  // namespace
}  // namespace almon::http
