// SPDX-License-Identifier: GPL-3.0-or-later
#include "pbx/caller_id.hpp"

#include <gtest/gtest.h>

namespace almon::pbx {
namespace {

TEST(CallerIdText, NameInQuotesAndNumberInBrackets) {  // ADB-032
    EXPECT_EQ(parse_caller_id(R"("My Name" <9999>)"), (CallerId{"My Name", "9999", false}));
}

TEST(CallerIdText, QuotesMayBeMissing) {
    EXPECT_EQ(parse_caller_id("My Name <9999>"), (CallerId{"My Name", "9999", false}));
    EXPECT_EQ(parse_caller_id("  My Name  "), (CallerId{"My Name", "", false}));
}

TEST(CallerIdText, NumberMayBeMissing) {
    EXPECT_EQ(parse_caller_id(R"("My Name")"), (CallerId{"My Name", "", false}));
    EXPECT_EQ(parse_caller_id(R"("My Name" <>)"), (CallerId{"My Name", "", false}));
}

TEST(CallerIdText, NumberAlone) {
    EXPECT_EQ(parse_caller_id("<9999>"), (CallerId{"", "9999", false}));
}

TEST(CallerIdText, QuotedCharactersAreUnescaped) {
    EXPECT_EQ(parse_caller_id(R"("Jo \"The Voice\" \\ Doe" <1>)"),
              (CallerId{R"(Jo "The Voice" \ Doe)", "1", false}));
}

TEST(CallerIdText, WhateverIsNoNumberIsName) {
    EXPECT_EQ(parse_caller_id(""), CallerId{});
    EXPECT_EQ(parse_caller_id("a > b"), (CallerId{"a > b", "", false}));
    EXPECT_EQ(parse_caller_id("b>"), (CallerId{"b>", "", false}));
    EXPECT_EQ(parse_caller_id("\""), (CallerId{"\"", "", false}));
}

class InternalCallerId : public testing::Test {
protected:
    InternalCallerId() {
        user.id = model::UserId{1};
        user.firstname = "Alice";
        user.lastname = "Martin";
        line.id = model::LineId{1};
        line.context = "default";
    }
    CallerId shown() {
        model::SnapshotBuilder builder(*model::Snapshot::empty());
        builder.put(line);
        builder.put(model::Extension{model::ExtensionId{1}, "1001", "default"});
        builder.put(model::LineExtension{line.id, model::ExtensionId{1}});
        const auto snapshot = builder.build(1);
        return internal_caller_id(*snapshot, *snapshot->line(line.id), with_user ? &user : nullptr);
    }

    model::User user;
    model::Line line;
    bool with_user = true;
};

TEST_F(InternalCallerId, IsFirstAndLastNameWithTheMainExtension) {
    EXPECT_EQ(shown(), (CallerId{"Alice Martin", "1001", false}));
    user.lastname.clear();
    EXPECT_EQ(shown().name, "Alice");
}

TEST_F(InternalCallerId, UsersCallerIdWins) {
    user.caller_id = R"("Reception" <1000>)";
    EXPECT_EQ(shown(), (CallerId{"Reception", "1000", false}));
}

TEST_F(InternalCallerId, WithoutNumberTheExtensionIsUsed) {  // ADB-032
    user.caller_id = R"("Reception")";
    EXPECT_EQ(shown(), (CallerId{"Reception", "1001", false}));
}

TEST_F(InternalCallerId, LinesOwnCallerIdWinsOverTheUsers) {
    user.caller_id = R"("Reception" <1000>)";
    line.caller_id_name = "Desk";
    EXPECT_EQ(shown(), (CallerId{"Desk", "1000", false}));
    line.caller_id_number = "1099";
    EXPECT_EQ(shown(), (CallerId{"Desk", "1099", false}));
}

TEST_F(InternalCallerId, LineOfNobodyShowsItsExtension) {
    with_user = false;
    EXPECT_EQ(shown(), (CallerId{"", "1001", false}));
}

}  // namespace
}  // namespace almon::pbx
