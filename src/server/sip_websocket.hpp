// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "http/service.hpp"
#include "sip/transport/websocket_transport.hpp"

namespace almon::server {

/// Where browsers open the WebSocket that carries their SIP (RFC 7118): at "/" and, as web phones are often
/// configured, at "/ws".
/// @param transport outlives the server that the service is mounted on.
[[nodiscard]] std::shared_ptr<const http::Service> make_sip_websocket_service(
    sip::WebSocketTransport& transport);

}  // namespace almon::server
