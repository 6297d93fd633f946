// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/call_event_row.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "store/timestamp.hpp"

namespace almon::store {
namespace {

constexpr std::string_view kInsert =
    "INSERT INTO cel (eventtype, eventtime, userdeftype, cid_name, cid_num, cid_ani, cid_rdnis, cid_dnid, "
    "exten, context, channame, appname, appdata, amaflags, accountcode, peeraccount, uniqueid, linkedid, "
    "userfield, peer, extra) VALUES ";
// A caller's own number is also what bills go to (cid_ani); the AMA flag is 3, "documentation", throughout.
constexpr std::string_view kRow = "(?, ?, '', ?, ?, ?, '', ?, ?, ?, ?, ?, ?, 3, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kNamedRow =
    "(:type, :time, '', :name, :num, :ani, '', :dnid, :exten, :context, :channame, :appname, :appdata, 3, "
    ":account, :peeraccount, :uniqueid, :linkedid, :userfield, :peer, :extra)";
constexpr std::size_t kParameters = 18;

/// In the order of the parameters above.
std::array<std::string_view, kParameters> values_of(const bus::CallEvent& event, const std::string& time) {
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

class CallEventWriter::Rows {
public:
    virtual ~Rows() = default;
    virtual void write(std::span<const bus::CallEvent* const> events) = 0;
};

namespace {

/// One statement that inserts so many rows at once. By SQLite's own interface: through SOCI's, which copies
/// each value several times, a row costs twice as much.
class SqliteInsert final {
public:
    SqliteInsert(sqlite_api::sqlite3* connection, std::size_t rows)
        : connection_(connection), rows_(rows), times_(rows), bound_empty_(rows * kParameters, false) {
        std::string sql(kInsert);
        for (std::size_t row = 0; row < rows; ++row)
            sql.append(row == 0 ? "" : ", ").append(kRow);
        check(sqlite_api::sqlite3_prepare_v3(connection_, sql.data(), static_cast<int>(sql.size()),
                                             SQLITE_PREPARE_PERSISTENT, &statement_, nullptr));
    }
    ~SqliteInsert() { sqlite_api::sqlite3_finalize(statement_); }
    SqliteInsert(const SqliteInsert&) = delete;
    SqliteInsert& operator=(const SqliteInsert&) = delete;

    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }

    /// Exactly rows() events.
    void write(std::span<const bus::CallEvent* const> events) {
        std::size_t parameter = 0;
        for (std::size_t row = 0; row < rows_; ++row) {
            times_[row] = timestamp_text(events[row]->time);
            for (const auto value : values_of(*events[row], times_[row]))
                bind(parameter++, value);
        }
        sqlite_api::sqlite3_step(statement_);
        check(sqlite_api::sqlite3_reset(statement_));  // gives the step's error
    }

private:
    /// Half of the values of an event are empty, mostly the same ones.
    void bind(std::size_t parameter, std::string_view value) {
        if (value.empty() && bound_empty_[parameter]) return;
        bound_empty_[parameter] = value.empty();
        check(sqlite_api::sqlite3_bind_text(statement_, static_cast<int>(parameter + 1),
                                            value.empty() ? "" : value.data(), static_cast<int>(value.size()),
                                            SQLITE_STATIC));
    }
    void check(int result) const {
        if (result != SQLITE_OK)
            throw soci::sqlite3_soci_error(sqlite_api::sqlite3_errmsg(connection_), result);
    }

    sqlite_api::sqlite3* connection_;
    sqlite_api::sqlite3_stmt* statement_ = nullptr;
    std::size_t rows_;
    std::vector<std::string> times_;
    std::vector<bool> bound_empty_;
};

class SqliteRows final : public CallEventWriter::Rows {
public:
    explicit SqliteRows(soci::session& session)
        : connection_(static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_),
          many_(connection_, 16),
          one_(connection_, 1) {}

    void write(std::span<const bus::CallEvent* const> events) override {
        for (; events.size() >= many_.rows(); events = events.subspan(many_.rows()))
            many_.write(events.first(many_.rows()));
        for (; !events.empty(); events = events.subspan(1))
            one_.write(events.first(1));
    }

private:
    sqlite_api::sqlite3* connection_;
    SqliteInsert many_;
    SqliteInsert one_;
};

class PostgresqlRows final : public CallEventWriter::Rows {
public:
    explicit PostgresqlRows(soci::session& session) : statement_(session) {
        for (auto& value : values_)
            statement_.exchange(soci::use(value));
        statement_.alloc();
        statement_.prepare(std::string(kInsert).append(kNamedRow));
        statement_.define_and_bind();
    }

    void write(std::span<const bus::CallEvent* const> events) override {
        for (const auto* event : events) {
            const auto time = timestamp_text(event->time);
            const auto values = values_of(*event, time);
            for (std::size_t at = 0; at < values.size(); ++at)
                values_[at] = values[at];
            statement_.execute(true);
        }
    }

private:
    std::array<std::string, kParameters> values_;
    soci::statement statement_;
};

}  // namespace

CallEventWriter::CallEventWriter(Session& session) {
    if (session.dialect() == Dialect::Sqlite)
        rows_ = std::make_unique<SqliteRows>(session.soci());
    else
        rows_ = std::make_unique<PostgresqlRows>(session.soci());
}
CallEventWriter::~CallEventWriter() = default;

void CallEventWriter::write(std::span<const bus::CallEvent* const> events) {
    rows_->write(events);
}

}  // namespace almon::store
