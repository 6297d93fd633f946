// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/call_log.hpp"

#include <cctype>
#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <soci/soci.h>

#include "store/timestamp.hpp"

namespace almon::store {
namespace {

/// A row as its columns hold it.
struct Columns {
    long long id = 0;
    std::string linked_id, begun, answered, ended, source_name, source_exten, destination_name,
        destination_exten, direction, user_field, source_line, destination_line;
    soci::indicator has_answered = soci::i_null;
    long long source_user = 0;
    long long destination_user = 0;
};

constexpr const char* kSelect =
    "SELECT id, linkedid, date, date_answer, date_end, source_name, source_exten, destination_name, "
    "destination_exten, direction, user_field, source_line_identity, destination_line_identity, "
    "source_user_id, destination_user_id FROM call_log";

CallDirection direction_named(std::string_view name) noexcept {
    for (const auto direction : {CallDirection::Inbound, CallDirection::Outbound}) {
        if (name == name_of(direction)) return direction;
    }
    return CallDirection::Internal;
}

Result<LoggedCall> call_of(const Columns& columns) {
    LoggedCall call;
    const auto begun = parse_timestamp(columns.begun);
    const auto ended = parse_timestamp(columns.ended);
    if (!begun) return refuse(begun);
    if (!ended) return refuse(ended);
    if (columns.has_answered == soci::i_ok) {
        const auto answered = parse_timestamp(columns.answered);
        if (!answered) return refuse(answered);
        call.answered = *answered;
    }
    call.id = columns.id;
    call.linked_id = columns.linked_id;
    call.begun = *begun;
    call.ended = *ended;
    call.source_name = columns.source_name;
    call.source_exten = columns.source_exten;
    call.destination_name = columns.destination_name;
    call.destination_exten = columns.destination_exten;
    call.direction = direction_named(columns.direction);
    call.user_field = columns.user_field;
    call.source_line = columns.source_line;
    call.destination_line = columns.destination_line;
    call.source_user = model::UserId{static_cast<std::uint64_t>(columns.source_user)};
    call.destination_user = model::UserId{static_cast<std::uint64_t>(columns.destination_user)};
    return call;
}

/// A query as it becomes SQL with its values.
class Selection final {
public:
    explicit Selection(const CallLogQuery& query) : most_(static_cast<long long>(query.limit)) {
        if (query.from) where("date >= :since", "since", timestamp_text(*query.from));
        if (query.until) where("date < :until", "until", timestamp_text(*query.until));
        if (query.direction) where("direction = :direction", "direction", name_of(*query.direction));
        if (!query.number.empty())
            where("(source_exten = :number OR destination_exten = :number)", "number", query.number);
        if (!query.search.empty()) {
            where(
                "(lower(source_name) LIKE :part OR lower(destination_name) LIKE :part OR source_exten LIKE "
                ":part OR destination_exten LIKE :part)",
                "part", part_pattern(query.search));
        }
        const char* order = query.newest_first ? "DESC" : "ASC";
        if (query.after) {
            where(
                query.newest_first ? "(date, id) < (:after, :after_id)" : "(date, id) > (:after, :after_id)",
                "after", timestamp_text(query.after->begun));
            numbers_["after_id"] = query.after->id;
        }
        const auto ordered = fmt::format(" ORDER BY date {0}, id {0} LIMIT :most", order);
        numbers_["most"] = most_;
        if (!query.user) {
            sql_ = fmt::format("{}{}{}", kSelect, conditions_, ordered);
            return;
        }
        // Each side by its own index, and of each no more than a page.
        numbers_["of_user"] = static_cast<long long>(query.user->value);
        const auto side = [&](const char* column) {
            return fmt::format("SELECT * FROM ({}{} AND {} = :of_user{}) AS {}", kSelect, conditions_, column,
                               ordered, column);
        };
        sql_ = fmt::format("SELECT * FROM ({} UNION {}) AS of_either{}", side("source_user_id"),
                           side("destination_user_id"), ordered);
    }

