// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "http/method.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "http/websocket.hpp"

namespace almon::http {

/// Answers one request. A refusal becomes a response in the dialect of its service. Handlers are shared by
/// all connections and called from several threads at once.
using Handler = std::function<Result<Response>(const Request&)>;

/// Where a handler runs.
enum class RunsOn {
    IoThread,  ///< Between two packets: must not wait for anything, reads what is in memory.
    Pool,      ///< May wait for a disk or a database.
};

struct RouteOptions {
    RunsOn runs_on = RunsOn::IoThread;
    /// In bytes; a longer body is answered with 413.
    std::size_t max_body = std::size_t{1024} * 1024;
    /// For bodies too long to be kept in memory: makes who takes this one, on the pool, once the filter has
    /// let the request pass. The route then runs on the pool.
    std::function<Result<std::shared_ptr<BodyTaker>>(const Request&)> take_body{};
    /// What the caller must be allowed, in the words of its service's `before`, for instance
    /// "confd.users.{user_id}.read". Empty: `before` decides.
    std::string acl{};
    /// Nobody needs to say who he is.
    bool is_public = false;
    /// Media types of the body and of the answer, where they are not the service's own.
    std::string consumes{};
    std::string produces{};
};

struct Route {
    Method method = Method::Get;
    /// Below the service's prefix: "/users/{user_id}/lines". A last segment {name...} takes the rest of the
    /// path, slashes included, and may be empty.
    std::string path;
    Handler handler;
    RouteOptions options;
    std::vector<std::string> parameter_names;
    /// Set: the route is a WebSocket, and `handler` is not used.
    std::shared_ptr<const WebSocketEndpoint> websocket;
};

/// What paths mean. Built at start, from declarations or by hand; then only read, by any number of threads.
///
/// A literal segment wins over a parameter, a parameter over the rest of a path; whoever wins and leads
/// nowhere gives way. A trailing slash is a segment of its own: "/users/" is not "/users".
class Router final {
public:
    Router();
    ~Router();
    Router(Router&&) noexcept;
    Router& operator=(Router&&) noexcept;

    /// Two routes of the same method and path are a programmer's error, and so is a malformed template.
    void add(Method method, std::string_view path, Handler handler, RouteOptions options = {});
    void add_websocket(std::string_view path, WebSocketEndpoint endpoint, RouteOptions options = {});

    struct Match {
        /// Null: the path is unknown, or known and not with this method.
        const Route* route = nullptr;
        /// Of the path, "GET, HEAD, OPTIONS"; empty where it is unknown.
        std::string allow;
    };
    /// `raw_path` is what follows the service's prefix, as sent; segments are decoded one by one, so that a
    /// parameter may hold an encoded slash. HEAD finds the route of GET unless it has one of its own. Fills
    /// `parameters` where a route is found. `allow` is left empty where one is found.
    [[nodiscard]] Match match(Method method, std::string_view raw_path,
                              std::vector<PathParameter>& parameters) const;
    /// All routes, in the order in which they were added.
    [[nodiscard]] std::vector<const Route*> routes() const;

private:
    struct Node;

    Route& insert(std::unique_ptr<Route> route);

    std::unique_ptr<Node> root_;
    std::vector<std::unique_ptr<Route>> routes_;
};

}  // namespace almon::http
