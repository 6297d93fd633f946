// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/resource_rows.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "model/json_text.hpp"

namespace almon::store {

namespace json = boost::json;
using model::Declaration;
using model::Field;
using model::FieldKind;

namespace {

/// Rows that PostgreSQL is given at once: more cost memory and are hardly faster.
constexpr std::size_t kMostWaiting = 1000;

bool is_number(const Field& field) {
    return field.kind == FieldKind::Boolean || field.kind == FieldKind::Integer ||
           field.kind == FieldKind::Reference;
}

/// One value on its way to or from SOCI.
struct Cell {
    const Field* field = nullptr;
    long long number = 0;
    std::string text;
    soci::indicator indicator = soci::i_ok;
};

/// A value as its column keeps it.
void fill(Cell& cell, const json::value& value, const Sealer& sealer) {
    cell.indicator = value.is_null() && is_number(*cell.field) ? soci::i_null : soci::i_ok;
    if (cell.indicator == soci::i_null) return;
    switch (cell.field->kind) {
        case FieldKind::Boolean:
            cell.number = value.get_bool() ? 1 : 0;
            break;
        case FieldKind::Integer:
        case FieldKind::Reference:
            cell.number = value.to_number<long long>();
            break;
        case FieldKind::Text:
            cell.text = value.get_string();
            if (cell.field->is_secret) cell.text = sealer.seal(cell.text);
            break;
        case FieldKind::List:
        case FieldKind::Object:
            cell.text = json::serialize(value);
            break;
    }
}

Result<json::value> value_in(const Cell& cell, const Sealer& sealer) {
    if (cell.indicator == soci::i_null) return json::value(nullptr);
    switch (cell.field->kind) {
        case FieldKind::Boolean:
            return cell.number != 0;
        case FieldKind::Integer:
        case FieldKind::Reference:
            return cell.number;
        case FieldKind::Text: {
            if (!cell.field->is_secret) return json::string(cell.text);
            auto clear = sealer.unseal(cell.text);
            if (!clear) return refuse(clear);
            return json::string(*clear);
        }
        case FieldKind::List:
        case FieldKind::Object:
            return json::parse(cell.text);
    }
    return json::value(nullptr);
}

Error unreadable(const Declaration& declaration, const Field& field, const std::string& reason) {
    return {ErrorCode::Unavailable, declaration.table,
            fmt::format("holds a {} that {}: restore a backup", field.column, reason)};
}

std::vector<Cell> cells_of(const Declaration& declaration) {
    std::vector<Cell> cells;
    for (const auto& field : declaration.fields) {
        if (!field.column.empty()) cells.emplace_back().field = &field;
    }
    return cells;
}

void bind(soci::statement& statement, Cell& cell) {
    if (is_number(*cell.field))
        statement.exchange(soci::use(cell.number, cell.indicator, cell.field->column));
    else
        statement.exchange(soci::use(cell.text, cell.indicator, cell.field->column));
}

void prepare(soci::statement& statement, const std::string& sql) {
    statement.alloc();
    statement.prepare(sql);
    statement.define_and_bind();
}

std::string joined(const std::vector<std::string>& parts, const char* separator) {
    return fmt::format("{}", fmt::join(parts, separator));
}

/// A row whose key is there already takes its place.
std::string on_conflict(const std::vector<Cell>& cells) {
    std::vector<std::string> keys, updates;
    for (const auto& cell : cells) {
        const auto& column = cell.field->column;
        if (cell.field->is_key)
            keys.push_back(column);
        else
            updates.push_back(column + " = excluded." + column);
    }
    return fmt::format(" ON CONFLICT ({}) DO UPDATE SET {}", joined(keys, ", "), joined(updates, ", "));
}

std::string column_type(const Field& field, Dialect dialect) {
    if (!is_number(field)) return "TEXT";
    return dialect == Dialect::Sqlite ? "INTEGER" : "BIGINT";
}

/// With what rows that exist already hold: a new resource's value.
std::string column_definition(const Declaration& declaration, const Field& field, Dialect dialect) {
    auto text = field.column + ' ' + column_type(field, dialect);
    if (field.kind == FieldKind::Reference && !field.is_key) return text;
    const auto value = field.get(declaration.fresh.get());
    if (value.is_null() && is_number(field)) return text;
    std::string fallback = "0";
    if (field.kind == FieldKind::Boolean) fallback = value.get_bool() ? "1" : "0";
    if (field.kind == FieldKind::Integer) fallback = std::to_string(value.to_number<long long>());
    if (field.kind == FieldKind::Text) fallback = '\'' + std::string(value.get_string()) + '\'';
    if (field.kind == FieldKind::List || field.kind == FieldKind::Object)
        fallback = '\'' + json::serialize(value) + '\'';
    return text + " NOT NULL DEFAULT " + fallback;
}

std::set<std::string> columns_of(Session& session, const std::string& table) {
    const std::string sql = session.dialect() == Dialect::Sqlite
                                ? "SELECT name FROM pragma_table_info(:table)"
                                : "SELECT column_name FROM information_schema.columns WHERE table_schema = "
                                  "current_schema() AND table_name = :table";
    soci::rowset<std::string> rows = (session.soci().prepare << sql, soci::use(table));
    return {rows.begin(), rows.end()};
}

}  // namespace

void extend_tables(Session& session) {
    for (const auto& declaration : model::declarations()) {
        const auto there = columns_of(session, declaration.table);
        std::vector<std::string> columns, keys;
        for (const auto& field : declaration.fields) {
            if (field.column.empty()) continue;
            if (field.is_key) keys.push_back(field.column);
            columns.push_back(column_definition(declaration, field, session.dialect()));
            if (!there.empty() && !there.contains(field.column))
                session.soci() << "ALTER TABLE " + declaration.table + " ADD COLUMN " + columns.back();
        }
        if (there.empty()) {
            session.soci() << fmt::format("CREATE TABLE {} ({}, PRIMARY KEY ({}))", declaration.table,
                                          joined(columns, ", "), joined(keys, ", "));
        }
        for (const auto& field : declaration.fields) {
            if (!field.is_unique || there.contains(field.column)) continue;
            session.soci() << fmt::format("CREATE UNIQUE INDEX {0}_{1}_unique ON {0} ({1}) WHERE {1} <> ''",
                                          declaration.table, field.column);
        }
    }
}

struct RowWriter::Put {
    Put(soci::session& session, const Declaration& declaration)
        : cells(cells_of(declaration)), statement(session) {
        std::vector<std::string> names, values;
        for (auto& cell : cells) {
            names.push_back(cell.field->column);
            values.push_back(':' + cell.field->column);
            bind(statement, cell);
        }
        prepare(statement, fmt::format("INSERT INTO {} ({}) VALUES ({}){}", declaration.table,
                                       joined(names, ", "), joined(values, ", "), on_conflict(cells)));
    }