    [[nodiscard]] const std::string& sql() const noexcept { return sql_; }
    void give_values(soci::statement& statement) {
        for (const auto& [name, value] : texts_)
            statement.exchange(soci::use(value, name));
        for (const auto& [name, value] : numbers_)
            statement.exchange(soci::use(value, name));
    }

private:
    void where(const char* condition, const char* name, std::string value) {
        conditions_ += " AND ";
        conditions_ += condition;
        texts_[name] = std::move(value);
    }
    /// For LIKE: what the user typed means itself.
    static std::string part_pattern(const std::string& part) {
        std::string pattern = "%";
        for (const char c : part) {
            if (c == '%' || c == '_') continue;
            pattern += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
        return pattern + '%';
    }

    const long long most_;
    std::string conditions_ = " WHERE 1 = 1";
    std::string sql_;
    std::map<std::string, std::string> texts_;
    std::map<std::string, long long> numbers_;
};

/// All rows of a statement that asks for what kSelect does.
Result<std::vector<LoggedCall>> fetch(soci::statement& statement, const std::string& sql) {
    Columns columns;
    statement.exchange(soci::into(columns.id));
    for (auto* column : {&columns.linked_id, &columns.begun})
        statement.exchange(soci::into(*column));
    statement.exchange(soci::into(columns.answered, columns.has_answered));
    for (auto* column : {&columns.ended, &columns.source_name, &columns.source_exten,
                         &columns.destination_name, &columns.destination_exten, &columns.direction,
                         &columns.user_field, &columns.source_line, &columns.destination_line})
        statement.exchange(soci::into(*column));
    statement.exchange(soci::into(columns.source_user));
    statement.exchange(soci::into(columns.destination_user));
    statement.alloc();
    statement.prepare(sql);
    statement.define_and_bind();
    statement.execute();
    std::vector<LoggedCall> calls;
    while (statement.fetch()) {
        auto call = call_of(columns);
        if (!call) return refuse(call);
        calls.push_back(*std::move(call));
    }
    return calls;
}

}  // namespace

const char* name_of(CallDirection direction) noexcept {
    switch (direction) {
        case CallDirection::Internal:
            return "internal";
        case CallDirection::Inbound:
            return "inbound";
        case CallDirection::Outbound:
            return "outbound";
    }
    return "";
}

std::int64_t LoggedCall::talked_seconds() const noexcept {
    return answered ? std::chrono::round<std::chrono::seconds>(ended - *answered).count() : 0;
}

Result<CallLogPage> CallLog::read(const CallLogQuery& query) {
    return session_.with([&](Session& session) -> Result<CallLogPage> {
        Selection selection(query);
        soci::statement statement(session.soci());
        selection.give_values(statement);
        auto calls = fetch(statement, selection.sql());
        if (!calls) return refuse(calls);
        CallLogPage page{*std::move(calls), {}};
        if (page.calls.size() == query.limit) page.more = {{page.calls.back().begun, page.calls.back().id}};
        return page;
    });
}

Result<LoggedCall> CallLog::find(std::int64_t id) {
    return session_.with([&](Session& session) -> Result<LoggedCall> {
        const long long wanted = id;
        soci::statement statement(session.soci());
        statement.exchange(soci::use(wanted, "id"));
        auto calls = fetch(statement, fmt::format("{} WHERE id = :id", kSelect));
        if (!calls) return refuse(calls);
        if (calls->empty()) return refuse(ErrorCode::NotFound, "cdr_id", "no such call");
        return std::move(calls->front());
    });
}

Result<std::size_t> purge_calls(Session& session, UtcTime before,
                                const std::function<void()>& after_each_piece) {
    return guarded([&]() -> Result<std::size_t> {
        const auto time = timestamp_text(before);
        std::size_t rows = 0;
        for (const auto* sql :
             {"DELETE FROM call_log WHERE id IN (SELECT id FROM call_log WHERE date < :time "
              "ORDER BY id LIMIT :most)",
              "DELETE FROM cel WHERE id IN (SELECT id FROM cel WHERE eventtime < :time "
              "ORDER BY id LIMIT :most)"}) {
            // In pieces: other writers wait for none of them for long.
            long long most = 10'000;
            long long deleted = most;
            while (deleted == most) {
                Transaction transaction(session);
                soci::statement statement =
                    (session.soci().prepare << sql, soci::use(time, "time"), soci::use(most, "most"));
                statement.execute(true);
                deleted = statement.get_affected_rows();
                transaction.commit();
                rows += static_cast<std::size_t>(deleted);
                if (after_each_piece) after_each_piece();
            }
        }
        return rows;
    });
}

}  // namespace almon::store
