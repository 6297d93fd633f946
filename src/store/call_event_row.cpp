// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/call_event_row.hpp"

#include <array>
#include <string>
#include <string_view>

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "store/timestamp.hpp"

namespace almon::store {
namespace {

// A caller's own number is also what bills go to (cid_ani); the AMA flag is 3, "documentation", throughout.
constexpr std::string_view kInsert =
    "INSERT INTO cel (eventtype, eventtime, userdeftype, cid_name, cid_num, cid_ani, cid_rdnis, cid_dnid, "
    "exten, "
    "context, channame, appname, appdata, amaflags, accountcode, peeraccount, uniqueid, linkedid, userfield, "
    "peer, "
    "extra) VALUES (:type, :time, '', :name, :num, :ani, '', :dnid, :exten, :context, :channame, :appname, "
    ":appdata, "
    "3, :account, :peeraccount, :uniqueid, :linkedid, :userfield, :peer, :extra)";

/// In the order of the parameters above.
std::array<std::string_view, 18> values_of(const bus::CallEvent& event, const std::string& time) {
    return {bus::name_of(event.type),
            time,
            event.caller_name,
            event.caller_number,
            event.caller_number,
            event.dialled_number,
            event.exten,
            event.context,
            event.channel_name,
            event.application,
            event.application_data,
            event.account_code,
            event.peer_account_code,
            event.unique_id,
            event.linked_id,
            event.user_field,
            event.peer,
            event.extra};
}

}  // namespace

class CallEventWriter::Row {
public:
    virtual ~Row() = default;
    virtual void write(const bus::CallEvent& event) = 0;
};

namespace {

/// By SQLite's own interface: through SOCI's, which copies each value several times, a row costs twice as
/// much.
class SqliteRow final : public CallEventWriter::Row {
public:
    explicit SqliteRow(soci::session& session)
        : connection_(static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_) {
        check(sqlite_api::sqlite3_prepare_v3(connection_, kInsert.data(), static_cast<int>(kInsert.size()),
                                             SQLITE_PREPARE_PERSISTENT, &statement_, nullptr));
    }
    ~SqliteRow() override { sqlite_api::sqlite3_finalize(statement_); }
    SqliteRow(const SqliteRow&) = delete;
    SqliteRow& operator=(const SqliteRow&) = delete;

    void write(const bus::CallEvent& event) override {
        const auto time = timestamp_text(event.time);
        int parameter = 0;
        for (const auto value : values_of(event, time))
            check(sqlite_api::sqlite3_bind_text(statement_, ++parameter, value.data(),
                                                static_cast<int>(value.size()), SQLITE_STATIC));
        sqlite_api::sqlite3_step(statement_);
        check(sqlite_api::sqlite3_reset(statement_));  // gives the step's error
    }

private:
    void check(int result) const {
        if (result != SQLITE_OK)
            throw soci::sqlite3_soci_error(sqlite_api::sqlite3_errmsg(connection_), result);
    }

    sqlite_api::sqlite3* connection_;
    sqlite_api::sqlite3_stmt* statement_ = nullptr;
};

class PostgresqlRow final : public CallEventWriter::Row {
public:
    explicit PostgresqlRow(soci::session& session) : statement_(session) {
        for (auto& value : values_)
            statement_.exchange(soci::use(value));
        statement_.alloc();
        statement_.prepare(std::string(kInsert));
        statement_.define_and_bind();
    }

    void write(const bus::CallEvent& event) override {
        const auto time = timestamp_text(event.time);
        const auto values = values_of(event, time);
        for (std::size_t at = 0; at < values.size(); ++at)
            values_[at] = values[at];
        statement_.execute(true);
    }

private:
    std::array<std::string, 18> values_;
    soci::statement statement_;
};

}  // namespace

CallEventWriter::CallEventWriter(Session& session) {
    if (session.dialect() == Dialect::Sqlite)
        row_ = std::make_unique<SqliteRow>(session.soci());
    else
        row_ = std::make_unique<PostgresqlRow>(session.soci());
}
CallEventWriter::~CallEventWriter() = default;

void CallEventWriter::write(const bus::CallEvent& event) {
    row_->write(event);
}

}  // namespace almon::store
