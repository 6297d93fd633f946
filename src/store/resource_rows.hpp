// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Generic rows: SQL, binding and JSON out of a Table's columns. Included by this folder's sources only, as it
// brings SOCI.

#include <chrono>
#include <concepts>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/json.hpp>
#include <soci/soci.h>

#include "base/id.hpp"
#include "base/result.hpp"
#include "store/database.hpp"
#include "store/resource_tables.hpp"
#include "store/sealer.hpp"

namespace almon::store {

/// One value on its way to or from SOCI.
struct IntegerCell {
    long long value = 0;
    soci::indicator indicator = soci::i_ok;
};
struct TextCell {
    std::string value;
    soci::indicator indicator = soci::i_ok;
};

namespace rows_detail {

template <class T>
inline constexpr bool is_id = false;
template <class Tag>
inline constexpr bool is_id<Id<Tag>> = true;

template <class T>
using CellOf =
    std::conditional_t<is_id<T> || std::is_arithmetic_v<T> || std::is_same_v<T, std::chrono::seconds>,
                       IntegerCell, TextCell>;

using Options = std::vector<std::pair<std::string, std::string>>;
using Ranges = std::vector<model::ExtensionRange>;
using Names = std::vector<std::string>;

[[nodiscard]] boost::json::array list_to_json(const Options& options);
[[nodiscard]] boost::json::array list_to_json(const Ranges& ranges);
[[nodiscard]] boost::json::array list_to_json(const Names& names);
void list_from_json(const boost::json::array& array, Options& options);
void list_from_json(const boost::json::array& array, Ranges& ranges);
void list_from_json(const boost::json::array& array, Names& names);

template <class T>
void to_cell(const T& value, IntegerCell& cell) {
    if constexpr (is_id<T>) {
        cell.value = static_cast<long long>(value.value);
        cell.indicator = value ? soci::i_ok : soci::i_null;
    } else if constexpr (std::is_same_v<T, std::chrono::seconds>) {
        cell.value = value.count();
    } else {
        cell.value = static_cast<long long>(value);
    }
}
template <class T>
void to_cell(const T& value, TextCell& cell) {
    if constexpr (std::is_same_v<T, std::string>)
        cell.value = value;
    else
        cell.value = boost::json::serialize(list_to_json(value));
}
template <class T>
void from_cell(const IntegerCell& cell, T& value) {
    if constexpr (is_id<T>)
        value = T{cell.indicator == soci::i_null ? 0 : static_cast<std::uint64_t>(cell.value)};
    else
        value = static_cast<T>(cell.value);
}
template <class T>
void from_cell(const TextCell& cell, T& value) {
    if constexpr (std::is_same_v<T, std::string>)
        value = cell.value;
    else
        list_from_json(boost::json::parse(cell.value).as_array(), value);
}

template <class Resource>
struct CellsOf {
    template <class... Values>
    static std::tuple<CellOf<Values>...> type_for(const std::tuple<Column<Resource, Values>...>&);
    using type = decltype(type_for(Table<Resource>::kColumns));
};

/// visitor(column, cell) for every column of the table.
template <class Resource, class Cells, class Visitor>
void for_each_cell(Cells& cells, Visitor&& visitor) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (visitor(std::get<I>(Table<Resource>::kColumns), std::get<I>(cells)), ...);
    }(std::make_index_sequence<std::tuple_size_v<Cells>>{});
}
template <class Resource, class Visitor>
void for_each_column(Visitor&& visitor) {
    std::apply([&](const auto&... column) { (visitor(column), ...); }, Table<Resource>::kColumns);
}

}  // namespace rows_detail

template <class Resource>
using Cells = typename rows_detail::CellsOf<Resource>::type;

template <class Resource>
[[nodiscard]] Cells<Resource> cells_of(const Resource& resource, const Sealer& sealer) {
    Cells<Resource> cells;
    rows_detail::for_each_cell<Resource>(cells, [&](const auto& column, auto& cell) {
        rows_detail::to_cell(resource.*column.member, cell);
        if constexpr (std::is_same_v<std::decay_t<decltype(cell)>, TextCell>) {
            if (column.sealed) cell.value = sealer.seal(cell.value);
        }
    });
    return cells;
}

template <class Resource>
[[nodiscard]] Result<Resource> resource_of(const Cells<Resource>& cells, const Sealer& sealer) {
    Resource resource;
    Result<void> outcome;
    rows_detail::for_each_cell<Resource>(cells, [&](const auto& column, const auto& cell) {
        rows_detail::from_cell(cell, resource.*column.member);
        if constexpr (std::is_same_v<std::decay_t<decltype(resource.*column.member)>, std::string>) {
            if (!column.sealed) return;
            auto clear = sealer.unseal(cell.value);
            if (clear)
                resource.*column.member = *std::move(clear);
            else
                outcome = refuse(clear);
        }
    });
    if (!outcome) return refuse(outcome);
    return resource;
}

