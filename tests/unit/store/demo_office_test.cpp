// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/demo_office.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "model/administrator.hpp"
#include "store/password_hash.hpp"
#include "support/files.hpp"

namespace almon::store {
namespace {

class DemoOffice : public testing::Test {
protected:
    DemoOffice() { EXPECT_TRUE(prepare_database(location)); }

    std::vector<DemoUser> start(std::uint64_t seed) {
        auto store = ConfigurationStore::open({location, folder.path() / "secret.key", "almon"}, publisher);
        SeededRandom random(seed);
        auto office = make_demo_office(**store, random, file, UtcTime{});
        EXPECT_TRUE(office) << office.error().reason;
        if (!office) return {};
        admin = office->admin;
        return office->users;
    }

    DemoAdministrator admin;
    test::TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "demo.json";
    DatabaseLocation location = *DatabaseLocation::parse("sqlite://" + (folder.path() / "almon.db").string());
    model::SnapshotPublisher publisher;
};

TEST_F(DemoOffice, HasThreeUsersThatCanBeDialled) {
    const auto users = start(1);
    ASSERT_EQ(users.size(), 3u);
    const auto snapshot = publisher.current();
    ASSERT_NE(snapshot->context("default"), nullptr);
    EXPECT_EQ(snapshot->context("default")->user_ranges.front().start, "1000");
    for (const auto& user : users) {
        const auto* extension = snapshot->extension_in("default", user.exten);
        ASSERT_NE(extension, nullptr);
        ASSERT_EQ(snapshot->lines_of_extension(extension->id).size(), 1u);
        const auto line = snapshot->lines_of_extension(extension->id).front();
        const auto* person = snapshot->user(snapshot->users_of_line(line).front());
        EXPECT_EQ(person->firstname, user.firstname);
        EXPECT_EQ(person->username, user.sip_username);
        EXPECT_EQ(person->password, user.sip_password);
        EXPECT_EQ(snapshot->endpoint_sip_by_username(user.sip_username)->secret, user.sip_password);
        EXPECT_GE(user.sip_password.size(), 16u);
    }
    EXPECT_EQ(users[0].firstname + users[0].exten, "Alice1001");
    EXPECT_EQ(users[1].firstname + users[1].exten, "Bob1002");
    EXPECT_EQ(users[2].firstname + users[2].exten, "Carol1003");
    EXPECT_NE(users[0].sip_password, users[1].sip_password);
}

TEST_F(DemoOffice, IsWrittenForItsOwnerOnly) {
    const auto users = start(1);
    using std::filesystem::perms;
    EXPECT_EQ(std::filesystem::status(file).permissions(), perms::owner_read | perms::owner_write);
    const auto json = boost::json::parse(test::read_file(file)).as_object();
    ASSERT_EQ(json.size(), 2u);
    EXPECT_EQ(json.at("admin").at("username").as_string(), "admin");
    EXPECT_EQ(json.at("admin").at("password").as_string(), admin.password);
    ASSERT_EQ(json.at("users").as_array().size(), 3u);
    const auto& alice = json.at("users").as_array()[0].as_object();
    EXPECT_EQ(alice.size(), 4u);
    EXPECT_EQ(alice.at("firstname").as_string(), "Alice");
    EXPECT_EQ(alice.at("exten").as_string(), "1001");
    EXPECT_EQ(alice.at("sip_username").as_string(), users[0].sip_username);
    EXPECT_EQ(alice.at("sip_password").as_string(), users[0].sip_password);
}

TEST_F(DemoOffice, StartedAgainItKeepsItsData) {
    const auto first = start(1);
    const auto again = start(2);
    ASSERT_EQ(again.size(), 3u);
    EXPECT_EQ(again[0].sip_password, first[0].sip_password);
    EXPECT_EQ(publisher.current()->change(), 2u);
}

TEST_F(DemoOffice, HasAnAdministratorWhoMayDoEverything) {
    start(1);
    const auto all = publisher.current()->all<model::Administrator>();
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all.front()->username, "admin");
    EXPECT_EQ(all.front()->acl, std::vector<std::string>{"#"});
    EXPECT_TRUE(verify_password(all.front()->password, admin.password));
}

TEST_F(DemoOffice, TheAdministratorKeepsHisPasswordUnlessTheFileHasLostIt) {
    start(1);
    const auto first = admin.password;
    start(2);
    EXPECT_EQ(admin.password, first);
    std::filesystem::remove(file);
    start(3);
    EXPECT_NE(admin.password, first);
    const auto all = publisher.current()->all<model::Administrator>();
    ASSERT_EQ(all.size(), 1u);
    EXPECT_TRUE(verify_password(all.front()->password, admin.password));
}

}  // namespace
}  // namespace almon::store
