// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "http/service.hpp"
#include "services/auth/authentication.hpp"
#include "services/websocketd/event_clients.hpp"

namespace almon::services {

/// xivo-websocketd (port 9502, API-215..API-230): events over WebSocket, at `/?token=<token>`. Both are lent.
[[nodiscard]] std::shared_ptr<const http::Service> make_websocketd_service(Authentication& authentication,
                                                                           EventClients& clients);

}  // namespace almon::services
