// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/snapshot.hpp"

#include <algorithm>
#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "base/system_clock.hpp"

namespace almon::model {
namespace {

Line line(std::uint64_t id, std::uint64_t endpoint = 0, int position = 1) {
    Line made;
    made.id = LineId{id};
    made.name = "line" + std::to_string(id);
    made.context = "default";
    made.endpoint_sip = EndpointSipId{endpoint};
    made.position = position;
    return made;
}
User user(std::uint64_t id, std::string firstname = "Alice") {
    User made;
    made.id = UserId{id};
    made.uuid = "uuid-" + std::to_string(id);
    made.firstname = std::move(firstname);
    return made;
}
EndpointSip endpoint(std::uint64_t id, std::string username) {
    EndpointSip made;
    made.id = EndpointSipId{id};
    made.username = std::move(username);
    return made;
}
Extension extension(std::uint64_t id, std::string exten, std::string context = "default") {
    return Extension{ExtensionId{id}, std::move(exten), std::move(context)};
}

/// Users 1..count, each with a line, a SIP account "sip<n>" and the number 100000 + n.
std::shared_ptr<const Snapshot> office(std::uint64_t count) {
    SnapshotBuilder builder(*Snapshot::empty());
    for (std::uint64_t n = 1; n <= count; ++n) {
        builder.put(user(n));
        builder.put(endpoint(n, "sip" + std::to_string(n)));
        builder.put(line(n, n));
        builder.put(extension(n, std::to_string(100000 + n)));
        builder.put(UserLine{UserId{n}, LineId{n}});
        builder.put(LineExtension{LineId{n}, ExtensionId{n}});
    }
    return builder.build(1);
}

TEST(Snapshot, Empty_HasNothingAndIsChangeZero) {
    const auto snapshot = Snapshot::empty();
    EXPECT_EQ(snapshot->change(), 0u);
    EXPECT_EQ(snapshot->user(UserId{1}), nullptr);
    EXPECT_EQ(snapshot->context("default"), nullptr);
    EXPECT_EQ(snapshot->extension_in("default", "1001"), nullptr);
    EXPECT_TRUE(snapshot->lines_of_user(UserId{1}).empty());
    EXPECT_EQ(snapshot->main_extension_of_line(LineId{1}), nullptr);
}

TEST(Snapshot, FindsEveryResourceByItsNames) {
    const auto snapshot = office(1000);
    for (std::uint64_t n = 1; n <= 1000; ++n) {
        const auto* account = snapshot->endpoint_sip_by_username("sip" + std::to_string(n));
        ASSERT_NE(account, nullptr);
        const auto* its_line = snapshot->line_of_endpoint(account->id);
        ASSERT_NE(its_line, nullptr);
        EXPECT_EQ(its_line->id, LineId{n});
        EXPECT_EQ(snapshot->users_of_line(its_line->id), std::vector{UserId{n}});
        const auto* number = snapshot->extension_in("default", std::to_string(100000 + n));
        ASSERT_NE(number, nullptr);
        EXPECT_EQ(snapshot->lines_of_extension(number->id), std::vector{LineId{n}});
        EXPECT_EQ(snapshot->main_extension_of_line(LineId{n}), number);
        EXPECT_EQ(snapshot->user_by_uuid("uuid-" + std::to_string(n)), snapshot->user(UserId{n}));
    }
    EXPECT_EQ(snapshot->extension_in("other", "100001"), nullptr);
    EXPECT_EQ(snapshot->all<User>().size(), 1000u);
    EXPECT_EQ(snapshot->all<User>().front()->id, UserId{1});
}

TEST(Snapshot, APublishedSnapshotNeverChanges) {
    const auto before = office(10);
    SnapshotBuilder builder(*before);
    builder.put(user(3, "Carol"));
    builder.erase(ExtensionId{4});
    builder.put(endpoint(5, "renamed"));
    const auto after = builder.build(2);

    EXPECT_EQ(before->user(UserId{3})->firstname, "Alice");
    EXPECT_NE(before->extension_in("default", "100004"), nullptr);
    EXPECT_NE(before->endpoint_sip_by_username("sip5"), nullptr);
    EXPECT_EQ(before->endpoint_sip_by_username("renamed"), nullptr);
    EXPECT_EQ(before->change(), 1u);

    EXPECT_EQ(after->user(UserId{3})->firstname, "Carol");
    EXPECT_EQ(after->user_by_uuid("uuid-3")->firstname, "Carol");
    EXPECT_EQ(after->extension_in("default", "100004"), nullptr);
    EXPECT_TRUE(after->lines_of_extension(ExtensionId{4}).empty());
    EXPECT_EQ(after->main_extension_of_line(LineId{4}), nullptr);
    EXPECT_EQ(after->endpoint_sip_by_username("sip5"), nullptr);
    EXPECT_EQ(after->endpoint_sip_by_username("renamed")->id, EndpointSipId{5});
    EXPECT_EQ(after->change(), 2u);
}

TEST(Snapshot, SharesWhatDidNotChange) {
    const auto before = office(100);
    SnapshotBuilder builder(*before);
    builder.put(user(3, "Carol"));
    const auto after = builder.build(2);
    EXPECT_EQ(before->user(UserId{4}), after->user(UserId{4}));
    EXPECT_EQ(before->extension(ExtensionId{3}), after->extension(ExtensionId{3}));
    EXPECT_NE(before->user(UserId{3}), after->user(UserId{3}));
}

TEST(Snapshot, LinesOfAUser_MainFirstThenByPosition) {
    SnapshotBuilder builder(*Snapshot::empty());
    builder.put(user(1));
    builder.put(line(1, 0, 3));
    builder.put(line(2, 0, 2));
    builder.put(line(3, 0, 4));
    builder.put(UserLine{UserId{1}, LineId{1}, true, false});
    builder.put(UserLine{UserId{1}, LineId{2}, true, false});
    builder.put(UserLine{UserId{1}, LineId{3}, true, true});
    const auto first = builder.build(1);
    EXPECT_EQ(first->lines_of_user(UserId{1}), (std::vector{LineId{3}, LineId{2}, LineId{1}}));

    SnapshotBuilder moved(*first);
    moved.put(line(1, 0, 1));
    EXPECT_EQ(moved.build(2)->lines_of_user(UserId{1}), (std::vector{LineId{3}, LineId{1}, LineId{2}}));
}

TEST(Snapshot, UsersOfALine_MainFirst) {
    SnapshotBuilder builder(*Snapshot::empty());
    builder.put(UserLine{UserId{1}, LineId{1}, false, true});
    builder.put(UserLine{UserId{2}, LineId{1}, true, true});
    const auto snapshot = builder.build(1);
    EXPECT_EQ(snapshot->users_of_line(LineId{1}), (std::vector{UserId{2}, UserId{1}}));
    ASSERT_NE(snapshot->user_line(UserId{2}, LineId{1}), nullptr);
    EXPECT_TRUE(snapshot->user_line(UserId{2}, LineId{1})->main_user);
}

TEST(Snapshot, MainExtensionOfALine_IsTheOneThatSaysSo) {
    SnapshotBuilder builder(*Snapshot::empty());
    builder.put(extension(1, "1001"));
    builder.put(extension(2, "1002"));
    builder.put(LineExtension{LineId{1}, ExtensionId{1}, false});
    builder.put(LineExtension{LineId{1}, ExtensionId{2}, true});
    builder.put(LineExtension{LineId{2}, ExtensionId{1}, false});
    const auto snapshot = builder.build(1);
    EXPECT_EQ(snapshot->main_extension_of_line(LineId{1})->exten, "1002");
    EXPECT_EQ(snapshot->main_extension_of_line(LineId{2}), nullptr);
    EXPECT_EQ(snapshot->lines_of_extension(ExtensionId{1}), (std::vector{LineId{1}, LineId{2}}));
}

TEST(Snapshot, NamesMayBeSwappedInOneChange) {
    const auto before = office(2);
    SnapshotBuilder builder(*before);
    builder.put(endpoint(1, "sip2"));
    builder.put(endpoint(2, "sip1"));
    builder.put(line(1, 2));
    builder.put(line(2, 1));
    const auto after = builder.build(2);
    EXPECT_EQ(after->endpoint_sip_by_username("sip2")->id, EndpointSipId{1});
    EXPECT_EQ(after->endpoint_sip_by_username("sip1")->id, EndpointSipId{2});
    EXPECT_EQ(after->line_of_endpoint(EndpointSipId{2})->id, LineId{1});
    EXPECT_EQ(after->line_of_endpoint(EndpointSipId{1})->id, LineId{2});
}

TEST(Snapshot, ErasingTakesTheAssociationsAway) {
    const auto before = office(3);
    SnapshotBuilder builder(*before);
    builder.erase(LineId{2});
    builder.erase(UserId{3});
    const auto after = builder.build(2);
    EXPECT_TRUE(after->lines_of_user(UserId{2}).empty());
    EXPECT_TRUE(after->lines_of_extension(ExtensionId{2}).empty());
    EXPECT_EQ(after->line_of_endpoint(EndpointSipId{2}), nullptr);
    EXPECT_TRUE(after->users_of_line(LineId{3}).empty());
    EXPECT_EQ(after->user_by_uuid("uuid-3"), nullptr);
}

TEST(Snapshot, OneChangeAmong20000Users_IsBuiltInAFewMilliseconds) {
    std::shared_ptr<const Snapshot> snapshot = office(20000);
    // The quickest of some, as the machine may be busy with other tests.
    Duration quickest = 1h;
    for (std::uint64_t n = 1; n <= 100; ++n) {
        const auto start = system_now().instant;
        SnapshotBuilder builder(*snapshot);
        builder.put(user(n * 7, "Changed"));
        builder.put(extension(n * 7, std::to_string(200000 + n)));
        snapshot = builder.build(1 + n);
        quickest = std::min(quickest, system_now().instant - start);
    }
    EXPECT_LT(quickest, 5ms);
}

}  // namespace
}  // namespace almon::model
