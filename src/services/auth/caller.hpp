// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "http/acl.hpp"
#include "http/request.hpp"

namespace almon::services {

/// Who asks and what he may do, as an authentication found out. Immutable; shared by all his requests.
class Caller : public http::Caller {
public:
    struct Account {
        std::string backend;    ///< "xivo_user", "xivo_service", "xivo_admin"; "trusted" needs no proof.
        std::string name;       ///< The login: what the change log says.
        std::string auth_id;    ///< Names the account within its backend, also when its login changes.
        std::string user_uuid;  ///< Of whom the account is; empty: it is no user's.
        std::vector<std::string> rules;  ///< As configured.
    };

    explicit Caller(Account account)
        : account_(std::move(account)), acl_(account_.rules, account_.user_uuid) {}

    [[nodiscard]] const Account& account() const noexcept { return account_; }
    [[nodiscard]] std::string name() const override { return account_.name; }
    [[nodiscard]] const std::string& user_uuid() const noexcept { return account_.user_uuid; }
    /// Whether his rules grant `required`, for instance "events.calls.6a1f...".
    [[nodiscard]] bool may(std::string_view required) const { return acl_.grants(required); }
    [[nodiscard]] const http::Acl& acl() const noexcept { return acl_; }

private:
    Account account_;
    http::Acl acl_;
};

/// Somebody who has proved who he is for some time, and need not do so again.
class Token final : public Caller {
public:
    Token(Account account, std::string digest, UtcTime issued, UtcTime expires)
        : Caller(std::move(account)), digest_(std::move(digest)), issued_(issued), expires_(expires) {}

    /// SHA-256 in hexadecimal digits. What was hashed is not kept anywhere.
    [[nodiscard]] const std::string& digest() const noexcept { return digest_; }
    [[nodiscard]] UtcTime issued() const noexcept { return issued_; }
    [[nodiscard]] UtcTime expires() const noexcept { return expires_; }

private:
    std::string digest_;
    UtcTime issued_;
    UtcTime expires_;
};

/// Of a request that a filter of authentication.hpp has let in.
[[nodiscard]] inline const Caller& caller_of(const http::Request& request) {
    return static_cast<const Caller&>(*request.caller);
}

}  // namespace almon::services
