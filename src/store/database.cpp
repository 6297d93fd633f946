// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/database.hpp"

#include <cerrno>
#include <cstring>
#include <exception>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "store/migrations.hpp"
#include "store/resource_rows.hpp"

namespace almon::store {
namespace {

constexpr std::string_view kSqliteScheme = "sqlite://";
constexpr std::string_view kPostgresqlScheme = "postgresql://";
constexpr int kBusyMilliseconds = 5000;

/// The file is created by us, since SQLite would make it readable for everybody. One that is there is never
/// opened: closing it would drop the locks that other sessions of this process hold on it (fcntl(2)), and
/// then whoever looks into the database from outside takes the write-ahead log away with him.
Result<void> create_file(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file >= 0) ::close(file);
    if ((file < 0 && errno != EEXIST) || ::access(path.c_str(), R_OK | W_OK) != 0)
        return refuse(ErrorCode::Unavailable, "database",
                      fmt::format("cannot open {}: {}", path, std::strerror(errno)));
    return {};
}

std::unique_ptr<soci::session> open_sqlite(const std::string& path) {
    // A session is one thread's, so SQLite need not lock it for each call into it.
    [[maybe_unused]] static const int configured = sqlite_api::sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    auto session = std::make_unique<soci::session>(soci::sqlite3, "dbname=\"" + path + "\"");
    auto* backend = static_cast<soci::sqlite3_session_backend*>(session->get_backend());
    sqlite_api::sqlite3_busy_timeout(backend->conn_, kBusyMilliseconds);
    *session << "PRAGMA journal_mode = WAL";
    *session << "PRAGMA synchronous = FULL";
    *session << "PRAGMA foreign_keys = ON";
    *session << "PRAGMA trusted_schema = OFF";
    return session;
}

std::unique_ptr<soci::session> open_postgresql(const std::string& uri) {
    auto session = std::make_unique<soci::session>(soci::postgresql, uri);
    *session << "SET TIME ZONE 'UTC'";
    *session << "SET client_min_messages = warning";
    return session;
}

/// "UNIQUE constraint failed: users.uuid, users.x" gives "uuid, x"; PostgreSQL's "Key (uuid)=(...)" gives
/// "uuid".
std::string columns_in(std::string_view message) {
    std::string columns;
    if (const auto key = message.find("Key ("); key != std::string_view::npos) {
        const auto begin = key + 5;
        columns = message.substr(begin, message.find(")=", begin) - begin);
    } else if (const auto failed = message.find("constraint failed: "); failed != std::string_view::npos) {
        auto rest = message.substr(failed + 19);
        rest = rest.substr(0, rest.find_first_of("\n\""));
        while (!rest.empty()) {
            const auto comma = std::min(rest.find(", "), rest.size());
            auto column = rest.substr(0, comma);
            if (const auto dot = column.rfind('.'); dot != std::string_view::npos)
                column.remove_prefix(dot + 1);
            if (!columns.empty()) columns += ", ";
            columns += column;
            rest.remove_prefix(std::min(comma + 2, rest.size()));
        }
    }
    return columns;
}

Error conflict(std::string_view message) {
    const bool reference = message.find("FOREIGN KEY") != std::string_view::npos ||
                           message.find("foreign key") != std::string_view::npos;
    if (reference)
        return {ErrorCode::Conflict, "", "it is still in use, or names something that does not exist"};
    const bool unique = message.find("UNIQUE") != std::string_view::npos ||
                        message.find("unique constraint") != std::string_view::npos;
    return {unique ? ErrorCode::Conflict : ErrorCode::InvalidArgument, columns_in(message),
            unique ? "is already taken" : "is out of range"};
}

Error refusal_of_sqlite(const soci::sqlite3_soci_error& exception) {
    const std::string message = exception.get_error_message();
    switch (exception.result() & 0xff) {
        case SQLITE_CONSTRAINT:
            return conflict(message);
        case SQLITE_FULL:
            return {ErrorCode::Unavailable, "database", "the disk is full: " + message};
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return {ErrorCode::Unavailable, "database",
                    "the database is damaged (" + message +
                        "): restore its file from the last backup, together with the key file secret.key"};
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_NOMEM:
            return {ErrorCode::Unavailable, "database", message};
        default:
            return {ErrorCode::Internal, "database", message};
    }
}

Error refusal_of_postgresql(const soci::postgresql_soci_error& exception) {
    const std::string message = exception.get_error_message();
    const std::string state = exception.sqlstate();
    const auto of_class = [&](const char* prefix) { return state.starts_with(prefix); };
    if (of_class("23")) return conflict(message);
    // Connection, resources (53100: disk full), operator's intervention, and no state at all where the
    // connection broke.
    if (of_class("08") || of_class("53") || of_class("57") || of_class("28") || of_class("3D") ||
        state.find_first_not_of(std::string_view(" \0", 2)) == std::string::npos)
        return {ErrorCode::Unavailable, "database", message};
    return {ErrorCode::Internal, "database", message};
}

/// Reads every page of the configuration's tables; those of the call history, which may be large, are left to
/// the moment of their use.
Result<void> check_integrity(Session& session) {
    if (session.dialect() != Dialect::Sqlite) return {};
    std::vector<std::string> tables(64);
    session.soci() << "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND "
                      "name NOT IN ('cel', 'change_log')",
        soci::into(tables);
    for (const std::string& table : tables) {
        std::string finding;
        session.soci() << fmt::format("PRAGMA quick_check({})", table), soci::into(finding);
        // Of the finding's lines the last says what is wrong.
        if (finding != "ok")
            return refuse(
                ErrorCode::Unavailable, "database",
                fmt::format("the database is damaged (table {}: {}): restore its file from the last backup, "
                            "together with the key file secret.key",
                            table, finding.substr(finding.rfind('\n') + 1)));
    }
    return {};
}

}  // namespace

