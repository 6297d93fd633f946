// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/call_log.hpp"

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

constexpr const char* kColumns =
    "linkedid, date, date_answer, date_end, source_name, source_exten, destination_name, destination_exten, "
    "direction, user_field, source_line_identity, destination_line_identity, source_user_id, "
    "destination_user_id";

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
        std::string sql = fmt::format("SELECT id, {} FROM call_log WHERE 1 = 1", kColumns);
        const auto from = query.from ? timestamp_text(*query.from) : std::string();
        const auto until = query.until ? timestamp_text(*query.until) : std::string();
        const auto after = query.after ? timestamp_text(query.after->begun) : std::string();
        const long long after_id = query.after ? query.after->id : 0;
        if (query.from) sql += " AND date >= :since";
        if (query.until) sql += " AND date < :until";
        if (query.after) sql += " AND (date, id) > (:after, :after_id)";
        sql += " ORDER BY date, id LIMIT :most";
        const auto most = static_cast<long long>(query.limit);

        Columns columns;
        soci::statement statement(session.soci());
        if (query.from) statement.exchange(soci::use(from, "since"));
        if (query.until) statement.exchange(soci::use(until, "until"));
        if (query.after) {
            statement.exchange(soci::use(after, "after"));
            statement.exchange(soci::use(after_id, "after_id"));
        }
        statement.exchange(soci::use(most, "most"));
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
        CallLogPage page;
        CallLogQuery::Place last;
        while (statement.fetch()) {
            auto call = call_of(columns);
            if (!call) return refuse(call);
            page.calls.push_back(*std::move(call));
            last.id = columns.id;
        }
        if (page.calls.size() == query.limit) {
            last.begun = page.calls.back().begun;
            page.more = last;
        }
        return page;
    });
}

Result<std::size_t> purge_calls(Session& session, UtcTime before) {
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
            }
        }
        return rows;
    });
}

}  // namespace almon::store
