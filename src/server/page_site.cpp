// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/page_site.hpp"

#include <filesystem>
#include <utility>

#include "base/log.hpp"
#include "http/static_files.hpp"

namespace almon::server {

namespace {

/// Nothing of any other host, and no script or style that is not a file of ours; Vite packs small pictures as
/// data. connect-src 'self' includes WebSockets (CSP 3).
constexpr const char* kContentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; media-src 'self' blob:; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'";

}  // namespace

Result<std::vector<http::Mount>> page_site(const PageServices& services,
                                           const ServerSettings::Page& settings) {
    std::vector<http::Mount> mounts = {
        {"/api/auth", services.auth},           {"/api/confd", services.confd},
        {"/api/call-logd", services.call_logd}, {"/api/ctid-ng", services.ctid_ng},
        {"/api/session", services.session},     {"/api/websocketd", services.events},
        {"/health", services.health},           {"/ws", services.sip}};
    if (!std::filesystem::exists(settings.directory)) {
        log_warning("the page is not served: there is no folder {} (page.directory)", settings.directory);
        return mounts;
    }
    const auto files = std::make_shared<http::StaticFiles>(http::StaticFiles::Options{
        .fallback = "index.html",
        .immutable_below = "assets/",
        .content_security_policy = kContentSecurityPolicy,
        .headers = {{"Referrer-Policy", "no-referrer"}, {"Permissions-Policy", "microphone=(self)"}}});
    if (const auto added = files->add_folder(settings.directory); !added) return refuse(added);
    mounts.push_back({"", std::make_shared<http::Service>(http::make_static_service("the page", "", files))});
    return mounts;
}

}  // namespace almon::server
