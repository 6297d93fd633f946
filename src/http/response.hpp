// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/fwd.hpp>

#include "base/result.hpp"
#include "http/headers.hpp"

namespace almon::http {

/// Gives a body piece by piece: appends the next piece to `into` and says whether more follows. Asked on the
/// thread of its route's handler, when the peer has taken the piece before. A refusal cuts the connection, so
/// that the peer notices that something is missing.
using BodyStream = std::function<Result<bool>(std::string& into)>;

/// What a handler answers. Content-Length, Transfer-Encoding, Connection, Date and Content-Encoding are the
/// server's business.
struct Response {
    int status = 200;
    Headers headers;
    std::string body;
    /// In place of `body`, which is then ignored.
    BodyStream stream;
    /// Bytes that `stream` will give in all, where that is known.
    std::optional<std::uint64_t> stream_size;

    [[nodiscard]] static Response empty(int status);
    [[nodiscard]] static Response json(int status, const boost::json::value& value);
    /// `text` is JSON already.
    [[nodiscard]] static Response json_text(int status, std::string text);
    [[nodiscard]] static Response text(int status, std::string_view content_type, std::string text);
    [[nodiscard]] static Response streamed(int status, std::string_view content_type, BodyStream stream,
                                           std::optional<std::uint64_t> size = std::nullopt);

    /// Adds a header field, for use in one expression.
    Response&& with(std::string_view name, std::string_view value) &&;
};

}  // namespace almon::http
