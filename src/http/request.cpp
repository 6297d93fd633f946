// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/request.hpp"

#include <algorithm>

namespace almon::http {

namespace {

constexpr std::size_t kKeptBody = std::size_t{64} * 1024;

/// A dot segment may hide behind %2e, and an encoded slash must not make one.
bool has_dot_segment(std::string_view decoded_path) noexcept {
    while (!decoded_path.empty()) {
        const std::size_t end = std::min(decoded_path.find('/'), decoded_path.size());
        const std::string_view segment = decoded_path.substr(0, end);
        if (segment == "." || segment == "..") return true;
        decoded_path.remove_prefix(std::min(end + 1, decoded_path.size()));
    }
    return false;
}

}  // namespace

std::string_view Request::path_parameter(std::string_view name) const noexcept {
    for (const PathParameter& parameter : path_parameters) {
        if (parameter.name == name) return parameter.value;
    }
    return {};
}

std::string_view Request::raw_path() const noexcept {
    return std::string_view(target).substr(0, target.find('?'));
}

Result<void> Request::set_target(std::string_view text) {
    path.clear();
    query.clear();
    if (text.starts_with('/') || text == "*") {
        target = text;
    } else if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos) {
        const std::size_t slash = std::min(text.find_first_of("/?", scheme + 3), text.size());
        target = "/";
        if (slash < text.size()) target += text.substr(text[slash] == '/' ? slash + 1 : slash);
    } else {
        return refuse(ErrorCode::Malformed, "path", "does not begin with a slash");
    }
    // A fragment stays with the client (RFC 9110 4.2.5); one that sends it all the same does not mean a path.
    if (const std::size_t fragment = target.find('#'); fragment != std::string::npos) target.resize(fragment);
    const std::string_view raw = raw_path();
    if (auto decoded = percent_decode(raw, PlusSign::Literal, path); !decoded) {
        return refuse(ErrorCode::Malformed, "path", decoded.error().reason);
    }
    if (has_dot_segment(path)) return refuse(ErrorCode::Malformed, "path", "has a segment of dots");
    if (raw.size() < target.size()) return query.assign(std::string_view(target).substr(raw.size() + 1));
    return {};
}

void Request::clear() noexcept {
    method = Method::Get;
    target.clear();
    path.clear();
    query.clear();
    headers.clear();
    body.clear();
    taker.reset();
    if (body.capacity() > kKeptBody) std::string().swap(body);
    path_parameters.clear();
    caller.reset();
}

}  // namespace almon::http
