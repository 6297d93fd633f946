// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace soci {
class session;
}

namespace almon::store {

enum class Dialect : std::uint8_t { Sqlite, Postgresql };

/// Which database: "sqlite:///var/lib/almon/almon.db" (an absolute path; "sqlite://almon.db" is taken from
/// the working directory) or "postgresql://user:password@host:port/name" (any URI that libpq takes).
struct DatabaseLocation {
    Dialect dialect = Dialect::Sqlite;
    std::string target;  ///< The file's path, or the URI for libpq.

    [[nodiscard]] static Result<DatabaseLocation> parse(std::string_view uri);
    /// For logs and error texts: without a password.
    [[nodiscard]] std::string text() const;
};

/// One connection to the database. Used by one thread at a time; every thread that works on the database
/// opens its own. SQLite runs with write-ahead log, foreign keys and full synchronisation, so that what was
/// committed survives a power cut; a writer waits up to 5 s for another one.
class Session final {
public:
    [[nodiscard]] static Result<Session> open(const DatabaseLocation& location);
    Session(Session&&) noexcept;
    Session& operator=(Session&&) noexcept;
    ~Session();

    [[nodiscard]] Dialect dialect() const noexcept { return dialect_; }
    /// For the sources of this folder, which alone include SOCI. Its exceptions end in refusal_of().
    [[nodiscard]] soci::session& soci() noexcept { return *session_; }

private:
    Session(Dialect dialect, std::unique_ptr<soci::session> session) noexcept;

    std::unique_ptr<soci::session> session_;
    Dialect dialect_;
};

/// Begins a transaction that may write; rolled back on destruction unless it was committed. Throws what SOCI
/// throws.
class Transaction final {
public:
    explicit Transaction(Session& session);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    void commit();

private:
    Session& session_;
    bool open_ = true;
};

/// What a library's exception, caught around database work, means: Conflict for a broken constraint (`field`
/// names the columns), Unavailable for a full disk, a damaged file or a lost connection, else Internal.
[[nodiscard]] Error refusal_of(const std::exception& exception);

/// Runs `work`, which returns a Result, and turns whatever the library throws into a refusal.
template <class Work>
[[nodiscard]] auto guarded(Work&& work) -> decltype(work()) {
    try {
        return work();
    } catch (const std::exception& exception) {
        return tl::unexpected<Error>(refusal_of(exception));
    }
}

/// Opens the database, refuses it when it is damaged or newer than this program, and brings its tables up to
/// date. Once, at start, before anybody else opens a session.
[[nodiscard]] Result<void> prepare_database(const DatabaseLocation& location);

}  // namespace almon::store
