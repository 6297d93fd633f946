// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "http/request.hpp"
#include "http/response.hpp"

namespace almon::http {

/// How a body is delimited on the wire.
enum class Framing {
    None,         ///< There is none, and the status says so (1xx, 204, 304).
    Length,       ///< Content-Length.
    Chunked,      ///< HTTP/1.1, length unknown.
    UntilClosed,  ///< HTTP/1.0, length unknown.
};

[[nodiscard]] Framing framing_of(const Response& response, bool http_1_1) noexcept;

struct HeadOptions {
    Framing framing = Framing::Length;
    bool http_1_1 = true;  ///< Of the request.
    bool keep_alive = true;
    std::string_view date{};
};

/// Appends status line and header fields, with the empty line behind them.
void write_head(std::string& into, const Response& response, const HeadOptions& options);

/// Compresses the body where it is worth it and the client takes it (RFC 9110 section 12.5.3), and tells
/// caches that the answer depends on that.
void compress(const Request& request, Response& response);

}  // namespace almon::http
