// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/relations.hpp"

#include <utility>

#include "model/call_permission.hpp"
#include "model/endpoint_custom.hpp"
#include "model/incall.hpp"
#include "model/schedule.hpp"
#include "model/snapshot.hpp"

namespace almon::model::relations {

namespace json = boost::json;

namespace {

json::object object_of(json::object properties) {
    return {{"type", "object"}, {"properties", std::move(properties)}};
}

}  // namespace

void write_user(std::string& out, const User& user) {
    JsonObject(out)
        .member("uuid", user.uuid)
        .member("firstname", user.firstname)
        .member("lastname", user.lastname);
}

json::object user_schema() {
    return object_of({{"uuid", {{"type", "string"}}},
                      {"firstname", {{"type", "string"}}},
                      {"lastname", {{"type", "string"}}}});
}

void write_extension(std::string& out, const Extension& extension) {
    JsonObject(out)
        .member("id", extension.id)
        .member("exten", extension.exten)
        .member("context", extension.context);
}

json::object extension_schema() {
    return object_of(
        {{"id", {{"type", "integer"}}}, {"exten", {{"type", "string"}}}, {"context", {{"type", "string"}}}});
}

void write_endpoint_sip(std::string& out, const EndpointSip& endpoint) {
    JsonObject(out).member("id", endpoint.id).member("username", endpoint.username);
}

json::object endpoint_sip_schema() {
    return object_of({{"id", {{"type", "integer"}}}, {"username", {{"type", "string"}}}});
}

void write_endpoint_custom(std::string& out, const EndpointCustom& endpoint) {
    JsonObject(out).member("id", endpoint.id).member("interface", endpoint.interface);
}

json::object endpoint_custom_schema() {
    return object_of({{"id", {{"type", "integer"}}}, {"interface", {{"type", "string"}}}});
}

void write_extensions_of(std::string& out, const Line& line, const Snapshot& snapshot) {
    JsonList list(out);
    for (const auto& link : snapshot.extensions_of_line(line.id)) {
        if (const auto* found = snapshot.extension(link.extension)) write_extension(list.entry(), *found);
    }
}

void write_incall(std::string& out, const Incall& incall, const Snapshot& snapshot) {
    JsonObject shown(out);
    shown.member("id", incall.id);
    writes_extensions_to<Incall>(shown.name("extensions"), &incall, snapshot);
}

json::object incall_schema() {
    return object_of({{"id", {{"type", "integer"}}}, {"extensions", list_of(extension_schema())}});
}

void write_users_of(std::string& out, const std::vector<UserId>& users, const Snapshot& snapshot) {
    JsonList list(out);
    for (const UserId id : users) {
        if (const auto* user = snapshot.user(id)) write_user(list.entry(), *user);
    }
}

json::object users_schema() {
    return object_of({{"users", list_of(user_schema())}});
}

void write_schedule_of(std::string& out, ScheduleId schedule, const Snapshot& snapshot) {
    JsonList list(out);
    if (const auto* found = snapshot.find(schedule)) write_id_and_name(list.entry(), *found);
}

json::object id_schema() {
    return object_of({{"id", {{"type", "integer"}}}});
}

void write_none(std::string& out, const void*, const Snapshot&) {
    append_json(out, nullptr);
}

void write_no_items(std::string& out, const void*, const Snapshot&) {
    out += "[]";
}

json::object id_and_name_schema() {
    return object_of({{"id", {{"type", "integer"}}}, {"name", {{"type", "string"}}}});
}

json::object list_of(json::object item) {
    return {{"type", "array"}, {"items", std::move(item)}};
}

}  // namespace almon::model::relations
