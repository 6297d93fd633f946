// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <tuple>

#include "model/resources.hpp"

namespace almon::store {

/// A struct's member and the column that keeps it. From this one declaration come the SQL, the reading and
/// writing of rows and the JSON of the change log.
template <class Resource, class Value>
struct Column {
    const char* name;
    Value Resource::*member;
    bool key = false;     ///< Part of what names the row.
    bool sealed = false;  ///< Encrypted in the database (Sealer).
};

template <class Resource, class Value>
constexpr Column<Resource, Value> key(const char* name, Value Resource::*member) {
    return {name, member, true, false};
}
template <class Resource, class Value>
constexpr Column<Resource, Value> column(const char* name, Value Resource::*member) {
    return {name, member, false, false};
}
template <class Resource, class Value>
constexpr Column<Resource, Value> sealed(const char* name, Value Resource::*member) {
    return {name, member, false, true};
}

/// kName: the table; kKind: what the change log calls a row of it.
template <class Resource>
struct Table;

template <>
struct Table<model::Context> {
    using R = model::Context;
    static constexpr const char* kName = "contexts";
    static constexpr const char* kKind = "context";
    static constexpr auto kColumns = std::tuple(
        key("id", &R::id), column("name", &R::name), column("label", &R::label), column("type", &R::type),
        column("user_ranges", &R::user_ranges), column("includes", &R::includes));
};

template <>
struct Table<model::User> {
    using R = model::User;
    static constexpr const char* kName = "users";
    static constexpr const char* kKind = "user";
    static constexpr auto kColumns =
        std::tuple(key("id", &R::id), column("uuid", &R::uuid), column("firstname", &R::firstname),
                   column("lastname", &R::lastname), column("caller_id", &R::caller_id),
                   column("language", &R::language), column("ring_seconds", &R::ring_time),
                   column("simultaneous_calls", &R::simultaneous_calls), column("enabled", &R::enabled));
};

template <>
struct Table<model::EndpointSip> {
    using R = model::EndpointSip;
    static constexpr const char* kName = "endpoints_sip";
    static constexpr const char* kKind = "endpoint_sip";
    static constexpr auto kColumns =
        std::tuple(key("id", &R::id), column("username", &R::username), sealed("secret", &R::secret),
                   column("type", &R::type), column("host", &R::host), column("options", &R::options));
};

template <>
struct Table<model::Line> {
    using R = model::Line;
    static constexpr const char* kName = "lines";
    static constexpr const char* kKind = "line";
    static constexpr auto kColumns = std::tuple(
        key("id", &R::id), column("name", &R::name), column("context", &R::context),
        column("endpoint_sip_id", &R::endpoint_sip), column("position", &R::position),
        column("caller_id_name", &R::caller_id_name), column("caller_id_num", &R::caller_id_number));
};

template <>
struct Table<model::Extension> {
    using R = model::Extension;
    static constexpr const char* kName = "extensions";
    static constexpr const char* kKind = "extension";
    static constexpr auto kColumns =
        std::tuple(key("id", &R::id), column("exten", &R::exten), column("context", &R::context));
};

template <>
struct Table<model::UserLine> {
    using R = model::UserLine;
    static constexpr const char* kName = "user_line";
    static constexpr const char* kKind = "user_line";
    static constexpr auto kColumns =
        std::tuple(key("user_id", &R::user), key("line_id", &R::line), column("main_user", &R::main_user),
                   column("main_line", &R::main_line));
};

template <>
struct Table<model::LineExtension> {
    using R = model::LineExtension;
    static constexpr const char* kName = "line_extension";
    static constexpr const char* kKind = "line_extension";
    static constexpr auto kColumns = std::tuple(key("line_id", &R::line), key("extension_id", &R::extension),
                                                column("main_extension", &R::main_extension));
};

}  // namespace almon::store
