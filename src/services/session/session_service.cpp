// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/session/session_service.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "base/log.hpp"
#include "http/content_negotiation.hpp"
#include "services/api.hpp"
#include "services/auth/auth_service.hpp"

namespace almon::services {

namespace {

namespace json = boost::json;
using http::Request;
using http::Response;

/// The prefix makes browsers refuse it over plain HTTP; what follows it is the session.
constexpr std::string_view kCookie = "__Secure-almon-";
constexpr std::string_view kCookiePath = "/api/session";
/// A page asks for another in time.
constexpr std::chrono::seconds kTokenLifetime{3600};
/// Who signs in begins his session at once.
constexpr std::chrono::seconds kFresh{60};

/// Names the account, and so the cookie.
std::string session_of(const Caller::Account& account) {
    return account.backend + '.' + account.auth_id;
}

/// Whether it may be part of the name of a cookie; session_of() always may.
bool is_session(std::string_view name) {
    const auto fits = [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_';
    };
    return name.size() <= 64 && std::all_of(name.begin(), name.end(), fits);
}

/// What the session's cookie holds; empty: it was not sent (RFC 6265 section 5.4).
std::string_view cookie_of(const Request& request, std::string_view session) {
    std::string_view rest = request.headers.get("Cookie");
    while (!rest.empty()) {
        const auto end = rest.find(';');
        std::string_view pair = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
        pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
        const auto equals = pair.find('=');
        const auto name = pair.substr(0, equals);
        if (equals != std::string_view::npos && name.starts_with(kCookie) &&
            name.substr(kCookie.size()) == session)
            return pair.substr(equals + 1);
    }
    return {};
}

constexpr std::string_view kEnded = "; Max-Age=0";

/// @param until "; Max-Age=..."; without it, the cookie ends with the browser.
std::string cookie(std::string_view session, std::string_view value, std::string_view until) {
    return fmt::format("{}{}={}; Path={}; Secure; HttpOnly; SameSite=Strict{}", kCookie, session, value,
                       kCookiePath, until);
}

/// {"stay": true}; nothing where it is something else.
std::optional<bool> stay_in(const Request& request) {
    json::error_code error;
    const auto body = json::parse(request.body, error);
    if (error || !body.is_object()) return std::nullopt;
    const auto* stay = body.get_object().if_contains("stay");
    if (stay == nullptr) return false;
    if (!stay->is_bool()) return std::nullopt;
    return stay->get_bool();
}

class SessionService final {
public:
    SessionService(Authentication& authentication, std::chrono::seconds lifetime)
        : authentication_(authentication), lifetime_(lifetime), dialect_(auth_dialect(authentication)) {}

    [[nodiscard]] const http::ErrorDialect& dialect() const noexcept { return dialect_; }

    Result<Response> begin(const Request& request) const {
        const auto stay = stay_in(request);
        if (!stay) return refuse(ErrorCode::InvalidArgument, "", "the body must be like {\"stay\": true}");
        const auto token = authentication_.tokens().find(request.headers.get("X-Auth-Token"));
        if (!token) return unknown(request, "a token is missing or unknown: X-Auth-Token");
        if (authentication_.now().utc - token->issued() > kFresh)
            return refuse(ErrorCode::Unauthorized, "", "the token is too old to begin a session: sign in");
        const auto issued = issue(token->account(), lifetime_);
        if (!issued) return refuse(issued);
        const auto until = *stay ? fmt::format("; Max-Age={}", lifetime_.count()) : std::string();
        return show(*token, request.headers.get("X-Auth-Token"))
            .with("Set-Cookie", cookie(session_of(token->account()), issued->text, until));
    }

    Result<Response> renew(const Request& request) const {
        const auto name = request.path_parameter("session");
        const auto value = cookie_of(request, name);
        if (value.empty()) return refuse(ErrorCode::Unauthorized, "", "there is no such session: sign in");
        const auto session = authentication_.tokens().find(value);
        if (!session || session_of(session->account()) != name)
            return unknown(request, "the session has ended: sign in");
        const auto issued = issue(session->account(), kTokenLifetime);
        if (!issued) return refuse(issued);
        return show(*issued->token, issued->text);
    }

