// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "http/service.hpp"
#include "services/auth/authentication.hpp"

namespace almon::services {

/// The service xivo-auth (port 9497, SYS-072..SYS-092): /0.1/token, /0.1/backends, and its own description at
/// /0.1/api/api.yml. `authentication` is lent.
[[nodiscard]] std::shared_ptr<const http::Service> make_auth_service(Authentication& authentication);

/// How xivo-auth refuses: {"reason": [...], "timestamp": [...], "status_code": 401}; nothing for 406 and 415
/// (API-045). `authentication` is lent.
[[nodiscard]] http::ErrorDialect auth_dialect(const Authentication& authentication);

}  // namespace almon::services
