// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/auth/auth_description.hpp"

#include <algorithm>
#include <cassert>
#include <cctype>

#include <boost/json.hpp>

namespace almon::services {

namespace {

namespace json = boost::json;

json::object refusal(const char* when) {
    return {{"description", when}, {"schema", {{"$ref", "#/definitions/Error"}}}};
}

json::object answer(const char* what, const char* definition) {
    return {{"description", what}, {"schema", {{"$ref", std::string("#/definitions/") + definition}}}};
}

json::object token_parameter() {
    return {{"in", "path"},
            {"name", "token"},
            {"required", true},
            {"type", "string"},
            {"description", "The token"}};
}

json::object scope_parameter() {
    return {{"in", "query"},
            {"name", "scope"},
            {"required", false},
            {"type", "string"},
            {"description", "What the token shall grant, for instance confd.users.read"}};
}

json::object creation() {
    const json::object schema{
        {"type", "object"},
        {"required", {"backend"}},
        {"properties",
         {{"backend",
           {{"type", "string"}, {"description", "Whose login it is: xivo_user, xivo_service, xivo_admin"}}},
          {"expiration",
           {{"type", "integer"}, {"minimum", 1}, {"description", "Seconds for which the token is valid"}}}}}};
    return {{"operationId", "createToken"},
            {"summary", "Sign in"},
            {"description", "Gives a token to whoever sends login and password (HTTP Basic)."},
            {"tags", {"token"}},
            {"consumes", {"application/json"}},
            {"produces", {"application/json"}},
            {"security", {{{"xivo_auth_basic", json::array{}}}}},
            {"parameters", {{{"in", "body"}, {"name", "body"}, {"required", true}, {"schema", schema}}}},
            {"responses",
             {{"200", answer("The token and what it grants", "Token")},
              {"400", refusal("Body or expiration are wrong")},
              {"401", refusal("Wrong login, password or backend")},
              {"429", refusal("Too many wrong passwords came from this address")},
              {"500", refusal("No token could be made")},
              {"503", refusal("The token cannot be stored now")}}}};
}

json::object reading(bool with_data) {
    json::object operation{{"operationId", with_data ? "getToken" : "checkToken"},
                           {"summary", with_data ? "Read a token" : "Check a token"},
                           {"tags", {"token"}},
                           {"security", {json::object{}}},
                           {"parameters", {token_parameter(), scope_parameter()}},
                           {"responses",
                            {{"403", refusal("The token is valid and does not grant the scope")},
                             {"404", refusal("The token is unknown, has expired or was revoked")},
                             {"429", refusal("Too many wrong tokens came from this address")},
                             {"500", refusal("The token could not be checked")}}}};
    auto& responses = operation["responses"].as_object();
    if (with_data)
        responses["200"] = answer("The token and what it grants", "Token");
    else
        responses["204"] = {{"description", "The token is valid"}};
    return operation;
}

json::object revocation() {
    return {{"operationId", "revokeToken"},
            {"summary", "Sign out"},
            {"tags", {"token"}},
            {"security", {json::object{}}},
            {"parameters", {token_parameter()}},
            {"responses",
             {{"200", {{"description", "The token is not valid any more"}}},
              {"429", refusal("Too many wrong tokens came from this address")},
              {"500", refusal("The token could not be revoked")},
              {"503", refusal("The token is revoked, but not yet for good")}}}};
}

json::object listing() {
    return {{"operationId", "listBackends"},
            {"summary", "Where one can sign in"},
            {"tags", {"backends"}},
            {"security", {json::object{}}},
            {"responses", {{"200", answer("The names of the backends", "BackendList")}}}};
}

json::object operation_of(const http::Route& route) {
    using enum http::Method;
    if (route.method == Post) return creation();
    if (route.method == Delete) return revocation();
    if (route.path.ends_with("/backends")) return listing();
    assert(route.path.ends_with("/token/{token}"));
    return reading(route.method == Get);
}

json::object definitions() {
    const json::object text{{"type", "string"}};
    const json::object texts{{"type", "array"}, {"items", text}};
    const auto named = [](const char* what) {
        return json::object{{"type", "string"}, {"description", what}};
    };
    const json::object token{
        {"token", named("Goes into the header X-Auth-Token")},
        {"auth_id", named("Names the account within its backend")},
        {"xivo_user_uuid", named("The user whose account it is; null for other accounts")},
        {"xivo_uuid", named("Names this server")},
        {"issued_at", named("In the server's local time")},
        {"expires_at", named("In the server's local time")},
        {"utc_issued_at", named("In UTC")},
        {"utc_expires_at", named("In UTC")},
        {"acls",
         {{"type", "array"}, {"items", text}, {"description", "The rules that the token grants by"}}}};
    return {{"BackendList", {{"type", "object"}, {"properties", {{"data", texts}}}}},
            {"Token",
             {{"type", "object"}, {"properties", {{"data", {{"type", "object"}, {"properties", token}}}}}}},
            {"Error",
             {{"type", "object"},
              {"properties",
               {{"reason", texts}, {"timestamp", texts}, {"status_code", {{"type", "integer"}}}}}}}};
}

}  // namespace

std::string auth_description(const http::Router& router) {
    json::object paths;
    for (const http::Route* route : router.routes()) {
        assert(route->path.starts_with(kAuthBase));
        std::string method(http::method_name(route->method));
        std::transform(method.begin(), method.end(), method.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        json::value& path = paths[std::string_view(route->path).substr(kAuthBase.size())];
        if (path.is_null()) path = json::object{};
        path.as_object()[method] = operation_of(*route);
    }
    const json::object document{{"swagger", "2.0"},
                                {"info",
                                 {{"title", "xivo-auth"},
                                  {"version", "0.1"},
                                  {"description", "Tokens for all programming interfaces of Almon"}}},
                                {"basePath", kAuthBase},
                                {"schemes", {"https"}},
                                {"consumes", {"application/json"}},
                                {"produces", {"application/json"}},
                                {"securityDefinitions", {{"xivo_auth_basic", {{"type", "basic"}}}}},
                                {"paths", std::move(paths)},
                                {"definitions", definitions()},
                                {"x-xivo-name", "auth"},
                                {"x-xivo-port", 9497}};
    return json::serialize(document) + "\n";  // JSON is YAML
}

}  // namespace almon::services
