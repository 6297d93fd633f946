// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/response_writer.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "http/gzip.hpp"
#include "http/status.hpp"

namespace almon::http {

namespace {

/// Below it a packet is a packet, compressed or not.
constexpr std::size_t kLeastCompressed = 1024;

void append_number(std::string& into, std::uint64_t number) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    into.append(digits.data(), end);
}

bool is_servers_business(std::string_view name) noexcept {
    return equal_ignoring_case(name, "Content-Length") || equal_ignoring_case(name, "Transfer-Encoding") ||
           equal_ignoring_case(name, "Connection") || equal_ignoring_case(name, "Date");
}

bool is_compressible(std::string_view content_type) noexcept {
    const std::string_view type = trim(content_type.substr(0, content_type.find(';')));
    if (type.starts_with("text/")) return true;
    for (const std::string_view known : {"application/json", "application/xml", "application/javascript",
                                         "application/x-yaml", "application/yaml", "image/svg+xml"}) {
        if (equal_ignoring_case(type, known)) return true;
    }
    return false;
}

}  // namespace

Framing framing_of(const Response& response, bool http_1_1) noexcept {
    if (response.status < 200 || response.status == 204 || response.status == 304) return Framing::None;
    if (!response.stream || response.stream_size) return Framing::Length;
    return http_1_1 ? Framing::Chunked : Framing::UntilClosed;
}

void write_head(std::string& into, const Response& response, const HeadOptions& options) {
    into += "HTTP/1.1 ";
    append_number(into, static_cast<std::uint64_t>(response.status));
    into += ' ';
    into += reason_phrase(response.status);
    into += "\r\n";
    for (std::size_t index = 0; index < response.headers.size(); ++index) {
        const Headers::Field field = response.headers[index];
        if (is_servers_business(field.name)) continue;
        into += field.name;
        into += ": ";
        into += field.value;
        into += "\r\n";
    }
    if (options.framing == Framing::Length) {
        into += "Content-Length: ";
        append_number(into, response.stream ? response.stream_size.value_or(0) : response.body.size());
        into += "\r\n";
    } else if (options.framing == Framing::Chunked) {
        into += "Transfer-Encoding: chunked\r\n";
    }
    if (!options.keep_alive) {
        into += "Connection: close\r\n";
    } else if (!options.http_1_1) {
        into += "Connection: keep-alive\r\n";
    }
    into += "Date: ";
    into += options.date;
    into += "\r\n\r\n";
}

void compress(const Request& request, Response& response) {
    if (response.stream || response.body.size() < kLeastCompressed) return;
    if (response.headers.contains("Content-Encoding")) return;
    if (!is_compressible(response.headers.get("Content-Type"))) return;
    response.headers.add("Vary", "Accept-Encoding");
    if (!list_admits(request.headers.get("Accept-Encoding"), "gzip")) return;
    std::string packed = gzip(response.body);
    if (packed.empty() || packed.size() >= response.body.size()) return;
    response.body = std::move(packed);
    response.headers.add("Content-Encoding", "gzip");
    // ETag stays: it names the state of the resource, which If-Match compares, and Vary keeps caches from
    // mixing the encodings up.
}

}  // namespace almon::http
