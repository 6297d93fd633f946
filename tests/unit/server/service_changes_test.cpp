// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/service_changes.hpp"

#include <future>

#include <gtest/gtest.h>

#include "base/system_clock.hpp"
#include "model/change.hpp"
#include "store/configuration_store.hpp"
#include "support/files.hpp"

namespace almon::server {
namespace {

using Service = pbx::ServiceChange::Service;
using namespace std::chrono_literals;

pbx::ServiceChange change_of(std::uint64_t number, Service service = Service::DoNotDisturb) {
    pbx::ServiceChange change;
    change.number = number;
    change.user = model::UserId{1};
    change.service = service;
    change.enabled = true;
    return change;
}

TEST(ServiceChanges, AreMadeInTheirOrderElsewhereAndToldOf) {
    std::vector<std::uint64_t> told;
    std::promise<void> all;
    const auto here = std::this_thread::get_id();
    ServiceChanges changes(
        [&](const pbx::ServiceChange& change) -> Result<void> {
            EXPECT_NE(std::this_thread::get_id(), here);
            if (change.number == 2) return refuse(ErrorCode::NotFound, "user", "is no more");
            return {};
        },
        [&](const pbx::ServiceChange& change, bool made) {
            EXPECT_EQ(made, change.number != 2);
            told.push_back(change.number);
            if (told.size() == 3) all.set_value();
        });
    changes.ask({change_of(1), change_of(2)});
    changes.ask({});
    changes.ask({change_of(3)});
    ASSERT_EQ(all.get_future().wait_for(10s), std::future_status::ready);
    EXPECT_EQ(told, (std::vector<std::uint64_t>{1, 2, 3}));
}

TEST(ServiceChanges, AreInTheStoreWithWhoDidIt) {
    test::TemporaryFolder folder;
    const auto location =
        *store::DatabaseLocation::parse("sqlite://" + (folder.path() / "almon.db").string());
    ASSERT_TRUE(store::prepare_database(location));
    model::SnapshotPublisher publisher;
    auto store =
        *store::ConfigurationStore::open({location, folder.path() / "secret.key", "almon"}, publisher);
    const auto now = system_now().utc;
    model::User user;
    user.id = store->reserve<model::User>();
    user.uuid = "uuid-1";
    user.firstname = "Alice";
    user.lastname = "Martin";
    ASSERT_TRUE(store->apply(model::Change{"test", {}}.put(user), now));

    auto change = change_of(1);
    change.user = user.id;
    ASSERT_TRUE(make_service_change(*store, change, now));
    EXPECT_TRUE(publisher.current()->user(user.id)->do_not_disturb);
    const auto lines = store->change_log(0, 10);
    ASSERT_TRUE(lines);
    EXPECT_EQ(lines->back().who, "Alice Martin by telephone");
    ASSERT_TRUE(make_service_change(*store, change, now)) << "it is so already";
    EXPECT_EQ(store->change_log(0, 10)->size(), lines->size()) << "and nothing was changed";

    change.service = Service::ForwardBusy;
    change.destination = "no number";
    EXPECT_FALSE(make_service_change(*store, change, now)) << "no telephone can dial it";
    change.user = model::UserId{99};
    EXPECT_EQ(make_service_change(*store, change, now).error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace almon::server
