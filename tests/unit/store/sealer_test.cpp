// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/sealer.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "store/password_hash.hpp"
#include "support/files.hpp"

namespace almon::store {
namespace {

class SealerTest : public testing::Test {
protected:
    test::TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "secret.key";
    Sealer sealer = *Sealer::open(file, Sealer::Missing::Create);
};

TEST_F(SealerTest, WhatIsSealedOpensWithTheSameKeyFile) {
    const auto sealed = sealer.seal("opensesame");
    EXPECT_EQ(sealed.find("opensesame"), std::string::npos);
    EXPECT_EQ(*Sealer::open(file, Sealer::Missing::Refuse)->unseal(sealed), "opensesame");
    EXPECT_NE(sealer.seal("opensesame"), sealed) << "equal secrets do not look equal";
    EXPECT_EQ(*sealer.unseal(sealer.seal("")), "");
}

TEST_F(SealerTest, WhatWasAlteredOrSealedWithAnotherKeyIsRefused) {
    auto sealed = sealer.seal("opensesame");
    const auto other = *Sealer::open(folder.path() / "other.key", Sealer::Missing::Create);
    EXPECT_FALSE(other.unseal(sealed));
    for (const char* text : {"opensesame", "secretbox:", "secretbox:!!", "secretbox:AAAA"})
        EXPECT_FALSE(sealer.unseal(text)) << text;
    auto& letter = sealed[sealed.size() - 8];
    letter = letter == 'A' ? 'B' : 'A';
    EXPECT_FALSE(sealer.unseal(sealed));
}

TEST_F(SealerTest, AKeyFileThatIsNoneIsRefusedAndLeftAlone) {
    std::ofstream(file) << "not a key";
    const auto refused = Sealer::open(file, Sealer::Missing::Create);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().reason.find("restore it from a backup"), std::string::npos);
    EXPECT_EQ(test::read_file(file), "not a key");
}

TEST(PasswordHash, TellsTheRightPasswordFromOthers) {
    const auto hash = hash_password("correct horse");
    ASSERT_TRUE(hash);
    EXPECT_TRUE(hash->starts_with("$argon2id$"));
    EXPECT_TRUE(verify_password(*hash, "correct horse"));
    EXPECT_FALSE(verify_password(*hash, "correct horsf"));
    EXPECT_FALSE(verify_password("no hash", "correct horse"));
    EXPECT_FALSE(verify_password(std::string(1000, 'a'), "correct horse"));
}

}  // namespace
}  // namespace almon::store
