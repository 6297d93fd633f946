// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "base/result.hpp"
#include "base/system_clock.hpp"
#include "http/digest_access.hpp"
#include "http/service.hpp"
#include "model/change.hpp"
#include "model/snapshot_publisher.hpp"
#include "services/auth/attempt_limit.hpp"
#include "services/auth/backends.hpp"
#include "services/auth/token_store.hpp"
#include "store/database.hpp"

namespace almon::services {

/// Who may use the programming interfaces: one for all services. Any thread.
class Authentication final {
public:
    struct Settings {
        store::DatabaseLocation database;
        std::chrono::seconds token_lifetime{7200};  ///< Of tokens that are asked for without saying.
        AttemptLimit::Settings attempts;
        std::string installation_uuid;
    };

    /// Loads the tokens. `configuration` is lent, and already published.
    [[nodiscard]] static Result<std::unique_ptr<Authentication>> open(
        Settings settings, const model::SnapshotPublisher& configuration, Clock clock,
        std::unique_ptr<Random> random);

    /// Takes the rights away that `change` has ended: for ConfigurationStore::listen().
    void follow(const model::Change& change, const model::Snapshot& snapshot);

    [[nodiscard]] TokenStore& tokens() noexcept { return *tokens_; }
    [[nodiscard]] const Backends& backends() const noexcept { return backends_; }
    [[nodiscard]] AttemptLimit& attempts() noexcept { return attempts_; }
    [[nodiscard]] Now now() const { return clock_(); }
    [[nodiscard]] std::shared_ptr<const model::Snapshot> configuration() const {
        return configuration_.current();
    }
    [[nodiscard]] const Settings& settings() const noexcept { return settings_; }
    [[nodiscard]] const http::DigestNonces& nonces() const noexcept { return nonces_; }

private:
    Authentication(Settings settings, const model::SnapshotPublisher& configuration, Clock clock,
                   Random& random);

    const model::SnapshotPublisher& configuration_;
    const Settings settings_;
    Clock clock_;
    Backends backends_;
    AttemptLimit attempts_;
    http::DigestNonces nonces_;
    std::unique_ptr<TokenStore> tokens_;
};

/// How a service lets requests in.
struct Access {
    std::string service;  ///< First word of what it asks for: "confd".
    http::ErrorDialect dialect;
    /// Also those without a token whom a web service account lets in: by the address they come from (API-042)
    /// or by HTTP Digest (API-043). Deprecated from the beginning; for confd alone. An account whose rules
    /// are empty may do everything there, as it could before there were rules.
    bool admits_web_services = false;
};

/// The filter of a service whose requests carry a token (API-037): X-Auth-Token must be valid and its rules
/// grant what the route asks for, else the answer is 401. A route asks for RouteOptions::acl or, without one,
/// for service, path and action (API-038, API-041); RouteOptions::is_public asks for nothing. Sets
/// request.caller to a Caller, which caller_of() gives; where one is set already, only his rules are asked.
/// `authentication` is lent.
[[nodiscard]] http::BeforeFilter authenticated(Authentication& authentication, Access access);

/// The filter of a service that only programs of the machine itself reach: everybody may do everything, under
/// this name in the change log.
[[nodiscard]] http::BeforeFilter trusted(std::string name);

/// 429 in the service's dialect.
[[nodiscard]] http::Response too_many_attempts(const http::ErrorDialect& dialect, std::chrono::seconds wait);

}  // namespace almon::services
