// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/events/configuration_events.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/entity.hpp"
#include "model/user.hpp"

namespace almon::services {
namespace {

using testing::ElementsAre;

class ConfigurationEventsTest : public testing::Test {
protected:
    ConfigurationEventsTest() {
        user.id = model::UserId{4};
        user.uuid = "6a1f0c1e-0000-4000-8000-000000000004";
    }

    /// As the store tells of it: with what was there before.
    std::vector<std::string> names_of(const model::User* before, const model::User* after) {
        model::Operation operation{&model::declaration_of<model::User>(), {4, 0}, nullptr, nullptr};
        if (after != nullptr) operation.resource = std::make_shared<const model::User>(*after);
        if (before != nullptr) operation.expected = std::make_shared<const model::User>(*before);
        messages = messages_of({"root", {operation}}, "origin");
        std::vector<std::string> names;
        for (const auto& message : messages)
            names.push_back(message.name);
        return names;
    }

    model::User user;
    std::vector<Message> messages;
};

TEST_F(ConfigurationEventsTest, AUserIsCreatedEditedAndDeleted) {  // API-013, API-014, API-015
    EXPECT_THAT(names_of(nullptr, &user), ElementsAre("user_created"));
    EXPECT_EQ(messages[0].routing_key, "config.user.created");
    EXPECT_EQ(*messages[0].body, R"({"name":"user_created","origin_uuid":"origin","data":{"id":4,)"
                                 R"("uuid":"6a1f0c1e-0000-4000-8000-000000000004"}})");
    EXPECT_THAT(names_of(&user, &user), ElementsAre("user_edited"));
    EXPECT_THAT(names_of(&user, nullptr), ElementsAre("user_deleted"));
    EXPECT_EQ(messages[0].audience, Audience::BusOnly);
}

TEST_F(ConfigurationEventsTest, ForwardsAndServicesThatChanged) {  // API-017, API-018
    auto after = user;
    after.forward_noanswer = {true, "1003"};
    after.incall_filter = true;
    EXPECT_THAT(names_of(&user, &after), ElementsAre("user_edited", "users_forwards_noanswer_updated",
                                                     "users_services_incallfilter_updated"));
    EXPECT_EQ(messages[1].routing_key, "config.users." + user.uuid + ".forwards.noanswer.updated");
    EXPECT_EQ(messages[1].required_acl, "events." + messages[1].routing_key);
    EXPECT_EQ(messages[2].routing_key, "config.users." + user.uuid + ".services.incallfilter.updated");
}

TEST_F(ConfigurationEventsTest, AnyOtherKindByItsName) {
    model::Change change{"root", {}};
    model::Entity entity;
    entity.id = model::EntityId{7};
    change.put(entity);
    messages = messages_of(change, "origin");
    ASSERT_EQ(messages.size(), 1u);
    EXPECT_EQ(messages[0].name, "entity_created");
    EXPECT_EQ(messages[0].required_acl, "events.config.entity.created");
    EXPECT_NE(messages[0].body->find(R"("data":{"id":7})"), std::string::npos);
}

}  // namespace
}  // namespace almon::services
