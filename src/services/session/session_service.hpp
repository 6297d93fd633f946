// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <memory>

#include "http/service.hpp"
#include "services/auth/authentication.hpp"

namespace almon::services {

/// How a page stays signed in when it is loaded again. It keeps its token in memory alone; what gives it the
/// next one is a cookie that scripts cannot read (HttpOnly), that is sent over TLS alone (Secure) and by no
/// page of another site (SameSite=Strict, RFC 6265bis section 5.6.7).
///
/// /0.1, to be mounted at /api/session:
/// - POST /sessions, with a token that was issued within the last minute: sets the cookie. So nobody makes a
///   token longer that he has found somewhere.
/// - POST /sessions/{session}/token, with the cookie: a new token for an hour.
/// - DELETE /sessions/{session}: revokes what the cookie holds. Tokens are revoked where they come from
///   (xivo-auth).
///
/// Each account has a cookie of its own, called by the name of the session ("xivo_user.<uuid>"), so that two
/// windows of a browser may be two people's.
///
/// Errors are in the form of xivo-auth. `authentication` is lent.
/// @param lifetime of the cookie; also ends with the account, its password and its rules, as any token does.
[[nodiscard]] std::shared_ptr<const http::Service> make_session_service(Authentication& authentication,
                                                                        std::chrono::seconds lifetime);

}  // namespace almon::services