Result<DatabaseLocation> DatabaseLocation::parse(std::string_view uri) {
    if (uri.starts_with(kSqliteScheme)) {
        const auto path = uri.substr(kSqliteScheme.size());
        if (path.empty() || path.find_first_of(std::string_view("\"\0", 2)) != std::string_view::npos)
            return refuse(ErrorCode::InvalidArgument, "database.uri",
                          "needs a file: sqlite:///var/lib/almon/almon.db");
        return DatabaseLocation{Dialect::Sqlite, std::string(path)};
    }
    if (uri.starts_with(kPostgresqlScheme)) return DatabaseLocation{Dialect::Postgresql, std::string(uri)};
    return refuse(ErrorCode::InvalidArgument, "database.uri",
                  "must begin with sqlite:/// and a path, or with postgresql://");
}

std::string DatabaseLocation::text() const {
    if (dialect == Dialect::Sqlite) return std::string(kSqliteScheme) + target;
    auto text = target;
    const auto begin = kPostgresqlScheme.size();
    const auto at = text.find('@', begin);
    const auto colon = text.find(':', begin);
    if (at != std::string::npos && colon < at) text.replace(colon + 1, at - colon - 1, "***");
    if (const auto password = text.find("password="); password != std::string::npos)
        text.replace(password + 9, text.find('&', password) - password - 9, "***");
    return text;
}

Session::Session(Dialect dialect, std::unique_ptr<soci::session> session) noexcept
    : session_(std::move(session)), dialect_(dialect) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

Result<Session> Session::open(const DatabaseLocation& location) {
    return guarded([&]() -> Result<Session> {
        if (location.dialect == Dialect::Postgresql)
            return Session(location.dialect, open_postgresql(location.target));
        if (const auto created = create_file(location.target); !created) return refuse(created);
        return Session(location.dialect, open_sqlite(location.target));
    });
}

Transaction::Transaction(Session& session) : session_(session) {
    // SQLite: take the writer's place now; a reader that begins to write halfway can only fail.
    session_.soci() << (session.dialect() == Dialect::Sqlite ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
    if (!open_) return;
    try {
        session_.soci() << "ROLLBACK";
    } catch (const std::exception&) {
        // Then the connection is gone, and the transaction with it.
    }
}

void Transaction::commit() {
    session_.soci() << "COMMIT";
    open_ = false;
}

Error refusal_of(const std::exception& exception) {
    if (const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&exception))
        return refusal_of_sqlite(*sqlite);
    if (const auto* postgresql = dynamic_cast<const soci::postgresql_soci_error*>(&exception))
        return refusal_of_postgresql(*postgresql);
    if (const auto* other = dynamic_cast<const soci::soci_error*>(&exception)) {
        const std::string message = other->get_error_message();
        // SOCI 4.0 reports a connection that could not be made, or broke, in words only.
        const bool connection = message.find("onnect") != std::string::npos;
        return {connection ? ErrorCode::Unavailable : ErrorCode::Internal, "database", message};
    }
    return {ErrorCode::Internal, "database", exception.what()};
}

Result<void> prepare_database(const DatabaseLocation& location) {
    auto prepared = guarded([&]() -> Result<void> {
        auto session = Session::open(location);
        if (!session) return refuse(session);
        if (const auto sound = check_integrity(*session); !sound) return sound;
        if (const auto migrated = migrate(*session); !migrated) return migrated;
        Transaction transaction(*session);
        extend_tables(*session);
        transaction.commit();
        return {};
    });
    if (!prepared && prepared.error().field == "database")
        prepared.error().reason = location.text() + ": " + prepared.error().reason;
    return prepared;
}

}  // namespace almon::store
