// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "support/files.hpp"

namespace almon::test {

/// A PostgreSQL server of the test's own in a temporary folder, reached through a UNIX socket there; nothing
/// listens on the network. Stopped and removed on destruction.
class PostgresqlServer final {
public:
    /// The server that the running test program shares, started at the first call; null where PostgreSQL 15
    /// is not installed or we are not root (initdb refuses root, so we become `postgres` for it).
    [[nodiscard]] static PostgresqlServer* shared();

    PostgresqlServer();
    ~PostgresqlServer();

    [[nodiscard]] bool running() const noexcept { return running_; }
    /// A new, empty database: its URI.
    [[nodiscard]] std::string create_database();

private:
    [[nodiscard]] bool run(const std::string& command) const;

    TemporaryFolder folder_;
    bool running_ = false;
    int databases_ = 0;
};

}  // namespace almon::test

/// First line of a test that needs PostgreSQL: skipped by name where it is not installed, failed in
/// continuous integration.
#define ALMON_NEEDS_POSTGRESQL()                                                                           \
    do {                                                                                                   \
        if (::almon::test::PostgresqlServer::shared() == nullptr && ::almon::test::in_ci())                \
            GTEST_FAIL() << "PostgreSQL 15 is absent, and continuous integration may not skip this";       \
        if (::almon::test::PostgresqlServer::shared() == nullptr)                                          \
            GTEST_SKIP() << "PostgreSQL 15 is not installed (package postgresql-15), or this is not root"; \
    } while (false)
