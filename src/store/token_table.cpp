// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/token_table.hpp"

#include <boost/json.hpp>
#include <soci/soci.h>

#include "base/log.hpp"
#include "store/timestamp.hpp"

namespace almon::store {
namespace {

struct Columns {
    std::string digest, backend, auth_id, user_uuid, name, acl, issued, expires;
};

std::string text_of(const std::vector<std::string>& acl) {
    boost::json::array rules;
    for (const auto& rule : acl)
        rules.emplace_back(rule);
    return boost::json::serialize(rules);
}

Result<StoredToken> token_of(const Columns& columns) {
    StoredToken token{columns.digest, columns.backend, columns.auth_id, columns.user_uuid, columns.name, {}};
    const auto issued = parse_timestamp(columns.issued);
    const auto expires = parse_timestamp(columns.expires);
    if (!issued) return refuse(issued);
    if (!expires) return refuse(expires);
    token.issued = *issued;
    token.expires = *expires;
    boost::json::error_code error;
    const auto acl = boost::json::parse(columns.acl, error);
    if (error || !acl.is_array()) return refuse(ErrorCode::Malformed, "acl", "is no JSON array");
    for (const auto& rule : acl.get_array()) {
        if (!rule.is_string()) return refuse(ErrorCode::Malformed, "acl", "holds something else than texts");
        token.acl.emplace_back(rule.get_string());
    }
    return token;
}

}  // namespace

Result<std::vector<StoredToken>> TokenTable::read() {
    return session_.with(
        [](Session& session) -> Result<std::vector<StoredToken>> {
            Columns columns;
            soci::statement statement =
                (session.soci().prepare
                     << "SELECT digest, backend, auth_id, user_uuid, name, acl, issued, expires FROM tokens",
                 soci::into(columns.digest), soci::into(columns.backend), soci::into(columns.auth_id),
                 soci::into(columns.user_uuid), soci::into(columns.name), soci::into(columns.acl),
                 soci::into(columns.issued), soci::into(columns.expires));
            statement.execute();
            std::vector<StoredToken> tokens;
            while (statement.fetch()) {
                auto token = token_of(columns);
                if (token)
                    tokens.push_back(*std::move(token));
                else
                    log_warning("a stored token of {} is passed over: {} {}", columns.name,
                                token.error().field, token.error().reason);
            }
            return tokens;
        });
}

Result<void> TokenTable::add(const StoredToken& token) {
    return session_.with([&](Session& session) -> Result<void> {
        const auto acl = text_of(token.acl);
        const auto issued = timestamp_text(token.issued);
        const auto expires = timestamp_text(token.expires);
        Transaction transaction(session);
        session.soci() << "INSERT INTO tokens (digest, backend, auth_id, user_uuid, name, acl, issued, "
                          "expires) VALUES (:digest, :backend, :auth_id, :user_uuid, :name, :acl, :issued, "
                          ":expires)",
            soci::use(token.digest), soci::use(token.backend), soci::use(token.auth_id),
            soci::use(token.user_uuid), soci::use(token.name), soci::use(acl), soci::use(issued),
            soci::use(expires);
        transaction.commit();
        return {};
    });
}

Result<void> TokenTable::erase(const std::vector<std::string>& digests) {
    if (digests.empty()) return {};
    return session_.with([&](Session& session) -> Result<void> {
        Transaction transaction(session);
        std::string digest;
        soci::statement statement =
            (session.soci().prepare << "DELETE FROM tokens WHERE digest = :digest", soci::use(digest));
        for (const auto& each : digests) {
            digest = each;
            statement.execute(true);
        }
        transaction.commit();
        return {};
    });
}

Result<void> TokenTable::erase_expired(UtcTime now) {
    return session_.with([&](Session& session) -> Result<void> {
        const auto time = timestamp_text(now);
        Transaction transaction(session);
        session.soci() << "DELETE FROM tokens WHERE expires <= :now", soci::use(time);
        transaction.commit();
        return {};
    });
}

}  // namespace almon::store