    std::vector<Cell> cells;  ///< What the statement reads.
    soci::statement statement;
};

struct RowWriter::Erasure {
    Erasure(soci::session& session, const Declaration& declaration) : statement(session) {
        std::vector<std::string> conditions;
        std::size_t next = 0;
        for (const auto& field : declaration.fields) {
            if (!field.is_key) continue;
            conditions.push_back(field.column + " = :" + field.column);
            statement.exchange(soci::use(ids[next++], field.column));
        }
        prepare(statement, "DELETE FROM " + declaration.table + " WHERE " + joined(conditions, " AND "));
    }

    std::array<long long, 2> ids{};
    soci::statement statement;
};

struct RowWriter::Log {
    explicit Log(soci::session& session) : statement(session) {
        statement.exchange(soci::use(line.number, "number"));
        statement.exchange(soci::use(line.position, "position"));
        statement.exchange(soci::use(line.time, "time"));
        statement.exchange(soci::use(line.who, "who"));
        statement.exchange(soci::use(line.kind, "kind"));
        statement.exchange(soci::use(line.object, "object"));
        statement.exchange(soci::use(before, before_indicator, "before"));
        statement.exchange(soci::use(after, after_indicator, "after"));
        prepare(statement,
                "INSERT INTO change_log (number, position, time, who, kind, object, before, after) VALUES "
                "(:number, :position, :time, :who, :kind, :object, :before, :after)");
    }

