// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/database.hpp"

#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

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

/// Asked in another process, since nobody is told of locks of his own.
bool is_locked(const std::filesystem::path& path) {
    const pid_t asking = fork();
    if (asking == 0) {
        // SQLite's SHARED lock, which every open session holds: 510 bytes behind the pending byte.
        struct flock lock {};
        lock.l_type = F_WRLCK;
        lock.l_whence = SEEK_SET;
        lock.l_start = 0x40000000 + 2;
        lock.l_len = 510;
        const int file = open(path.c_str(), O_RDWR | O_CLOEXEC);
        _exit(file >= 0 && fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK ? 0 : 1);
    }
    int status = -1;
    return waitpid(asking, &status, 0) == asking && status == 0;
}

// Else whoever looks into the database from outside takes the write-ahead log away when he leaves.
TEST(Session, KeepsItsLockWhileOthersComeAndGo) {
    test::TemporaryFolder folder;
    const auto path = folder.path() / "almon.db";
    const auto location = *DatabaseLocation::parse("sqlite://" + path.string());
    ASSERT_TRUE(prepare_database(location));
    EXPECT_FALSE(is_locked(path));
    const auto first = Session::open(location);
    ASSERT_TRUE(first);
    EXPECT_TRUE(is_locked(path));
    EXPECT_TRUE(Session::open(location));
    EXPECT_TRUE(is_locked(path));
}

TEST(Database, ADamagedFileIsNamed) {
    test::TemporaryFolder folder;
    const auto path = folder.path() / "almon.db";
    std::ofstream(path) << std::string(8192, 'x');
    const auto prepared = prepare_database(*DatabaseLocation::parse("sqlite://" + path.string()));
    ASSERT_FALSE(prepared);
    EXPECT_NE(prepared.error().reason.find(path.string()), std::string::npos) << prepared.error().reason;
}

}  // namespace
}  // namespace almon::store
