// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/relations.hpp"

#include <utility>

#include "model/snapshot.hpp"

namespace almon::model::relations {

namespace json = boost::json;

namespace {

json::object object_of(json::object properties) {
    return {{"type", "object"}, {"properties", std::move(properties)}};
}

}  // namespace

json::value user(const User& user) {
    return {{"uuid", user.uuid},
            {"firstname", user.firstname},
            {"lastname", user.lastname.empty() ? json::value(nullptr) : json::value(user.lastname)}};
}

json::object user_schema() {
    return object_of({{"uuid", {{"type", "string"}}},
                      {"firstname", {{"type", "string"}}},
                      {"lastname", {{"type", "string"}}}});
}

json::value extension(const Extension& extension) {
    return {{"id", extension.id.value}, {"exten", extension.exten}, {"context", extension.context}};
}

json::object extension_schema() {
    return object_of(
        {{"id", {{"type", "integer"}}}, {"exten", {{"type", "string"}}}, {"context", {{"type", "string"}}}});
}

json::value endpoint_sip_of(const Line& line, const Snapshot& snapshot) {
    const auto* endpoint = snapshot.endpoint_sip(line.endpoint_sip);
    if (endpoint == nullptr) return nullptr;
    return {{"id", endpoint->id.value}, {"username", endpoint->username}};
}

json::object endpoint_sip_schema() {
    return object_of({{"id", {{"type", "integer"}}}, {"username", {{"type", "string"}}}});
}

json::value extensions_of(const Line& line, const Snapshot& snapshot) {
    json::array list;
    for (const auto& link : snapshot.extensions_of_line(line.id)) {
        if (const auto* found = snapshot.extension(link.extension)) list.push_back(extension(*found));
    }
    return list;
}

json::object line_schema() {
    return object_of({{"id", {{"type", "integer"}}}});
}

json::value none(const void*, const Snapshot&) {
    return nullptr;
}

json::value no_items(const void*, const Snapshot&) {
    return json::array{};
}

json::object id_and_name_schema() {
    return object_of({{"id", {{"type", "integer"}}}, {"name", {{"type", "string"}}}});
}

json::object endpoint_custom_schema() {
    return object_of({{"id", {{"type", "integer"}}}, {"interface", {{"type", "string"}}}});
}

json::object list_of(json::object item) {
    return {{"type", "array"}, {"items", std::move(item)}};
}

}  // namespace almon::model::relations
