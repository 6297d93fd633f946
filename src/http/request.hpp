// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/net_address.hpp"
#include "base/result.hpp"
#include "http/headers.hpp"
#include "http/method.hpp"
#include "http/query.hpp"

namespace almon::http {

/// Who asks, as the service's authentication found out. A service derives its own.
class Caller {
public:
    virtual ~Caller() = default;
    /// For logs and the history of changes: an account's name.
    [[nodiscard]] virtual std::string name() const { return {}; }
};

/// Takes a body piece by piece, on the pool, in its order. Destroyed before its end where the request comes
/// to nothing: then whatever was taken is to be thrown away.
class BodyTaker {
public:
    virtual ~BodyTaker() = default;
    /// A refusal is answered at once; the rest of the body is not taken.
    [[nodiscard]] virtual Result<void> take(std::string_view piece) = 0;
};

struct PathParameter {
    std::string_view name;  ///< As in the route's template; lives as long as the route.
    std::string value;      ///< Decoded.
};

/// A request as handlers see it. It is lent for the time of the call; a connection uses one for all that come
/// over it.
struct Request {
    Method method = Method::Get;
    std::string target;  ///< As sent: path and query, without scheme and host.
    std::string path;    ///< Decoded.
    Query query;
    Headers headers;
    std::string body;                  ///< Empty where the route has a taker of bodies.
    std::shared_ptr<BodyTaker> taker;  ///< The route's own, with the whole body, for its handler.
    NetAddress remote;
    NetAddress local;  ///< Of ours, that the connection came to.
    bool secure = false;
    std::vector<PathParameter> path_parameters;
    std::shared_ptr<const Caller> caller;  ///< Set by Service::before.

    /// The value of the template's {name}; empty if it has none of that name.
    [[nodiscard]] std::string_view path_parameter(std::string_view name) const noexcept;
    /// The path as sent: `target` up to the question mark.
    [[nodiscard]] std::string_view raw_path() const noexcept;
    /// Takes `text` of the request line: origin form, absolute form (whose scheme and host are dropped) or
    /// "*" (RFC 9112 section 3.2). Refused (Malformed): what percent_decode() refuses, and a path with a
    /// segment
    /// "." or "..", which no client sends unless it means harm.
    [[nodiscard]] Result<void> set_target(std::string_view text);
    /// For the next request; buffers are kept.
    void clear() noexcept;
};

}  // namespace almon::http
