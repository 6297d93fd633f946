// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes of a connection into requests, their targets, queries and fields; routing on top. However the bytes
// are cut, the same requests come out. What is percent-encoded can be undone.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/utf8.hpp"
#include "http/content_negotiation.hpp"
#include "http/request_parser.hpp"
#include "http/router.hpp"
#include "http/websocket_connection.hpp"

namespace {

using namespace almon::http;

constexpr std::size_t kMaxHead = 2048;
constexpr std::size_t kMaxBody = 512;

void require(bool holds) {
    if (!holds) std::abort();
}

const Router& router() {
    static const Router kRouter = [] {
        Router made;
        const auto handler = [](const Request&) { return Response::empty(200); };
        made.add(Method::Get, "/users/{user_id}", handler);
        made.add(Method::Put, "/users/{user_id}/lines/{line_id}", handler);
        made.add(Method::Get, "/users/export", handler);
        made.add(Method::Get, "/files/{path...}", handler);
        return made;
    }();
    return kRouter;
}

void look_at(const Request& request) {
    require(almon::is_utf8(request.path));
    require(request.path.find('\0') == std::string::npos);
    require(request.path.find("/../") == std::string::npos);
    for (const auto& parameter : request.query.parameters())
        require(almon::is_utf8(parameter.name) && almon::is_utf8(parameter.value));
    (void)accepts_json(request);
    (void)has_json(request);
    (void)check_websocket_request(request);
    (void)choose_subprotocol(request, {.subprotocols = {"sip"}});
    for (std::size_t index = 0; index < request.headers.size(); ++index) {
        const auto field = request.headers[index];
        require(field.value.find_first_of("\r\n") == std::string_view::npos);
        require(request.headers.contains(field.name));
    }
    std::vector<PathParameter> parameters;
    const auto match = router().match(request.method, request.raw_path(), parameters);
    if (match.route != nullptr) require(parameters.size() == match.route->parameter_names.size());
}

/// What came out of the bytes, as a text that two runs can compare.
std::string parse(std::string_view bytes, std::size_t piece) {
    Request request;
    RequestParser parser(request, kMaxHead);
    std::string told;
    std::string pending;
    while (true) {
        const auto progress = parser.feed(pending);
        require(progress.consumed <= pending.size());
        pending.erase(0, progress.consumed);
        switch (progress.step) {
            case RequestParser::Step::Head:
                parser.limit_body(kMaxBody);
                (void)parser.announced_body();
                (void)parser.expects_continue();
                (void)parser.wants_websocket();
                look_at(request);
                break;
            case RequestParser::Step::Complete:
                require(request.body.size() <= kMaxBody);
                told += request.target + '\n' + request.body + '\n' + (parser.keeps_alive() ? "+" : "-");
                parser.reset();
                break;
            case RequestParser::Step::Refused:
                require(parser.refusal().status >= 400);
                return told;
            case RequestParser::Step::NeedMore:
                require(pending.size() <= kMaxHead + 8 * 1024);
                if (bytes.empty()) return told;
                pending += bytes.substr(0, piece);
                bytes.remove_prefix(std::min(piece, bytes.size()));
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::string whole = parse(bytes, bytes.size());
    require(parse(bytes, 1 + data[0] % 64) == whole);

    std::string decoded;
    if (percent_decode(bytes, PlusSign::Literal, decoded)) {
        std::string again;
        require(percent_decode(percent_encode(decoded), PlusSign::Literal, again).has_value() &&
                again == decoded);
    }
    Query query;
    (void)query.assign(bytes);
    (void)list_admits(bytes, "gzip");
    Request request;
    if (request.set_target(bytes)) look_at(request);
    return 0;
}
