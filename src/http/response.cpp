// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/response.hpp"

#include <utility>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace almon::http {

Response Response::empty(int status) {
    Response response;
    response.status = status;
    return response;
}

Response Response::json(int status, const boost::json::value& value) {
    return json_text(status, boost::json::serialize(value));
}

Response Response::json_text(int status, std::string text) {
    return Response::text(status, "application/json", std::move(text));
}

Response Response::text(int status, std::string_view content_type, std::string text) {
    Response response;
    response.status = status;
    response.headers.add("Content-Type", content_type);
    response.body = std::move(text);
    return response;
}

Response Response::streamed(int status, std::string_view content_type, BodyStream stream,
                            std::optional<std::uint64_t> size) {
    Response response;
    response.status = status;
    response.headers.add("Content-Type", content_type);
    response.stream = std::move(stream);
    response.stream_size = size;
    return response;
}

Response&& Response::with(std::string_view name, std::string_view value) && {
    headers.add(name, value);
    return std::move(*this);
}

}  // namespace almon::http
