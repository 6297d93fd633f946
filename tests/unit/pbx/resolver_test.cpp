// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/resolver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace almon::pbx {
namespace {

using namespace model;
using testing::ElementsAre;
using testing::HasSubstr;

class Resolving : public testing::Test {
protected:
    void add_context(std::uint64_t id, std::string name, std::vector<std::string> includes = {}) {
        Context context;
        context.id = ContextId{id};
        context.name = std::move(name);
        context.includes = std::move(includes);
        builder.put(context);
    }
    void add_person(std::uint64_t id, std::string username, std::string exten, std::string context) {
        User user;
        user.id = UserId{id};
        user.firstname = username;
        builder.put(user);
        add_line(id, username, std::move(exten), std::move(context));
        builder.put(UserLine{user.id, LineId{id}});
    }
    void add_line(std::uint64_t id, std::string username, std::string exten, std::string context) {
        EndpointSip endpoint;
        endpoint.id = EndpointSipId{id};
        endpoint.username = std::move(username);
        builder.put(endpoint);
        Line line;
        line.id = LineId{id};
        line.context = context;
        line.endpoint_sip = endpoint.id;
        builder.put(line);
        builder.put(Extension{ExtensionId{id}, std::move(exten), std::move(context)});
        builder.put(LineExtension{line.id, ExtensionId{id}});
    }
    /// Name of the user that the number leads to; empty: unknown.
    std::string who(std::string_view context, std::string_view exten) {
        if (!snapshot) snapshot = builder.build(7);
        const auto destination = resolve(*snapshot, context, exten,
                                         [this](std::string step) { steps.push_back(std::move(step)); });
        const auto* user = std::get_if<UserDestination>(&destination);
        return user == nullptr ? "" : user->user->firstname;
    }

    SnapshotBuilder builder{*Snapshot::empty()};
    std::shared_ptr<const Snapshot> snapshot;
    std::vector<std::string> steps;
};

TEST_F(Resolving, ANumberOfTheContextLeadsToItsUser) {
    add_context(1, "default");
    add_person(1, "alice", "1001", "default");
    EXPECT_EQ(who("default", "1001"), "alice");
    EXPECT_EQ(who("default", "1002"), "");
    EXPECT_EQ(who("default", ""), "");
}

TEST_F(Resolving, OwnExtensionsComeBeforeIncludedOnes) {
    add_context(1, "default", {"other"});
    add_context(2, "other");
    add_person(1, "here", "1001", "default");
    add_person(2, "there", "1001", "other");
    EXPECT_EQ(who("default", "1001"), "here");
    EXPECT_EQ(who("other", "1001"), "there");
}

TEST_F(Resolving, IncludesAreLookedIntoInOrderAndDepthFirst) {
    add_context(1, "default", {"first", "second"});
    add_context(2, "first", {"deep"});
    add_context(3, "deep");
    add_context(4, "second");
    add_person(1, "deep", "1001", "deep");
    add_person(2, "second", "1001", "second");
    EXPECT_EQ(who("default", "1001"), "deep");
}

TEST_F(Resolving, ContextsThatIncludeEachOtherAreLookedIntoOnce) {
    add_context(1, "a", {"b", "a"});
    add_context(2, "b", {"a", "c"});
    add_context(3, "c");
    add_person(1, "carol", "1001", "c");
    EXPECT_EQ(who("a", "1001"), "carol");
    EXPECT_EQ(who("a", "1002"), "");
}

TEST_F(Resolving, WhatIsNotIncludedIsSeparate) {
    add_context(1, "default");
    add_context(2, "annex");
    add_person(1, "dave", "2001", "annex");
    EXPECT_EQ(who("default", "2001"), "");
}

TEST_F(Resolving, AContextThatDoesNotExistKnowsNothing) {
    EXPECT_EQ(who("nowhere", "1001"), "");
    EXPECT_THAT(steps,
                ElementsAre("context nowhere does not exist",
                            "1001 is unknown in context nowhere and what it includes (configuration 7)"));
}

TEST_F(Resolving, ANumberWhoseLineHasNoUserIsUnknown) {
    add_context(1, "default", {"other"});
    add_context(2, "other");
    add_line(1, "nobody", "1001", "default");
    add_person(2, "there", "1001", "other");
    EXPECT_EQ(who("default", "1001"), "");
    EXPECT_THAT(steps, ElementsAre("1001@default is extension 1, which leads to no user"));
}

TEST_F(Resolving, AllLinesOfTheUserAreEndpointsTheMainLineFirst) {
    add_context(1, "default");
    add_person(1, "alice", "1001", "default");
    add_line(2, "alice-home", "1011", "default");
    builder.put(UserLine{UserId{1}, LineId{2}, true, false});
    snapshot = builder.build(1);
    for (const auto* number : {"1001", "1011"}) {
        const auto destination = std::get<UserDestination>(resolve(*snapshot, "default", number, {}));
        ASSERT_EQ(destination.endpoints.size(), 2U);
        EXPECT_EQ(destination.endpoints[0].name, "alice");
        EXPECT_EQ(destination.endpoints[1].name, "alice-home");
        EXPECT_EQ(destination.endpoints[0].technology, "SIP");
    }
}

TEST_F(Resolving, EachStepIsTracedWithItsData) {
    add_context(1, "default", {"other"});
    add_context(2, "other");
    add_person(5, "alice", "1001", "other");
    EXPECT_EQ(who("default", "1001"), "alice");
    EXPECT_THAT(steps, ElementsAre("1001 is not in context default, which includes other",
                                   HasSubstr("1001@other is extension 5 of line 5, user 5 (alice")));
}

}  // namespace
}  // namespace almon::pbx
