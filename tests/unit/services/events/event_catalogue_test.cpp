// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/events/event_catalogue.hpp"

#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "support/files.hpp"

namespace almon::services {
namespace {

TEST(EventCatalogue, IsWhatTheDocumentShows) {
    std::ostringstream written;
    written << std::ifstream(test::source_root() / "docs" / "events.md").rdbuf();
    const auto draft = std::filesystem::temp_directory_path() / "almon-events.md";
    const bool same = written.str() == events::document();
    if (!same) std::ofstream(draft) << events::document();
    EXPECT_TRUE(same) << "docs/events.md must be " << draft;
}

TEST(EventCatalogue, EveryTypeHasANameAndAKeyOfItsOwn) {
    std::set<std::string_view> names;
    std::set<std::string_view> keys;
    for (const auto* type : events::all()) {
        EXPECT_TRUE(names.insert(type->name).second) << type->name;
        EXPECT_TRUE(keys.insert(type->routing_key).second) << type->routing_key;
        EXPECT_EQ(type->required_acl.empty(), type->audience != Audience::Granted) << type->name;
        EXPECT_FALSE(type->when.empty());
    }
}

TEST(Message, SaysWhoMayHearIt) {  // API-004, API-229
    EventType type{.name = "a_{word}", .routing_key = "a.{word}", .when = "", .data = ""};
    const auto bus_only = make_message(type, nullptr, "origin", {{"word", "b"}});
    EXPECT_EQ(bus_only.name, "a_b");
    EXPECT_EQ(bus_only.routing_key, "a.b");
    EXPECT_EQ(*bus_only.body, R"({"name":"a_b","origin_uuid":"origin","data":null})");
    type.audience = Audience::Everybody;
    EXPECT_NE(make_message(type, nullptr, "", {{"word", "b"}}).body->find(R"("required_acl":null)"),
              std::string::npos);
}

}  // namespace
}  // namespace almon::services
