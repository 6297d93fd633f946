// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/database.hpp"

#include <gtest/gtest.h>

#include "support/files.hpp"

namespace almon::store {
namespace {

TEST(DatabaseLocation, NamesAFileOrAServer) {
    const auto file = DatabaseLocation::parse("sqlite:///var/lib/almon/almon.db");
    ASSERT_TRUE(file);
    EXPECT_EQ(file->dialect, Dialect::Sqlite);
    EXPECT_EQ(file->target, "/var/lib/almon/almon.db");
    EXPECT_EQ(DatabaseLocation::parse("sqlite://var/almon.db")->target, "var/almon.db");
    EXPECT_EQ(DatabaseLocation::parse("postgresql://almon@db/almon")->dialect, Dialect::Postgresql);
}

TEST(DatabaseLocation, AnythingElseIsRefused) {
    for (const char* uri : {"", "sqlite:", "sqlite://", "mysql://x", "/var/lib/almon.db", "sqlite://a\"b"})
        EXPECT_EQ(DatabaseLocation::parse(uri).error().field, "database.uri") << uri;
}

TEST(DatabaseLocation, ItsTextShowsNoPassword) {
    EXPECT_EQ(DatabaseLocation::parse("postgresql://almon:s3cret@db:5432/almon")->text(),
              "postgresql://almon:***@db:5432/almon");
    EXPECT_EQ(DatabaseLocation::parse("postgresql://db/almon?user=a&password=s3cret&x=1")->text(),
              "postgresql://db/almon?user=a&password=***&x=1");
    EXPECT_EQ(DatabaseLocation::parse("postgresql://db:5432/almon")->text(), "postgresql://db:5432/almon");
}

TEST(Session, AnUnreachableDatabaseIsUnavailable) {
    test::TemporaryFolder folder;
    const auto file =
        Session::open(*DatabaseLocation::parse("sqlite://" + (folder.path() / "no/such").string()));
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().code, ErrorCode::Unavailable);
    const auto server =
        Session::open(*DatabaseLocation::parse("postgresql:///almon?host=" + folder.path().string()));
    ASSERT_FALSE(server);
    EXPECT_EQ(server.error().code, ErrorCode::Unavailable) << server.error().reason;
}

TEST(Session, AFolderNameWithSpacesIsNoTrouble) {
    test::TemporaryFolder folder;
    const auto path = folder.path() / "my data; PRAGMA x";
    std::filesystem::create_directory(path);
    EXPECT_TRUE(prepare_database(*DatabaseLocation::parse("sqlite://" + (path / "almon.db").string())));
    EXPECT_TRUE(std::filesystem::exists(path / "almon.db-wal") ||
                std::filesystem::file_size(path / "almon.db") > 0);
}

}  // namespace
}  // namespace almon::store
