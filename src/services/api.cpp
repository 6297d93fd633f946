// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/api.hpp"

#include <algorithm>
#include <cctype>

#include "http/acl.hpp"

namespace almon::services {

namespace json = boost::json;

namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
    return out;
}

const char* meaning_of(int status) {
    switch (status) {
        case 200:
            return "What was asked for";
        case 201:
            return "Created";
        case 204:
            return "Done";
        case 400:
            return "What was sent is wrong, or contradicts what is there";
        case 403:
            return "Not allowed, or not any more";
        case 404:
            return "There is no such resource";
        case 412:
            return "It was changed in the meantime";
        default:
            return "See the status";
    }
}

/// The names in braces.
std::vector<std::string> parameters_in(std::string_view path) {
    std::vector<std::string> names;
    for (auto open = path.find('{'); open != std::string_view::npos; open = path.find('{', open + 1))
        names.emplace_back(path.substr(open + 1, path.find('}', open) - open - 1));
    return names;
}

void write_yaml(const json::value& value, std::size_t indent, std::string& out);

void write_entries(const json::object& object, std::size_t indent, std::string& out) {
    for (const auto& [name, member] : object) {
        out.append(indent, ' ');
        out += json::serialize(json::string(name));
        out += ':';
        write_yaml(member, indent + 2, out);
    }
}

void write_yaml(const json::value& value, std::size_t indent, std::string& out) {
    if (value.is_object() && !value.get_object().empty()) {
        out += '\n';
        write_entries(value.get_object(), indent, out);
    } else if (value.is_array() && !value.get_array().empty()) {
        out += '\n';
        for (const auto& item : value.get_array()) {
            out.append(indent, ' ');
            out += '-';
            write_yaml(item, indent + 2, out);
        }
    } else {
        out += ' ';
        out += json::serialize(value);
        out += '\n';
    }
}

}  // namespace

json::object reference_to(std::string_view definition) {
    return {{"$ref", "#/definitions/" + std::string(definition)}};
}

std::string yaml_of(const json::value& value) {
    std::string out = "---";
    write_yaml(value, 0, out);
    return out;
}

Api::Api(std::string name, std::string version, std::string title, std::string description, unsigned port)
    : name_(std::move(name)),
      version_(std::move(version)),
      title_(std::move(title)),
      description_(std::move(description)),
      port_(port) {}

std::string Api::acl_of(http::Method method, std::string_view path) const {
    std::string acl = name_;
    for (const char c : path)
        acl += c == '/' ? '.' : c;
    acl += '.';
    acl += http::acl_action(method);
    return acl;
}

void Api::add(http::Method method, std::string_view path, OperationText text, http::Handler handler,
              http::RouteOptions options) {
    const bool is_public = text.acl == OperationText::kPublic;
    options.is_public = is_public;
    if (!is_public) options.acl = text.acl.empty() ? acl_of(method, path) : text.acl;

    json::array parameters;
    for (const auto& name : parameters_in(path)) {
        const auto said =
            std::find_if(text.path_parameters.begin(), text.path_parameters.end(),
                         [&](const auto& parameter) { return parameter.at("name").as_string() == name; });
        if (said != text.path_parameters.end()) {
            parameters.push_back(*said);
            continue;
        }
        const bool is_text =
            std::find(text_parameters_.begin(), text_parameters_.end(), name) != text_parameters_.end();
        parameters.push_back(json::object{
            {"name", name}, {"in", "path"}, {"required", true}, {"type", is_text ? "string" : "integer"}});
    }
    for (auto& parameter : text.parameters)
        parameters.push_back(std::move(parameter));
    if (!text.body.empty()) {
        parameters.push_back(json::object{{"name", "body"},
                                          {"in", "body"},
                                          {"required", text.body_required},
                                          {"schema", std::move(text.body)}});
    }
    json::object responses;
    for (auto& [status, schema] : text.responses) {
        json::object response{{"description", meaning_of(status)}};
        if (status >= 400) schema = reference_to("Error");
        if (!schema.empty()) response["schema"] = std::move(schema);
        responses[std::to_string(status)] = std::move(response);
    }
    json::object operation{
        {"operationId", std::move(text.id)},
        {"summary", std::move(text.summary)},
        {"description", is_public ? "**Required ACL:** none" : "**Required ACL:** `" + options.acl + "`"},
        {"tags", json::array{std::move(text.tag)}},
        {"parameters", std::move(parameters)},
        {"responses", std::move(responses)}};
    if (!text.consumes.empty()) operation["consumes"] = json::array{text.consumes};
    if (!text.produces.empty()) operation["produces"] = json::array{text.produces};
    if (text.max_body > 0) options.max_body = text.max_body;
    options.consumes = std::move(text.consumes);
    options.produces = std::move(text.produces);
    if (text.deprecated) operation["deprecated"] = true;
    if (is_public) operation["security"] = json::array{};
    auto& methods = paths_[path];
    if (methods.is_null()) methods.emplace_object();
    methods.get_object()[lower(http::method_name(method))] = std::move(operation);

    router_.add(method, path, std::move(handler), std::move(options));
}

json::object Api::document() const {
    return {{"swagger", "2.0"},
            {"info", {{"title", title_}, {"version", version_}, {"description", description_}}},
            {"x-xivo-name", name_},
            {"x-xivo-port", port_},
            {"basePath", '/' + version_},
            {"schemes", json::array{"https"}},
            {"consumes", json::array{"application/json"}},
            {"produces", json::array{"application/json"}},
            {"securityDefinitions",
             {{"xivo_auth_token", {{"type", "apiKey"}, {"name", "X-Auth-Token"}, {"in", "header"}}}}},
            {"security", json::array{json::object{{"xivo_auth_token", json::array{}}}}},
            {"paths", paths_},
            {"definitions", definitions_}};
}

void Api::serve_document() {
    router_.add(http::Method::Get, "/api/api.yml",
                [text = yaml_of(document())](const http::Request&) -> Result<http::Response> {
                    return http::Response::text(200, "application/x-yaml", text);
                },
                {.is_public = true});
}

}  // namespace almon::services