    Result<Response> end(const Request& request) const {
        const auto name = request.path_parameter("session");
        if (!is_session(name)) return refuse(ErrorCode::NotFound, "", "there is no such session");
        const auto value = cookie_of(request, name);
        if (!value.empty()) {
            if (const auto revoked = authentication_.tokens().revoke(value); !revoked)
                return refuse(ErrorCode::Unavailable, "", "you are not signed out for good yet: try again");
        }
        return Response::empty(204).with("Set-Cookie", cookie(name, "", kEnded));
    }

private:
    /// Counts the attempt: who guesses has to wait.
    Result<Response> unknown(const Request& request, const char* why) const {
        if (const auto wait = authentication_.attempts().begin(request.remote, authentication_.now().instant))
            return too_many_attempts(dialect_, *wait);
        return refuse(ErrorCode::Unauthorized, "", why);
    }

    Result<TokenStore::Issued> issue(const Caller::Account& account, std::chrono::seconds lifetime) const {
        auto issued = authentication_.tokens().issue(account, lifetime);
        if (issued) return issued;
        log_error("no token can be issued: {}", issued.error().reason);
        return refuse(ErrorCode::Unavailable, "", "the session cannot be stored now: try again");
    }

    Response show(const Token& token, std::string_view text) const {
        const auto left =
            std::chrono::duration_cast<std::chrono::seconds>(token.expires() - authentication_.now().utc);
        const auto& uuid = token.user_uuid();
        return Response::json(
                   200, json::object{{"session", session_of(token.account())},
                                     {"token", text},
                                     {"expires_in", left.count()},
                                     {"backend", token.account().backend},
                                     {"username", token.account().name},
                                     {"user_uuid", uuid.empty() ? json::value(nullptr) : json::value(uuid)}})
            .with("Cache-Control", "no-store");
    }

    Authentication& authentication_;
    const std::chrono::seconds lifetime_;
    const http::ErrorDialect dialect_;
};

json::object session_schema() {
    const auto text = [](const char* says) {
        return json::object{{"type", "string"}, {"description", says}};
    };
    return {{"title", "Session"},
            {"type", "object"},
            {"required", json::array{"session", "token", "expires_in", "backend", "username", "user_uuid"}},
            {"properties",
             {{"session", text("Names the session")},
              {"token", text("To be sent as X-Auth-Token")},
              {"expires_in", {{"type", "integer"}, {"description", "Seconds that the token is valid for"}}},
              {"backend", text("Where the account is: xivo_user, xivo_admin or xivo_service")},
              {"username", text("Who has signed in")},
              {"user_uuid",
               {{"type", "string"}, {"x-nullable", true}, {"description", "Whose account it is"}}}}}};
}

}  // namespace

std::shared_ptr<const http::Service> make_session_service(Authentication& authentication,
                                                          std::chrono::seconds lifetime) {
    const auto handlers = std::make_shared<const SessionService>(authentication, lifetime);
    const auto handler = [&](Result<Response> (SessionService::*handle)(const Request&) const) {
        return [handlers, handle](const Request& request) { return ((*handlers).*handle)(request); };
    };
    Api api("session", "0.1", "Almon session", "How a page in a browser stays signed in.", 8443);
    api.is_text("session");
    api.define("Error", {{"type", "object"}});
    api.define("Session", session_schema());
    // Who asks is seen by the handlers: tokens and cookies that end here are not those of other services.
    const std::string nobody = OperationText::kPublic;
    const http::RouteOptions waits{.runs_on = http::RunsOn::Pool, .max_body = 1024};
    using enum http::Method;
    api.add(
        Post, "/sessions",
        {.id = "begin_session",
         .summary = "Stay signed in: sets a cookie that only this service reads",
         .tag = "session",
         .body = {{"type", "object"},
                  {"properties",
                   {{"stay", {{"type", "boolean"}, {"description", "Also when the browser is closed"}}}}}},
         .responses = {{200, reference_to("Session")}, {400, {}}, {401, {}}},
         .acl = nobody},
        handler(&SessionService::begin), waits);
    api.add(Delete, "/sessions/{session}",
            {.id = "end_session",
             .summary = "Sign out: revokes what the cookie holds",
             .tag = "session",
             .responses = {{204, {}}},
             .acl = nobody},
            handler(&SessionService::end), waits);
    api.add(Post, "/sessions/{session}/token",
            {.id = "renew_token",
             .summary = "Another token for who is signed in",
             .tag = "session",
             .responses = {{200, reference_to("Session")}, {401, {}}},
             .acl = nobody},
            handler(&SessionService::renew), waits);
    api.serve_document();
    auto service = std::make_shared<http::Service>();
    service->name = "session";
    service->prefix = "/0.1";
    service->dialect = handlers->dialect();
    service->router = api.take_router();
    return service;
}

}  // namespace almon::services
