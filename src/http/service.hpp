// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "http/request.hpp"
#include "http/response.hpp"
#include "http/router.hpp"

namespace almon::http {

/// How a service says no: a status (status_of() the error, or what HTTP itself asks for) and why. It may
/// choose another status. Headers that HTTP asks for (Allow) are added afterwards.
using ErrorDialect = std::function<Response(int status, const Error& error)>;

/// Looks at a request before its handler, on the IO thread, when its head has arrived and its body has not:
/// who is it, may it do what `route.options.acl` says, does it accept what we speak. Sets `request.caller`;
/// answers in place of the handler, or nothing. Must not wait.
using BeforeFilter = std::function<std::optional<Response>(Request& request, const Route& route)>;

/// Which other sites' pages may use the service from a browser (the Fetch standard, "CORS protocol").
struct Cors {
    /// "https://example.com"; "*" for all. Empty: none, and pre-flight requests are answered like any
    /// OPTIONS.
    std::vector<std::string> origins;
    std::vector<std::string> allow_headers = {"Content-Type", "X-Auth-Token"};
    std::vector<std::string> expose_headers;
    std::chrono::seconds max_age{0};  ///< Zero: the browser's default.
};

/// A set of routes under one prefix with one manner of refusing. Immutable once it is mounted; it may be
/// mounted several times.
struct Service {
    std::string name;    ///< For the log.
    std::string prefix;  ///< "/1.1", or empty.
    Router router;
    ErrorDialect dialect = plain_dialect;
    BeforeFilter before;
    Cors cors;

    /// text/plain with the reason.
    [[nodiscard]] static Response plain_dialect(int status, const Error& error);
};

/// A service at a place of a listener: its routes begin with `prefix` + Service::prefix.
struct Mount {
    std::string prefix;  ///< "/api/confd", or empty.
    std::shared_ptr<const Service> service;
};

}  // namespace almon::http
