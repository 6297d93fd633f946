// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "base/result.hpp"
#include "store/database.hpp"

namespace almon::store {

/// One step of the database's history, forward only. Never changed once it was released: add another one.
struct Migration {
    int number = 0;
    const char* title = "";
    /// Statements, each ended by a semicolon at the end of a line. Valid on SQLite and PostgreSQL alike,
    /// after {serial}, {timestamp} and {integer} became the dialect's types.
    const char* statements = "";
};

/// All of them, numbered 1, 2, 3 ...
[[nodiscard]] std::span<const Migration> migrations() noexcept;

/// The last migration that was carried out; 0 for an empty database.
[[nodiscard]] Result<int> schema_version(Session& session);

/// Carries out what is missing up to number `last`, each migration in a transaction of its own together with
/// its line in `schema_version`. A database that a newer program has migrated is refused and left alone.
[[nodiscard]] Result<void> migrate(Session& session, int last = static_cast<int>(migrations().size()));

}  // namespace almon::store
