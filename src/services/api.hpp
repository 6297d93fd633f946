// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "http/router.hpp"

namespace almon::services {

/// What a service's document says of one operation.
struct OperationText {
    std::string id;
    std::string summary;
    std::string tag;
    /// Schema of the body; empty: it takes none.
    boost::json::object body{};
    bool body_required = true;
    /// Status and schema of what comes back; an empty schema: no body.
    std::vector<std::pair<int, boost::json::object>> responses{};
    /// Of the query, as OpenAPI writes them.
    std::vector<boost::json::object> parameters{};
    bool deprecated = false;
    /// In place of the one that path and method make (API-038). kPublic: nobody is asked.
    std::string acl{};

    /// Of the path, where more is to be said of them than their type; as OpenAPI writes them.
    std::vector<boost::json::object> path_parameters{};
    /// Media types of the body and of the answer, where they are not JSON.
    std::string consumes{};
    std::string produces{};
    /// Bytes; 0: as many as any route takes.
    std::size_t max_body = 0;

    static constexpr const char* kPublic = "-";
};

/// {"$ref": "#/definitions/<name>"}
[[nodiscard]] boost::json::object reference_to(std::string_view definition);

/// The routes of a service together with its OpenAPI 2.0 document, which so never tell different things.
class Api final {
public:
    /// @param name of the service in ACLs: "confd".
    Api(std::string name, std::string version, std::string title, std::string description, unsigned port);

    /// `path` without the version's prefix. Path parameters are numbers unless is_text() says otherwise.
    void add(http::Method method, std::string_view path, OperationText text, http::Handler handler,
             http::RouteOptions options = {});
    /// A path parameter that is no number.
    void is_text(std::string parameter) { text_parameters_.push_back(std::move(parameter)); }
    void define(std::string_view name, boost::json::object schema) { definitions_[name] = std::move(schema); }

    /// "confd.users.{user_id}.lines.read"
    [[nodiscard]] std::string acl_of(http::Method method, std::string_view path) const;
    /// Adds GET /api/api.yml, which serves the document as it is by now. To be called last.
    void serve_document();
    [[nodiscard]] boost::json::object document() const;
    [[nodiscard]] http::Router take_router() { return std::move(router_); }

private:
    std::string name_;
    std::string version_;
    std::string title_;
    std::string description_;
    unsigned port_;
    http::Router router_;
    boost::json::object paths_;
    boost::json::object definitions_;
    std::vector<std::string> text_parameters_;
};

/// A JSON value as YAML in block style.
[[nodiscard]] std::string yaml_of(const boost::json::value& value);

}  // namespace almon::services
