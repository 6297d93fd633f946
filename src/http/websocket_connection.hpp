// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "http/admission.hpp"
#include "http/io_thread.hpp"
#include "http/request.hpp"
#include "http/site.hpp"
#include "http/stream.hpp"
#include "http/websocket.hpp"

namespace almon::http {

/// What a request to become a WebSocket lacks (RFC 6455 section 4.2.1).
[[nodiscard]] Result<void> check_websocket_request(const Request& request);

/// The subprotocol to speak: the first of ours that the peer offers, empty where there is none. Refused
/// (InvalidArgument) where the endpoint insists on one.
[[nodiscard]] Result<std::string> choose_subprotocol(const Request& request,
                                                     const WebSocketEndpoint& endpoint);

/// A connection that has asked to become a WebSocket and may.
struct WebSocketOpening {
    std::shared_ptr<const WebSocketEndpoint> endpoint;
    std::unique_ptr<WebSocketHandler> handler;
    std::string subprotocol;
};

/// Takes the connection over: answers the request, then carries messages until one side closes. On the IO
/// thread. `site` keeps what the endpoint belongs to; `leftover` is what was read behind the request.
void become_websocket(IoThread& thread, std::unique_ptr<Stream> stream, Admission::Ticket ticket,
                      std::shared_ptr<const Site> site, const Request& request, WebSocketOpening opening,
                      std::string_view leftover);

}  // namespace almon::http
