// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/auth/authentication.hpp"

#include <utility>

#include <tl/expected.hpp>

#include "base/digest_hash.hpp"
#include "model/web_service.hpp"

namespace almon::services {

namespace {

constexpr std::string_view kTokenField = "X-Auth-Token";
/// Browsers ask the person for a password when a challenge names a scheme they know; this one they do not.
constexpr std::string_view kTokenChallenge = "X-Auth-Token";
constexpr std::string_view kRealm = "almon";

/// What a route asks for that does not say: "confd", its path, and what is done.
http::AclWords words_of_path(std::string_view service, const http::Route& route,
                             const http::Request& request) {
    http::AclWords words = {service};
    std::string_view path = route.path;
    while (!path.empty()) {
        path.remove_prefix(1);  // the slash
        std::string_view word = path.substr(0, path.find('/'));
        path.remove_prefix(word.size());
        if (word.size() > 2 && word.front() == '{' && word.back() == '}') {
            std::string_view name = word.substr(1, word.size() - 2);
            if (name.ends_with("...")) name.remove_suffix(3);
            word = request.path_parameter(name);
        }
        words.push_back(word);
    }
    words.push_back(http::acl_action(route.method));
    return words;
}

http::Response refused(const Access& access, const char* why) {
    auto response = access.dialect(401, {ErrorCode::Unauthorized, {}, why});
    response.headers.set("WWW-Authenticate", kTokenChallenge);
    return response;
}

http::Response digest_wanted(const Authentication& authentication, const Access& access, const char* why,
                             bool stale) {
    auto response = refused(access, why);
    response.headers.set(
        "WWW-Authenticate",
        http::digest_challenge(kRealm, authentication.nonces().issue(authentication.now().utc), stale));
    return response;
}

std::shared_ptr<const Caller> caller_for(const model::WebService& service, const Access& access) {
    Caller::Account account{"xivo_service", service.username, std::to_string(service.id.value), "",
                            service.acl};
    if (account.rules.empty()) account.rules.push_back(access.service + ".#");
    return std::make_shared<const Caller>(std::move(account));
}

/// Null: no account names the address.
const model::WebService* service_at(const NetAddress& remote, const model::Snapshot& snapshot) {
    const model::WebService* found = nullptr;
    snapshot.for_each<model::WebService>([&](const model::WebService& service) {
        if (found != nullptr || service.host.empty()) return;
        const auto host = NetAddress::parse(service.host, 0);
        if (host && host->same_host(remote)) found = &service;
    });
    return found;
}

using Admitted = tl::expected<std::shared_ptr<const Caller>, http::Response>;

Admitted admit_by_digest(Authentication& authentication, const Access& access, const http::Request& request,
                         std::string_view field) {
    const Now now = authentication.now();
    const auto credentials = http::DigestCredentials::parse(field);
    if (!credentials) {
        return tl::unexpected(
            digest_wanted(authentication, access, "the Authorization field cannot be used", false));
    }
    using Verdict = http::DigestNonces::Verdict;
    const auto verdict = authentication.nonces().check(credentials->nonce, now.utc);
    // RFC 7616 section 3.4.6: what was proved for one resource is not taken for another.
    if (verdict != Verdict::Fresh || credentials->realm != kRealm || credentials->uri != request.target) {
        return tl::unexpected(
            digest_wanted(authentication, access, "prove the password anew", verdict == Verdict::Stale));
    }
    if (const auto wait = authentication.attempts().begin(request.remote, now.instant))
        return tl::unexpected(too_many_attempts(access.dialect, *wait));
    const auto snapshot = authentication.configuration();
    const auto id = snapshot->id_by<model::WebService>("username", credentials->username);
    const auto* service = snapshot->find(model::WebServiceId{id});
    const bool takes_digest = service != nullptr && service->host.empty() && !service->password.empty();
    const std::string a1 = digest_a1(DigestAlgorithm::Md5, credentials->username, kRealm,
                                     takes_digest ? std::string_view(service->password) : "");
    const bool proved = credentials->prove(a1, http::method_name(request.method));
    if (!takes_digest || !proved)
        return tl::unexpected(digest_wanted(authentication, access, "wrong login or password", false));
    authentication.attempts().succeeded(request.remote);
    return caller_for(*service, access);
}

Admitted admit_without_token(Authentication& authentication, const Access& access,
                             const http::Request& request) {
    constexpr auto kMissing = "a token is missing: X-Auth-Token";
    if (!access.admits_web_services) return tl::unexpected(refused(access, kMissing));
    if (const auto field = request.headers.find("Authorization"); field && field->starts_with("Digest "))
        return admit_by_digest(authentication, access, request, *field);
    const auto snapshot = authentication.configuration();
    if (const auto* service = service_at(request.remote, *snapshot)) return caller_for(*service, access);
    return tl::unexpected(digest_wanted(authentication, access, kMissing, false));
}

Admitted admit_by_token(Authentication& authentication, const Access& access, const http::Request& request,
                        std::string_view text) {
    if (auto token = authentication.tokens().find(text)) return token;
    if (const auto wait = authentication.attempts().begin(request.remote, authentication.now().instant))
        return tl::unexpected(too_many_attempts(access.dialect, *wait));
    return tl::unexpected(refused(access, "the token is unknown or has expired"));
}

}  // namespace

Authentication::Authentication(Settings settings, const model::SnapshotPublisher& configuration, Clock clock,
                               Random& random)
    : configuration_(configuration),
      settings_(std::move(settings)),
      clock_(std::move(clock)),
      attempts_(settings_.attempts, random),
      nonces_(random) {}

Result<std::unique_ptr<Authentication>> Authentication::open(Settings settings,
                                                             const model::SnapshotPublisher& configuration,
                                                             Clock clock, std::unique_ptr<Random> random) {
    std::unique_ptr<Authentication> made(
        new Authentication(std::move(settings), configuration, std::move(clock), *random));
    auto tokens = TokenStore::open(made->settings_.database, made->clock_, std::move(random));
    if (!tokens) return refuse(tokens);
    made->tokens_ = *std::move(tokens);
    made->follow({}, *configuration.current());
    return made;
}

void Authentication::follow(const model::Change& change, const model::Snapshot& snapshot) {
    backends_.revoke_ended(*tokens_, change, snapshot);
}

http::BeforeFilter authenticated(Authentication& authentication, Access access) {
    return [&authentication, access = std::move(access)](
               http::Request& request, const http::Route& route) -> std::optional<http::Response> {
        if (route.options.is_public) return std::nullopt;
        const auto text = request.headers.find(kTokenField);
        // An operation of a batch comes with the batch's caller.
        auto caller = request.caller ? Admitted(std::static_pointer_cast<const Caller>(request.caller))
                      : text && !text->empty() ? admit_by_token(authentication, access, request, *text)
                                               : admit_without_token(authentication, access, request);
        if (!caller) return std::move(caller).error();
        const bool granted =
            (*caller)->acl().grants(route.options.acl.empty() ? words_of_path(access.service, route, request)
                                                              : http::acl_words(route.options.acl, request));
        if (!granted) return refused(access, "this is not granted to you");
        request.caller = *std::move(caller);
        return std::nullopt;
    };
}

http::BeforeFilter trusted(std::string name) {
    const auto caller =
        std::make_shared<const Caller>(Caller::Account{"trusted", std::move(name), "", "", {"#"}});
    return [caller](http::Request& request, const http::Route&) -> std::optional<http::Response> {
        request.caller = caller;
        return std::nullopt;
    };
}

http::Response too_many_attempts(const http::ErrorDialect& dialect, std::chrono::seconds wait) {
    auto response =
        dialect(429, {ErrorCode::Exhausted, {}, "too many wrong tokens or passwords came from this address"});
    response.headers.set("Retry-After", std::to_string(wait.count()));
    return response;
}

}  // namespace almon::services
