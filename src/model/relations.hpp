// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// How resources appear within others that they belong to.

#include <string>
#include <vector>

#include <boost/json.hpp>

#include "model/json_text.hpp"
#include "model/snapshot.hpp"

namespace almon::model {

namespace relations {

void write_user(std::string& out, const User& user);
[[nodiscard]] boost::json::object user_schema();
void write_extension(std::string& out, const Extension& extension);
[[nodiscard]] boost::json::object extension_schema();
void write_endpoint_sip(std::string& out, const EndpointSip& endpoint);
[[nodiscard]] boost::json::object endpoint_sip_schema();
void write_endpoint_custom(std::string& out, const EndpointCustom& endpoint);
[[nodiscard]] boost::json::object endpoint_custom_schema();
void write_extensions_of(std::string& out, const Line& line, const Snapshot& snapshot);
/// {"id": 12}; null where there is none.
template <class Tag>
void write_id(std::string& out, Id<Tag> id) {
    if (!id) return append_json(out, nullptr);
    JsonObject(out).member("id", id);
}
[[nodiscard]] boost::json::object id_schema();

/// What a resource names, written by `write`; null where it names none.
template <auto write, class Tag>
void write_named(std::string& out, Id<Tag> id, const Snapshot& snapshot) {
    const auto* named = snapshot.find(id);
    named != nullptr ? write(out, *named) : append_json(out, nullptr);
}

// For Declaration::relations

template <class Resource, auto member, auto write>
constexpr auto writes_named = +[](std::string& out, const void* resource, const Snapshot& snapshot) {
    write_named<write>(out, static_cast<const Resource*>(resource)->*member, snapshot);
};
/// The list of those of a kind that name the resource, each written by `write`.
template <class Resource, class From, auto write>
constexpr auto writes_all_naming = +[](std::string& out, const void* resource, const Snapshot& snapshot) {
    JsonList list(out);
    snapshot.for_each_naming<From>(static_cast<const Resource*>(resource)->id,
                                   [&](const From& from) { write(list.entry(), from); });
};
template <class From>
void write_id_of(std::string& out, const From& from) {
    write_id(out, from.id);
}
template <class Resource, class From>
constexpr auto writes_ids_naming = writes_all_naming<Resource, From, write_id_of<From>>;
/// {"id": 12} of the one that names the resource; null where nobody does.
template <class Resource, class From>
constexpr auto writes_id_naming = +[](std::string& out, const void* resource, const Snapshot& snapshot) {
    const auto* from = snapshot.first_naming<From>(static_cast<const Resource*>(resource)->id);
    from != nullptr ? write_id(out, from->id) : append_json(out, nullptr);
};

template <class From>
void write_id_and_name(std::string& out, const From& from) {
    JsonObject(out).member("id", from.id).member("name", from.name);
}
/// The numbers that lead to a resource.
template <class Resource>
constexpr auto writes_extensions_to = writes_all_naming<Resource, Extension, write_extension>;
/// {"id": 7, "extensions": [...]}
void write_incall(std::string& out, const Incall& incall, const Snapshot& snapshot);
[[nodiscard]] boost::json::object incall_schema();
/// The calls from outside that go to a resource.
template <class Resource>
constexpr auto writes_incalls_to = +[](std::string& out, const void* resource, const Snapshot& snapshot) {
    JsonList list(out);
    snapshot.for_each_naming<Incall>(static_cast<const Resource*>(resource)->id, [&](const Incall& incall) {
        write_incall(list.entry(), incall, snapshot);
    });
};

/// [{"uuid": ..., "firstname": ..., "lastname": ...}, ...]
void write_users_of(std::string& out, const std::vector<UserId>& users, const Snapshot& snapshot);
[[nodiscard]] boost::json::object users_schema();
template <class Resource, std::vector<UserId> Resource::*member>
constexpr auto writes_users = +[](std::string& out, const void* resource, const Snapshot& snapshot) {
    JsonObject users(out);
    write_users_of(users.name("users"), static_cast<const Resource*>(resource)->*member, snapshot);
};
/// [{"id": 3, "name": "abroad"}, ...]
template <class Resource>
constexpr auto writes_call_permissions =
    +[](std::string& out, const void* resource, const Snapshot& snapshot) {
        JsonList list(out);
        for (const auto id : static_cast<const Resource*>(resource)->call_permissions) {
            if (const auto* permission = snapshot.find(id)) write_id_and_name(list.entry(), *permission);
        }
    };
/// The one schedule, as a list.
void write_schedule_of(std::string& out, ScheduleId schedule, const Snapshot& snapshot);
template <class Resource>
constexpr auto writes_schedules = +[](std::string& out, const void* resource, const Snapshot& snapshot) {
    write_schedule_of(out, static_cast<const Resource*>(resource)->schedule, snapshot);
};

// For kinds of resources that this system does not have: nobody is ever associated to one.
void write_none(std::string& out, const void* resource, const Snapshot& snapshot);
void write_no_items(std::string& out, const void* resource, const Snapshot& snapshot);
[[nodiscard]] boost::json::object id_and_name_schema();

/// A list of what `item` describes.
[[nodiscard]] boost::json::object list_of(boost::json::object item);

}  // namespace relations
}  // namespace almon::model
