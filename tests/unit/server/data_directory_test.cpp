// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/data_directory.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "support/files.hpp"

namespace almon::server {
namespace {

TEST(DataDirectory, IsMadeWhereItIsMissing) {
    test::TemporaryFolder folder;
    EXPECT_TRUE(DataDirectory::open(folder.path() / "var/almon"));
    EXPECT_TRUE(std::filesystem::is_directory(folder.path() / "var/almon"));
}

TEST(DataDirectory, BelongsToOneAtATime) {
    test::TemporaryFolder folder;
    {
        const auto first = DataDirectory::open(folder.path());
        ASSERT_TRUE(first);
        const auto second = DataDirectory::open(folder.path());
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().code, ErrorCode::Conflict);
        EXPECT_NE(second.error().reason.find(folder.path().string()), std::string::npos);
    }
    EXPECT_TRUE(DataDirectory::open(folder.path()));
}

TEST(DataDirectory, WhereAFileIsInTheWayIsRefused) {
    test::TemporaryFolder folder;
    std::ofstream(folder.path() / "file") << "x";
    const auto refused = DataDirectory::open(folder.path() / "file");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().field, "data_directory");
}

}  // namespace
}  // namespace almon::server