/// "12"; for an association what it joins, "12,7".
template <class Resource>
[[nodiscard]] std::string object_of(const Resource& resource) {
    std::string object;
    rows_detail::for_each_column<Resource>([&](const auto& column) {
        if constexpr (rows_detail::is_id<std::decay_t<decltype(resource.*column.member)>>) {
            if (!column.key) return;
            if (!object.empty()) object += ',';
            object += std::to_string((resource.*column.member).value);
        }
    });
    return object;
}

/// A row for the change log. Sealed values stay sealed.
template <class Resource>
[[nodiscard]] std::string json_of(const Resource& resource, const Sealer& sealer) {
    boost::json::object object;
    rows_detail::for_each_column<Resource>([&](const auto& column) {
        const auto& value = resource.*column.member;
        using Value = std::decay_t<decltype(value)>;
        if constexpr (rows_detail::is_id<Value>) {
            if (value)
                object[column.name] = value.value;
            else
                object[column.name] = nullptr;
        } else if constexpr (std::is_same_v<Value, std::chrono::seconds>) {
            object[column.name] = value.count();
        } else if constexpr (std::is_same_v<Value, std::string>) {
            object[column.name] = column.sealed ? sealer.seal(value) : value;
        } else if constexpr (std::is_arithmetic_v<Value>) {
            object[column.name] = value;
        } else {
            object[column.name] = rows_detail::list_to_json(value);
        }
    });
    return boost::json::serialize(object);
}

/// The first text that a database cannot keep (PostgreSQL refuses the zero byte, and so do we), named by its
/// column.
template <class Resource>
[[nodiscard]] Result<void> check_texts(const Cells<Resource>& cells) {
    Result<void> outcome;
    rows_detail::for_each_cell<Resource>(cells, [&](const auto& column, const auto& cell) {
        if constexpr (std::is_same_v<std::decay_t<decltype(cell)>, TextCell>) {
            if (cell.value.find('\0') != std::string::npos)
                outcome = refuse(ErrorCode::InvalidArgument, column.name, "holds a zero byte");
        }
    });
    return outcome;
}

/// Creates the row or replaces it. Throws what SOCI throws.
template <class Resource>
void write_row(soci::session& session, Cells<Resource>& cells) {
    using T = Table<Resource>;
    static const std::string sql = [] {
        std::string names, values, keys, updates;
        const auto append = [](std::string& list, const std::string& item) {
            if (!list.empty()) list += ", ";
            list += item;
        };
        rows_detail::for_each_column<Resource>([&](const auto& column) {
            const std::string name = column.name;
            append(names, name);
            append(values, ":" + name);
            if (column.key)
                append(keys, name);
            else
                append(updates, name + " = excluded." + name);
        });
        return std::string("INSERT INTO ") + T::kName + " (" + names + ") VALUES (" + values +
               ") ON CONFLICT (" + keys + ") DO UPDATE SET " + updates;
    }();
    soci::statement statement(session);
    rows_detail::for_each_cell<Resource>(cells, [&](const auto& column, auto& cell) {
        statement.exchange(soci::use(cell.value, cell.indicator, column.name));
    });
    statement.alloc();
    statement.prepare(sql);
    statement.define_and_bind();
    statement.execute(true);
}

/// Deletes the row with the resource's key. Throws what SOCI throws.
template <class Resource>
void delete_row(soci::session& session, const Resource& resource) {
    using T = Table<Resource>;
    static const std::string sql = [] {
        std::string conditions;
        rows_detail::for_each_column<Resource>([&](const auto& column) {
            if (!column.key) return;
            if (!conditions.empty()) conditions += " AND ";
            conditions += std::string(column.name) + " = :" + column.name;
        });
        return std::string("DELETE FROM ") + T::kName + " WHERE " + conditions;
    }();
    Cells<Resource> cells;
    soci::statement statement(session);
    rows_detail::for_each_cell<Resource>(cells, [&](const auto& column, auto& cell) {
        if (!column.key) return;
        rows_detail::to_cell(resource.*column.member, cell);
        statement.exchange(soci::use(cell.value, cell.indicator, column.name));
    });
    statement.alloc();
    statement.prepare(sql);
    statement.define_and_bind();
    statement.execute(true);
}

/// Hands every row to `taker` as a resource. Throws what SOCI throws.
template <class Resource, class Taker>
[[nodiscard]] Result<void> read_rows(soci::session& session, const Sealer& sealer, Taker&& taker) {
    using T = Table<Resource>;
    std::string names;
    rows_detail::for_each_column<Resource>([&](const auto& column) {
        if (!names.empty()) names += ", ";
        names += column.name;
    });
    Cells<Resource> cells;
    soci::statement statement(session);
    rows_detail::for_each_cell<Resource>(
        cells, [&](const auto&, auto& cell) { statement.exchange(soci::into(cell.value, cell.indicator)); });
    statement.alloc();
    statement.prepare("SELECT " + names + " FROM " + T::kName);
    statement.define_and_bind();
    statement.execute();
    while (statement.fetch()) {
        auto resource = resource_of<Resource>(cells, sealer);
        if (!resource) return refuse(resource);
        taker(*std::move(resource));
    }
    return {};
}

}  // namespace almon::store
