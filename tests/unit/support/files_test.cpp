// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/files.hpp"

#include <fstream>

#include <gtest/gtest.h>

namespace almon::test {
namespace {

TEST(Files, SourceRoot_HoldsThePresets) {
    EXPECT_TRUE(std::filesystem::exists(source_root() / "CMakePresets.json"));
}

TEST(Files, TemporaryFolder_VanishesWithItsContent) {
    std::filesystem::path path;
    {
        const TemporaryFolder folder;
        path = folder.path();
        std::ofstream(path / "b") << "two\r\n";
        std::ofstream(path / "a") << "one";
        ASSERT_EQ(files_in(path).size(), 2U);
        EXPECT_EQ(read_file(files_in(path)[0]), "one");
        EXPECT_EQ(read_file(files_in(path)[1]), "two\r\n");
    }
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(Files, AFolderThatDoesNotExist_HasNoFiles) {
    EXPECT_TRUE(files_in("/nonexistent").empty());
}

TEST(Files, ReferenceMaterial_IsSkippedByNameWhereAbsent) {
    ALMON_NEEDS_REFERENCE("rfc4475");
    EXPECT_FALSE(files_in(reference_folder() / "rfc4475").empty());
}

}  // namespace
}  // namespace almon::test
