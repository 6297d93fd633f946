// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/presence_table.hpp"

#include <soci/soci.h>

namespace almon::store {

Result<std::unordered_map<std::string, std::string>> PresenceTable::read() {
    using Presences = std::unordered_map<std::string, std::string>;
    return session_.with([](Session& session) -> Result<Presences> {
        Transaction transaction(session);
        session.soci() << "DELETE FROM user_presences WHERE user_uuid NOT IN (SELECT uuid FROM users)";
        Presences presences;
        std::string user, presence;
        soci::statement statement =
            (session.soci().prepare << "SELECT user_uuid, presence FROM user_presences", soci::into(user),
             soci::into(presence));
        statement.execute();
        while (statement.fetch())
            presences.insert_or_assign(user, presence);
        transaction.commit();
        return presences;
    });
}

Result<void> PresenceTable::put(const std::string& user_uuid, const std::string& presence) {
    return session_.with([&](Session& session) -> Result<void> {
        Transaction transaction(session);
        session.soci() << "INSERT INTO user_presences (user_uuid, presence) VALUES (:user, :presence) "
                          "ON CONFLICT (user_uuid) DO UPDATE SET presence = excluded.presence",
            soci::use(user_uuid), soci::use(presence);
        transaction.commit();
        return {};
    });
}

}  // namespace almon::store
