// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "base/result.hpp"
#include "http/service.hpp"
#include "server/server_settings.hpp"

namespace almon::server {

/// What the page's port offers besides the page.
struct PageServices {
    std::shared_ptr<const http::Service> auth;       ///< At /api/auth
    std::shared_ptr<const http::Service> confd;      ///< At /api/confd
    std::shared_ptr<const http::Service> call_logd;  ///< At /api/call-logd
    std::shared_ptr<const http::Service> ctid_ng;    ///< At /api/ctid-ng
    std::shared_ptr<const http::Service> session;    ///< At /api/session
    std::shared_ptr<const http::Service> sip;        ///< At /ws, its route being /sip
    std::shared_ptr<const http::Service> events;     ///< At /api/websocketd
    std::shared_ptr<const http::Service> health;     ///< At /health
};

/// All that a browser needs on one port, so that the page asks no other place: the page itself out of
/// page.directory, the programming interfaces and SIP over WebSocket. Where that folder is not there, the
/// rest is served without it, and the log says so. Refused: files that cannot be read.
[[nodiscard]] Result<std::vector<http::Mount>> page_site(const PageServices& services,
                                                         const ServerSettings::Page& settings);

}  // namespace almon::server
