// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/swagger/swagger_ui.hpp"

#include <string>
#include <utility>

#include <boost/json.hpp>

namespace almon::services {

namespace json = boost::json;

namespace {

constexpr std::string_view kDocument = "/api/api.yml";

/// Swagger UI draws its icons from data, and has one style of its own in its script, which is named by its
/// hash: a version with another one shows in swagger_test.py.
constexpr const char* kContentSecurityPolicy =
    "default-src 'none'; script-src 'self'; "
    "style-src 'self' 'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// What stands before its document's path in a service: "1.1"; empty: it has none.
std::string version_of(const http::Service& service) {
    for (const auto* route : service.router.routes()) {
        const auto path = service.prefix + route->path;
        if (path.ends_with(kDocument) && path.size() > kDocument.size() + 1)
            return path.substr(1, path.size() - kDocument.size() - 1);
    }
    return {};
}

/// What share/swagger/start.js reads: where the services are.
std::string services_json(const std::vector<http::Mount>& mounts) {
    json::array services;
    for (const auto& [prefix, service] : mounts) {
        if (const auto version = version_of(*service); !version.empty())
            services.push_back(
                json::object{{"name", service->name}, {"folder", prefix}, {"version", version}});
    }
    return json::serialize(json::object{{"services", std::move(services)}});
}

}  // namespace

Result<SwaggerUi> SwaggerUi::load(const std::filesystem::path& folder) {
    auto files = std::make_shared<http::StaticFiles>(http::StaticFiles::Options{
        .content_security_policy = kContentSecurityPolicy, .headers = {{"Referrer-Policy", "no-referrer"}}});
    if (const auto added = files->add_folder(folder); !added) return refuse(added);
    return SwaggerUi(std::move(files));
}

void SwaggerUi::mount(std::vector<http::Mount>& mounts, http::ErrorDialect dialect) const {
    auto page = std::make_shared<http::Service>(http::make_static_service("Swagger UI", "/api", files_));
    page->dialect = std::move(dialect);
    page->router.add(http::Method::Get, "/services.json",
                     [text = services_json(mounts)](const http::Request&) -> Result<http::Response> {
                         return http::Response::json_text(200, text).with("Cache-Control", "no-cache");
                     },
                     {.is_public = true});
    mounts.push_back({"", std::move(page)});
}

}  // namespace almon::services
