// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/confd/resource_view.hpp"

#include <functional>

#include <fmt/format.h>

namespace almon::services {

namespace json = boost::json;

void write_view(std::string& out, const model::Declaration& declaration, const void* resource,
                const model::Snapshot& snapshot) {
    char separator = '{';
    const auto name = [&](const std::string& member) {
        out += separator;
        separator = ',';
        out += '"';
        out += member;
        out += "\":";
    };
    for (const auto& field : declaration.fields) {
        if (field.is_hidden || field.is_write_only) continue;
        name(field.name);
        if (field.write_with != nullptr)
            field.write_with(out, resource, snapshot);
        else
            field.write(out, resource);
    }
    for (const auto& relation : declaration.relations) {
        name(relation.name);
        relation.write(out, resource, snapshot);
    }
    out += '}';
}

std::string view_of(const model::Declaration& declaration, const void* resource,
                    const model::Snapshot& snapshot) {
    std::string view;
    view.reserve(2048);
    write_view(view, declaration, resource, snapshot);
    return view;
}

json::object schema_of(const model::Declaration& declaration) {
    json::object properties;
    json::array required;
    for (const auto& field : declaration.fields) {
        if (field.is_hidden) continue;
        properties[field.name] = field.schema(field.show(declaration.fresh.get()));
        if (field.is_required) required.emplace_back(field.name);
    }
    for (const auto& relation : declaration.relations) {
        auto schema = relation.schema;
        schema["readOnly"] = true;
        properties[relation.name] = std::move(schema);
    }
    json::object schema{
        {"title", declaration.title}, {"type", "object"}, {"properties", std::move(properties)}};
    if (!required.empty()) schema["required"] = std::move(required);
    return schema;
}

std::string entity_tag_of(std::string_view body) {
    return fmt::format("\"{:016x}\"", std::hash<std::string_view>{}(body));
}

bool matches_entity_tag(std::string_view field, std::string_view tag) {
    while (!field.empty()) {
        const auto comma = std::min(field.find(','), field.size());
        auto one = field.substr(0, comma);
        field.remove_prefix(std::min(comma + 1, field.size()));
        while (one.starts_with(' '))
            one.remove_prefix(1);
        while (one.ends_with(' '))
            one.remove_suffix(1);
        if (one.starts_with("W/")) one.remove_prefix(2);
        if (one == "*" || one == tag) return true;
    }
    return false;
}

std::vector<Error> merge(const model::Declaration& declaration, const json::object& given, void* resource,
                         bool creating) {
    std::vector<Error> wrong;
    const auto is_relation = [&](std::string_view name) {
        return std::any_of(declaration.relations.begin(), declaration.relations.end(),
                           [&](const auto& relation) { return relation.name == name; });
    };
    for (const auto& [name, value] : given) {
        const auto* field = declaration.find(name);
        if (field == nullptr || field->is_hidden) {
            if (!is_relation(name)) {
                wrong.push_back({ErrorCode::InvalidArgument, std::string(name),
                                 "is not a field of " + declaration.title});
            }
            continue;
        }
        if (field->is_read_only) continue;
        if (field->is_fixed && !creating) {
            if (field->show(resource) != value)
                wrong.push_back(
                    {ErrorCode::InvalidArgument, field->name, "cannot be changed once it is set"});
            continue;
        }
        if (const auto taken = field->take(resource, value); !taken)
            wrong.push_back({taken.error().code, field->name, taken.error().reason});
    }
    if (!creating) return wrong;
    for (const auto& field : declaration.fields) {
        if (field.is_required && !given.contains(field.name))
            wrong.push_back({ErrorCode::InvalidArgument, field.name, "is missing"});
    }
    return wrong;
}

}  // namespace almon::services
