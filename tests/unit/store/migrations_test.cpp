// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/migrations.hpp"

#include <string>

#include <gtest/gtest.h>
#include <soci/soci.h>

#include "support/files.hpp"
#include "support/postgresql_server.hpp"

namespace almon::store {
namespace {

TEST(Migrations, AreNumberedWithoutHole) {
    int number = 0;
    for (const auto& migration : migrations())
        EXPECT_EQ(migration.number, ++number);
}

void from_empty(const DatabaseLocation& location) {
    auto session = Session::open(location);
    ASSERT_TRUE(session) << session.error().reason;
    EXPECT_EQ(*schema_version(*session), 0);
    const auto migrated = migrate(*session);
    ASSERT_TRUE(migrated) << migrated.error().reason;
    EXPECT_EQ(*schema_version(*session), static_cast<int>(migrations().size()));
    EXPECT_TRUE(migrate(*session)) << "nothing is left to do";
}

void from_every_previous_version(DatabaseLocation (*fresh)()) {
    for (int version = 1; version < static_cast<int>(migrations().size()); ++version) {
        auto session = Session::open(fresh());
        ASSERT_TRUE(session) << session.error().reason;
        ASSERT_TRUE(migrate(*session, version));
        ASSERT_EQ(*schema_version(*session), version);
        session->soci() << "INSERT INTO extensions (id, exten, context) VALUES (1, '1001', 'default')";
        const auto migrated = migrate(*session);
        ASSERT_TRUE(migrated) << migrated.error().reason;
        std::string exten;
        session->soci() << "SELECT exten FROM extensions", soci::into(exten);
        EXPECT_EQ(exten, "1001") << "what was there stays";
    }
}

void a_newer_database_is_refused(const DatabaseLocation& location) {
    auto session = Session::open(location);
    ASSERT_TRUE(session && migrate(*session));
    session->soci() << "INSERT INTO schema_version VALUES (999, 'of tomorrow', '2030-01-01 00:00:00+00')";
    const auto refused = migrate(*session);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Unsupported);
    EXPECT_NE(refused.error().reason.find("newer"), std::string::npos);
}

const test::TemporaryFolder& folder() {
    static const test::TemporaryFolder folder;
    return folder;
}
DatabaseLocation fresh_sqlite() {
    static int number = 0;
    return *DatabaseLocation::parse("sqlite://" + (folder().path() / std::to_string(++number)).string());
}
DatabaseLocation fresh_postgresql() {
    return *DatabaseLocation::parse(test::PostgresqlServer::shared()->create_database());
}

TEST(MigrationsOnSqlite, FromEmpty) {
    from_empty(fresh_sqlite());
}
TEST(MigrationsOnSqlite, FromEveryPreviousVersion) {
    from_every_previous_version(fresh_sqlite);
}
TEST(MigrationsOnSqlite, ANewerDatabaseIsRefused) {
    a_newer_database_is_refused(fresh_sqlite());
}

// One test, as starting the server takes longer than all of them.
TEST(MigrationsOnPostgresql, FromEmptyAndFromEveryPreviousVersion) {
    ALMON_NEEDS_POSTGRESQL();
    from_empty(fresh_postgresql());
    from_every_previous_version(fresh_postgresql);
    a_newer_database_is_refused(fresh_postgresql());
}

TEST(Migrations, AMigrationThatFailsLeavesTheVersionBefore) {
    auto session = Session::open(fresh_sqlite());
    ASSERT_TRUE(session && migrate(*session, 1));
    session->soci() << "CREATE TABLE contacts (unexpected TEXT)";
    EXPECT_FALSE(migrate(*session));
    EXPECT_EQ(*schema_version(*session), 1);
    int tables = 0;
    session->soci() << "SELECT count(*) FROM sqlite_schema WHERE name = 'cel'", soci::into(tables);
    EXPECT_EQ(tables, 0) << "what it had created before the failure is gone";
}

}  // namespace
}  // namespace almon::store
