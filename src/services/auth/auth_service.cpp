// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/auth/auth_service.hpp"

#include <string>
#include <utility>

#include <boost/json.hpp>

#include "base/log.hpp"
#include "http/authorization.hpp"
#include "http/content_negotiation.hpp"
#include "services/auth/auth_description.hpp"
#include "services/local_time.hpp"

namespace almon::services {

namespace {

namespace json = boost::json;
using http::Request;
using http::Response;

/// A hundred years.
constexpr std::int64_t kLongestLifetime = 3'155'760'000;

struct TokenRequest {
    std::string backend;
    std::chrono::seconds lifetime{};
};

Result<TokenRequest> read_token_request(const Request& request, std::chrono::seconds usual_lifetime) {
    const auto wrong = [](std::string field, std::string reason) {
        return refuse(ErrorCode::InvalidArgument, std::move(field), std::move(reason));
    };
    json::error_code error;
    const json::value body = json::parse(request.body, error);
    if (error) return wrong("", "the body is no JSON");
    const auto* object = body.if_object();
    if (object == nullptr) return wrong("", "the body must be a JSON object");
    const auto* backend = object->if_contains("backend");
    if (backend == nullptr || !backend->is_string()) return wrong("backend", "must be the name of a backend");
    TokenRequest asked{std::string(backend->get_string()), usual_lifetime};
    const auto* expiration = object->if_contains("expiration");
    if (expiration == nullptr) return asked;
    // SYS-074: no floats, whatever their value.
    const auto* seconds = expiration->if_int64();
    if (seconds == nullptr || *seconds < 1 || *seconds > kLongestLifetime)
        return wrong("expiration", "must be a number of seconds from 1 to 3155760000, without fraction");
    asked.lifetime = std::chrono::seconds(*seconds);
    return asked;
}

json::value optional_text(const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

class AuthService final {
public:
    explicit AuthService(Authentication& authentication)
        : authentication_(authentication), dialect_(auth_dialect(authentication)) {}

    [[nodiscard]] const http::ErrorDialect& dialect() const noexcept { return dialect_; }

    /// Before a body is read, and a thread of the pool taken.
    std::optional<Response> before(const Request& request) const {
        if (!http::accepts_json(request) && request.headers.contains("Accept") &&
            !http::accepts(request, kDescriptionType))
            return dialect_(406, {});
        const auto wait = authentication_.attempts().wait_of(request.remote, authentication_.now().instant);
        if (wait && request.method == http::Method::Post) return too_many_attempts(dialect_, *wait);
        return std::nullopt;
    }

    Result<Response> create(const Request& request) const {
        if (!http::has_json(request)) return dialect_(415, {});
        const auto credentials = http::BasicCredentials::parse(request.headers.get("Authorization"));
        if (!credentials) return unauthorized("login and password are missing (HTTP Basic)");
        const auto asked = read_token_request(request, authentication_.settings().token_lifetime);
        if (!asked) return refuse(asked);
        auto* backend = authentication_.backends().find(asked->backend);
        if (backend == nullptr) return unauthorized("Authentication Failed");
        const Now now = authentication_.now();
        if (const auto wait = authentication_.attempts().begin(request.remote, now.instant))
            return too_many_attempts(dialect_, *wait);
        auto account =
            backend->verify(credentials->login, credentials->password, *authentication_.configuration());
        if (!account && account.error().code == ErrorCode::Unauthorized) {
            log_info("{} cannot sign in from {}: wrong login or password", asked->backend,
                     request.remote.host());
            return unauthorized(account.error().reason);
        }
        authentication_.attempts().succeeded(request.remote);
        if (!account) return refuse(account);
        const auto issued = authentication_.tokens().issue(*std::move(account), asked->lifetime);
        if (!issued) {
            log_error("no token can be issued: {}", issued.error().reason);
            return refuse(ErrorCode::Unavailable, "", "the token cannot be stored now: try again");
        }
        return show(*issued->token, issued->text);
    }

    Result<Response> read(const Request& request) const {
        const auto token = find(request);
        if (!token) return refuse(token);
        return show(**token, request.path_parameter("token"));
    }

    Result<Response> check(const Request& request) const {
        const auto token = find(request);
        if (!token) return refuse(token);
        return Response::empty(204);
    }

    Result<Response> revoke(const Request& request) const {
        const auto text = request.path_parameter("token");
        const bool known = authentication_.tokens().find(text) != nullptr;
        if (!known) {
            if (const auto wait = count_wrong_token(request)) return too_many_attempts(dialect_, *wait);
        }
        if (const auto revoked = authentication_.tokens().revoke(text); !revoked) {
            log_error("a revoked token stays in the database for now: {}", revoked.error().reason);
            return refuse(ErrorCode::Unavailable, "",
                          "the token is not valid any more, but would be after a restart now: try again");
        }
        return Response::json(200, {{"data", {{"message", "success"}}}});
    }

    Result<Response> list_backends(const Request&) const {
        json::array names;
        for (const auto& backend : authentication_.backends().all())
            names.emplace_back(backend->name());
        return Response::json(200, {{"data", std::move(names)}});
    }

private:
    Response unauthorized(const std::string& why) const {
        return dialect_(401, {ErrorCode::Unauthorized, {}, why})
            .with("WWW-Authenticate", "Basic realm=\"almon\", charset=\"UTF-8\"");
    }

    std::optional<std::chrono::seconds> count_wrong_token(const Request& request) const {
        return authentication_.attempts().begin(request.remote, authentication_.now().instant);
    }

    Result<std::shared_ptr<const Token>> find(const Request& request) const {
        auto token = authentication_.tokens().find(request.path_parameter("token"));
        if (!token) {
            if (count_wrong_token(request))
                return refuse(ErrorCode::Exhausted, "", "too many wrong tokens came from this address");
            return refuse(ErrorCode::NotFound, "", "No such token");
        }
        const auto scope = request.query.find("scope");
        if (scope && !token->may(*scope))
            return refuse(ErrorCode::Forbidden, "", "Unauthorized for " + std::string(*scope));
        return token;
    }

    Response show(const Token& token, std::string_view text) const {
        json::array acls;
        for (const auto& rule : token.account().rules)
            acls.emplace_back(rule);
        return Response::json(200, {{"data",
                                     {{"token", text},
                                      {"auth_id", token.account().auth_id},
                                      {"xivo_user_uuid", optional_text(token.user_uuid())},
                                      {"xivo_uuid", authentication_.settings().installation_uuid},
                                      {"issued_at", local_iso_text(token.issued())},
                                      {"expires_at", local_iso_text(token.expires())},
                                      {"utc_issued_at", utc_iso_text(token.issued())},
                                      {"utc_expires_at", utc_iso_text(token.expires())},
                                      {"acls", std::move(acls)}}}});
    }

    Authentication& authentication_;
    http::ErrorDialect dialect_;
};

}  // namespace

http::ErrorDialect auth_dialect(const Authentication& authentication) {
    return [&authentication](int status, const Error& error) {
        if (status == 406 || status == 415) return Response::empty(status);
        if (status == 503 && error.code == ErrorCode::Exhausted) status = 429;
        const std::string reason = error.field.empty() ? error.reason : error.field + " " + error.reason;
        return Response::json(status, json::object{{"reason", {reason}},
                                                   {"timestamp", {utc_iso_text(authentication.now().utc)}},
                                                   {"status_code", status}});
    };
}

std::shared_ptr<const http::Service> make_auth_service(Authentication& authentication) {
    const auto handlers = std::make_shared<const AuthService>(authentication);
    const auto handler = [&](Result<Response> (AuthService::*handle)(const Request&) const) {
        return [handlers, handle](const Request& request) { return ((*handlers).*handle)(request); };
    };
    auto service = std::make_shared<http::Service>();
    service->name = "xivo-auth";
    service->dialect = handlers->dialect();
    service->before = [handlers](const Request& request, const http::Route&) {
        return handlers->before(request);
    };
    service->cors.origins = {"*"};  // API-036
    service->cors.allow_headers = {"Accept", "Authorization", "Content-Type", "X-Auth-Token"};

    using enum http::Method;
    using enum http::RunsOn;
    http::Router& router = service->router;
    const std::string base(kAuthBase);
    router.add(Get, base + "/backends", handler(&AuthService::list_backends));
    router.add(Post, base + "/token", handler(&AuthService::create), {.runs_on = Pool, .max_body = 4096});
    router.add(Get, base + "/token/{token}", handler(&AuthService::read));
    router.add(Head, base + "/token/{token}", handler(&AuthService::check));
    router.add(Delete, base + "/token/{token}", handler(&AuthService::revoke), {.runs_on = Pool});
    const std::string description = auth_description(router);
    const auto describe = [description](const Request&) {
        return Response::text(200, kDescriptionType, description);
    };
    router.add(Get, base + "/api/api.yml", describe);
    router.add(Get, "/1.1/api/api.yml", describe);  // API-033
    return service;
}

}  // namespace almon::services
