// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "http/service.hpp"
#include "sip/transport/websocket_transport.hpp"

namespace almon::server {

/// Where browsers open the WebSocket that carries their SIP (RFC 7118).
/// @param transport outlives the server that the service is mounted on.
/// @param paths of the WebSocket: of a port of its own "/" and, as web phones are often configured, "/ws".
[[nodiscard]] std::shared_ptr<const http::Service> make_sip_websocket_service(
    sip::WebSocketTransport& transport, const std::vector<std::string_view>& paths = {"/", "/ws"});

}  // namespace almon::server
