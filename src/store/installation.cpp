// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/installation.hpp"

#include <soci/soci.h>

#include "base/uuid.hpp"

namespace almon::store {

Result<std::string> installation_uuid(const DatabaseLocation& location, Random& random) {
    auto session = Session::open(location);
    if (!session) return refuse(session);
    return guarded([&]() -> Result<std::string> {
        std::string uuid = random_uuid(random);
        // Whoever comes first decides.
        session->soci() << "INSERT INTO installation (name, value) VALUES ('uuid', :value) "
                           "ON CONFLICT (name) DO NOTHING",
            soci::use(uuid);
        session->soci() << "SELECT value FROM installation WHERE name = 'uuid'", soci::into(uuid);
        return uuid;
    });
}

}  // namespace almon::store
