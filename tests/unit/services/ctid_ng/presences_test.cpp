// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctid_ng/presences.hpp"

#include <gtest/gtest.h>
#include <soci/soci.h>

#include "support/files.hpp"

namespace almon::services {
namespace {

TEST(Presences, AreKeptForUsersWhoAreStillThere) {
    const test::TemporaryFolder folder;
    const auto location =
        *store::DatabaseLocation::parse("sqlite://" + (folder.path() / "almon.db").string());
    ASSERT_TRUE(store::prepare_database(location));
    auto session = store::Session::open(location);
    session->soci() << "INSERT INTO users (id, uuid, firstname, lastname, caller_id, language, ring_seconds, "
                       "simultaneous_calls, enabled) VALUES (1, 'here', '', '', '', '', 30, 5, 1)";
    {
        const auto presences = *Presences::open(location);
        EXPECT_EQ(presences->of("here"), "disconnected");
        EXPECT_TRUE(*presences->choose("here", "away"));
        EXPECT_TRUE(*presences->choose("here", "available"));
        EXPECT_FALSE(*presences->choose("here", "available"));
        EXPECT_TRUE(*presences->choose("gone", "away"));
    }
    const auto presences = *Presences::open(location);
    EXPECT_EQ(presences->of("here"), "available");
    EXPECT_EQ(presences->of("gone"), "disconnected");
}

}  // namespace
}  // namespace almon::services
