// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/migrations.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <soci/soci.h>

#include "base/system_clock.hpp"
#include "store/timestamp.hpp"

namespace almon::store {
namespace {

// Lists that are only ever read with their owner (options, ranges, includes) are JSON in a column. A context
// may also come from a dialplan file, so that naming one is no foreign key.
constexpr Migration kMigrations[] = {
    {1, "configuration and its change log", R"(
CREATE TABLE contexts (
    id {integer} PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL,
    type TEXT NOT NULL,
    user_ranges TEXT NOT NULL,
    includes TEXT NOT NULL
);
CREATE TABLE users (
    id {integer} PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    firstname TEXT NOT NULL,
    lastname TEXT NOT NULL,
    caller_id TEXT NOT NULL,
    language TEXT NOT NULL,
    ring_seconds INTEGER NOT NULL CHECK (ring_seconds >= 0),
    simultaneous_calls INTEGER NOT NULL CHECK (simultaneous_calls >= 0),
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1))
);
CREATE TABLE endpoints_sip (
    id {integer} PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    secret TEXT NOT NULL,
    type TEXT NOT NULL,
    host TEXT NOT NULL,
    options TEXT NOT NULL
);
CREATE TABLE lines (
    id {integer} PRIMARY KEY,
    name TEXT NOT NULL,
    context TEXT NOT NULL,
    endpoint_sip_id {integer} UNIQUE REFERENCES endpoints_sip (id),
    position INTEGER NOT NULL,
    caller_id_name TEXT NOT NULL,
    caller_id_num TEXT NOT NULL
);
CREATE TABLE extensions (
    id {integer} PRIMARY KEY,
    exten TEXT NOT NULL,
    context TEXT NOT NULL,
    UNIQUE (exten, context)
);
CREATE TABLE user_line (
    user_id {integer} NOT NULL REFERENCES users (id),
    line_id {integer} NOT NULL REFERENCES lines (id),
    main_user INTEGER NOT NULL CHECK (main_user IN (0, 1)),
    main_line INTEGER NOT NULL CHECK (main_line IN (0, 1)),
    PRIMARY KEY (user_id, line_id)
);
CREATE INDEX user_line_line ON user_line (line_id);
CREATE TABLE line_extension (
    line_id {integer} NOT NULL REFERENCES lines (id),
    extension_id {integer} NOT NULL REFERENCES extensions (id),
    main_extension INTEGER NOT NULL CHECK (main_extension IN (0, 1)),
    PRIMARY KEY (line_id, extension_id)
);
CREATE INDEX line_extension_extension ON line_extension (extension_id);
CREATE TABLE id_counters (
    kind TEXT PRIMARY KEY,
    last {integer} NOT NULL
);
CREATE TABLE change_log (
    number {integer} NOT NULL,
    position INTEGER NOT NULL,
    time {timestamp} NOT NULL,
    who TEXT NOT NULL,
    kind TEXT NOT NULL,
    object TEXT NOT NULL,
    before TEXT,
    after TEXT,
    PRIMARY KEY (number, position)
);
CREATE INDEX change_log_object ON change_log (kind, object);
CREATE TABLE installation (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
)"},
    {2, "call events and registrations, fed from the journal", R"(
CREATE TABLE cel (
    id {serial} PRIMARY KEY,
    eventtype TEXT NOT NULL,
    eventtime {timestamp} NOT NULL,
    userdeftype TEXT NOT NULL,
    cid_name TEXT NOT NULL,
    cid_num TEXT NOT NULL,
    cid_ani TEXT NOT NULL,
    cid_rdnis TEXT NOT NULL,
    cid_dnid TEXT NOT NULL,
    exten TEXT NOT NULL,
    context TEXT NOT NULL,
    channame TEXT NOT NULL,
    appname TEXT NOT NULL,
    appdata TEXT NOT NULL,
    amaflags INTEGER NOT NULL,
    accountcode TEXT NOT NULL,
    peeraccount TEXT NOT NULL,
    uniqueid TEXT NOT NULL,
    linkedid TEXT NOT NULL,
    userfield TEXT NOT NULL,
    peer TEXT NOT NULL,
    extra TEXT NOT NULL
);
CREATE INDEX cel_linkedid ON cel (linkedid);
CREATE TABLE contacts (
    username TEXT NOT NULL,
    uri TEXT NOT NULL,
    transport TEXT NOT NULL,
    local_address TEXT NOT NULL,
    remote_address TEXT NOT NULL,
    expires {timestamp} NOT NULL,
    call_id TEXT NOT NULL,
    cseq {integer} NOT NULL,
    q INTEGER NOT NULL,
    user_agent TEXT NOT NULL,
    instance TEXT NOT NULL,
    reg_id {integer} NOT NULL,
    path TEXT NOT NULL,
    PRIMARY KEY (username, uri)
);
CREATE TABLE journal_position (
    consumer TEXT PRIMARY KEY,
    segment {integer} NOT NULL,
    position {integer} NOT NULL
);
)"},
    {3, "tokens of the programming interfaces", R"(
CREATE TABLE tokens (
    digest TEXT PRIMARY KEY,
    backend TEXT NOT NULL,
    auth_id TEXT NOT NULL,
    user_uuid TEXT NOT NULL,
    name TEXT NOT NULL,
    acl TEXT NOT NULL,
    issued {timestamp} NOT NULL,
    expires {timestamp} NOT NULL
);
CREATE INDEX tokens_expires ON tokens (expires);
)"},
    {4, "calls as people remember them, made of call events", R"(
CREATE TABLE call_log (
    id {serial} PRIMARY KEY,
    linkedid TEXT NOT NULL UNIQUE,
    date {timestamp} NOT NULL,
    date_answer {timestamp},
    date_end {timestamp} NOT NULL,
    source_name TEXT NOT NULL,
    source_exten TEXT NOT NULL,
    destination_name TEXT NOT NULL,
    destination_exten TEXT NOT NULL,
    duration INTEGER NOT NULL,
    answered INTEGER NOT NULL CHECK (answered IN (0, 1)),
    direction TEXT NOT NULL,
    user_field TEXT NOT NULL,
    source_line_identity TEXT NOT NULL,
    destination_line_identity TEXT NOT NULL,
    source_user_id {integer} NOT NULL,
    destination_user_id {integer} NOT NULL
);
CREATE INDEX call_log_date ON call_log (date, id);
CREATE INDEX call_log_source_user ON call_log (source_user_id, date);
CREATE INDEX call_log_destination_user ON call_log (destination_user_id, date);
)"},
    // Nothing writes it (INS-118): rows come with the data of a system that was here before.
    {5, "statistics of switchboards", R"(
CREATE TABLE stat_switchboard_queue (
    id {serial} PRIMARY KEY,
    time {timestamp} NOT NULL,
    end_type TEXT NOT NULL CHECK (end_type IN ('abandoned', 'answered', 'forwarded', 'transferred')),
    wait_time DOUBLE PRECISION NOT NULL,
    queue_id {integer} NOT NULL
);
CREATE INDEX stat_switchboard_queue_queue ON stat_switchboard_queue (queue_id, time);
)"},
    {6, "what users are for the others", R"(
CREATE TABLE user_presences (
    user_uuid TEXT PRIMARY KEY,
    presence TEXT NOT NULL
);
)"},
    {7, "what users write to each other", R"(
CREATE TABLE chat_messages (
    id {serial} PRIMARY KEY,
    time {timestamp} NOT NULL,
    from_user TEXT NOT NULL,
    to_user TEXT NOT NULL,
    alias TEXT NOT NULL,
    msg TEXT NOT NULL,
    is_read INTEGER NOT NULL CHECK (is_read IN (0, 1))
);
CREATE INDEX chat_messages_from_user ON chat_messages (from_user, to_user, id);
CREATE INDEX chat_messages_to_user ON chat_messages (to_user, from_user, id);
)"},
};

std::string in_dialect(std::string_view sql, Dialect dialect) {
    const bool sqlite = dialect == Dialect::Sqlite;
    const std::pair<std::string_view, std::string_view> types[] = {
        {"{serial}", sqlite ? "INTEGER" : "BIGINT GENERATED BY DEFAULT AS IDENTITY"},
        {"{timestamp}", sqlite ? "TEXT" : "TIMESTAMP WITH TIME ZONE"},
        {"{integer}", sqlite ? "INTEGER" : "BIGINT"},
    };
    std::string out(sql);
    for (const auto& [name, type] : types) {
        for (auto at = out.find(name); at != std::string::npos; at = out.find(name, at + type.size()))
            out.replace(at, name.size(), type);
    }
    return out;
}

std::vector<std::string> statements_of(const Migration& migration, Dialect dialect) {
    std::vector<std::string> statements;
    std::string rest = in_dialect(migration.statements, dialect);
    for (auto end = rest.find(";\n"); end != std::string::npos; end = rest.find(";\n")) {
        statements.push_back(rest.substr(0, end));
        rest.erase(0, end + 2);
    }
    return statements;
}

int version_in(Session& session) {
    session.soci() << in_dialect(
        "CREATE TABLE IF NOT EXISTS schema_version (number INTEGER PRIMARY KEY, title TEXT NOT NULL, "
        "time {timestamp} NOT NULL)",
        session.dialect());
    int version = 0;
    session.soci() << "SELECT coalesce(max(number), 0) FROM schema_version", soci::into(version);
    return version;
}

}  // namespace

std::span<const Migration> migrations() noexcept {
    return kMigrations;
}

Result<int> schema_version(Session& session) {
    return guarded([&]() -> Result<int> { return version_in(session); });
}

Result<void> migrate(Session& session, int last) {
    return guarded([&]() -> Result<void> {
        const int version = version_in(session);
        const int known = static_cast<int>(migrations().size());
        if (version > known) {
            return refuse(
                ErrorCode::Unsupported, "database",
                fmt::format("it was written by a newer Almon (tables of version {}, this program knows {}): "
                            "install that version again, or restore the backup from before the upgrade",
                            version, known));
        }
        for (const Migration& migration : migrations()) {
            if (migration.number <= version || migration.number > last) continue;
            Transaction transaction(session);
            for (const auto& statement : statements_of(migration, session.dialect()))
                session.soci() << statement;
            const std::string title = migration.title;
            const std::string time = timestamp_text(system_now().utc);
            session.soci()
                << "INSERT INTO schema_version (number, title, time) VALUES (:number, :title, :time)",
                soci::use(migration.number), soci::use(title), soci::use(time);
            transaction.commit();
        }
        return {};
    });
}

}  // namespace almon::store