    LogLine line;
    std::string before;
    std::string after;
    soci::indicator before_indicator = soci::i_ok;
    soci::indicator after_indicator = soci::i_ok;
    soci::statement statement;
};

/// Rows of one table on their way to PostgreSQL, in a statement that takes any number of them as JSON.
class RowWriter::Rows {
public:
    /// @param on_conflict what stands behind the rows.
    Rows(soci::session& session, const std::string& table, const std::vector<std::string>& columns,
         const std::string& on_conflict)
        : statement_(session) {
        statement_.exchange(soci::use(text_, "rows"));
        prepare(statement_, fmt::format("INSERT INTO {0} ({1}) SELECT r.{2} FROM "
                                        "json_populate_recordset(CAST(NULL AS {0}), :rows) r{3}",
                                        table, joined(columns, ", "), joined(columns, ", r."), on_conflict));
    }

    /// A statement cannot write a row twice.
    [[nodiscard]] bool holds(model::Key key) const { return keys_.contains(key); }
    /// For the members of a row, each behind a name of a column, which it ends.
    std::string& add(model::Key key) {
        keys_.insert(key);
        text_ += text_.empty() ? '[' : ',';
        return text_;
    }
    void write() {
        if (text_.empty()) return;
        text_ += ']';
        statement_.execute(true);
        clear();
    }
    void clear() {
        text_.clear();
        keys_.clear();
    }

private:
    std::string text_;
    std::set<model::Key> keys_;
    soci::statement statement_;
};

RowWriter::RowWriter(Session& session, const Sealer& sealer)
    : session_(session),
      sealer_(sealer),
      puts_(model::declarations().size()),
      erasures_(model::declarations().size()),
      rows_(model::declarations().size()) {}

RowWriter::~RowWriter() = default;

bool RowWriter::gathers() const noexcept {
    return session_.dialect() == Dialect::Postgresql;
}

void RowWriter::put_later(const Declaration& declaration, const void* resource) {
    auto& rows = rows_[declaration.index];
    auto cells = cells_of(declaration);
    if (!rows) {
        std::vector<std::string> columns;
        for (const auto& cell : cells)
            columns.push_back(cell.field->column);
        rows = std::make_unique<Rows>(session_.soci(), declaration.table, columns, on_conflict(cells));
    }
    const auto key = declaration.key_of(resource);
    if (rows->holds(key)) flush();
    {
        model::JsonObject row(rows->add(key));
        for (auto& cell : cells) {
            fill(cell, cell.field->get(resource), sealer_);
            auto& out = row.name(cell.field->column);
            if (cell.indicator == soci::i_null)
                model::append_json(out, nullptr);
            else if (is_number(*cell.field))
                model::append_json(out, cell.number);
            else
                model::append_json_text(out, cell.text);
        }
    }
    noted_row();
}

void RowWriter::log_later(const LogLine& line) {
    if (!log_rows_) {
        log_rows_ = std::make_unique<Rows>(session_.soci(), "change_log",
                                           std::vector<std::string>{"number", "position", "time", "who",
                                                                    "kind", "object", "before", "after"},
                                           "");
    }
    {
        model::JsonObject row(log_rows_->add({}));
        row.member("number", line.number).member("position", line.position);
        model::append_json_text(row.name("time"), line.time);
        model::append_json_text(row.name("who"), line.who);
        model::append_json_text(row.name("kind"), line.kind);
        model::append_json_text(row.name("object"), line.object);
        if (line.before) model::append_json_text(row.name("before"), *line.before);
        if (line.after) model::append_json_text(row.name("after"), *line.after);
    }
    noted_row();
}

void RowWriter::noted_row() {
    if (++waiting_ >= kMostWaiting) flush();
}

/// In the order of the kinds, since what others name comes first there.
void RowWriter::flush() {
    for (auto& rows : rows_) {
        if (rows) rows->write();
    }
    if (log_rows_) log_rows_->write();
    waiting_ = 0;
}

void RowWriter::discard() {
    for (auto& rows : rows_) {
        if (rows) rows->clear();
    }
    if (log_rows_) log_rows_->clear();
    waiting_ = 0;
}

void RowWriter::put(const Declaration& declaration, const void* resource) {
    if (gathers()) return put_later(declaration, resource);
    auto& prepared = puts_[declaration.index];
    if (!prepared) prepared = std::make_unique<Put>(session_.soci(), declaration);
    for (auto& cell : prepared->cells)
        fill(cell, cell.field->get(resource), sealer_);
    prepared->statement.execute(true);
}

void RowWriter::erase(const Declaration& declaration, model::Key key) {
    flush();
    auto& prepared = erasures_[declaration.index];
    if (!prepared) prepared = std::make_unique<Erasure>(session_.soci(), declaration);
    prepared->ids = {static_cast<long long>(key.first), static_cast<long long>(key.second)};
    prepared->statement.execute(true);
}

void RowWriter::log(LogLine line) {
    if (gathers()) return log_later(line);
    if (!log_) log_ = std::make_unique<Log>(session_.soci());
    const auto take = [](std::optional<std::string>& from, std::string& to, soci::indicator& indicator) {
        indicator = from ? soci::i_ok : soci::i_null;
        to = from ? *std::move(from) : std::string();
    };
    take(line.before, log_->before, log_->before_indicator);
    take(line.after, log_->after, log_->after_indicator);
    log_->line = std::move(line);
    log_->statement.execute(true);
}

Result<void> read_rows(soci::session& session, const Declaration& declaration, const Sealer& sealer,
                       const std::function<void(std::shared_ptr<void>)>& taker) {
    auto cells = cells_of(declaration);
    std::vector<std::string> names;
    soci::statement statement(session);
    for (auto& cell : cells) {
        names.push_back(cell.field->column);
        if (is_number(*cell.field))
            statement.exchange(soci::into(cell.number, cell.indicator));
        else
            statement.exchange(soci::into(cell.text, cell.indicator));
    }
    prepare(statement, "SELECT " + joined(names, ", ") + " FROM " + declaration.table);
    statement.execute();
    while (statement.fetch()) {
        auto resource = declaration.copy(declaration.fresh.get());
        for (const auto& cell : cells) {
            const auto value = value_in(cell, sealer);
            if (!value) return refuse(value);
            if (const auto set = cell.field->set(resource.get(), *value); !set)
                return tl::unexpected<Error>(unreadable(declaration, *cell.field, set.error().reason));
        }
        taker(std::move(resource));
    }
    return {};
}

std::string json_of(const Declaration& declaration, const void* resource, const Sealer& sealer) {
    json::object object;
    for (const auto& field : declaration.fields) {
        if (field.column.empty()) continue;
        auto value = field.get(resource);
        if (field.is_secret) value = json::string(sealer.seal(std::string_view(value.get_string())));
        object[field.column] = std::move(value);
    }
    return json::serialize(object);
}

Result<std::shared_ptr<void>> resource_of(const Declaration& declaration, std::string_view text,
                                          const Sealer& sealer) {
    boost::system::error_code malformed;
    const auto parsed = json::parse(text, malformed);
    if (malformed || !parsed.is_object())
        return refuse(ErrorCode::Internal, declaration.kind, "is not told of in JSON");
    auto resource = declaration.copy(declaration.fresh.get());
    for (const auto& field : declaration.fields) {
        const auto* value = parsed.get_object().if_contains(field.column);
        if (value == nullptr) continue;
        json::value clear = *value;
        if (field.is_secret && clear.is_string()) {
            auto unsealed = sealer.unseal(std::string_view(clear.get_string()));
            if (!unsealed) return refuse(unsealed);
            clear = json::string(*unsealed);
        }
        if (const auto set = field.set(resource.get(), clear); !set)
            return tl::unexpected<Error>(unreadable(declaration, field, set.error().reason));
    }
    return resource;
}

Result<void> check_texts(const Declaration& declaration, const void* resource) {
    for (const auto& field : declaration.fields) {
        if (field.kind != FieldKind::Text) continue;
        const auto value = field.get(resource);
        if (value.get_string().find('\0') != json::string::npos)
            return refuse(ErrorCode::InvalidArgument, field.name, "holds a zero byte");
    }
    return {};
}

}  // namespace almon::store
