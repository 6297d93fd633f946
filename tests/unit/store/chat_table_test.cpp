// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/chat_table.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "support/files.hpp"
#include "support/postgresql_server.hpp"

namespace almon::store {
namespace {

constexpr auto kAll = std::numeric_limits<std::int64_t>::max();
const UtcTime kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 29} + std::chrono::hours(12)};

std::vector<std::string> texts(const Result<std::vector<ChatMessage>>& messages) {
    EXPECT_TRUE(messages) << messages.error().reason;
    std::vector<std::string> texts;
    for (const auto& message : *messages)
        texts.push_back(message.text);
    return texts;
}
using Texts = std::vector<std::string>;

/// @return the new message's id.
std::int64_t write(ChatTable& table, const std::string& from, const std::string& to,
                   const std::string& text) {
    const auto id = table.add({0, kNow, from, to, from, text});
    EXPECT_TRUE(id) << id.error().reason;
    return id.value_or(0);
}

void check(const DatabaseLocation& location) {
    ASSERT_TRUE(prepare_database(location));
    ChatTable table(location, 3);
    EXPECT_TRUE(table.conversations("alice")->empty());
    const auto first = write(table, "alice", "bob", "Lunch?");
    const auto second = write(table, "bob", "alice", "'; DROP TABLE users; -- ☕");
    EXPECT_LT(first, second);
    write(table, "carol", "alice", "Hello");
    write(table, "alice", "alice", "Buy milk");

    // Each as the two see them, the newest first.
    auto conversations = *table.conversations("alice");
    ASSERT_EQ(conversations.size(), 3u);
    EXPECT_EQ(conversations[0].with, "alice");
    EXPECT_EQ(conversations[0].unread, 0) << "what one writes to oneself is read";
    EXPECT_EQ(conversations[1].with, "carol");
    EXPECT_EQ(conversations[1].unread, 1);
    EXPECT_EQ(conversations[2].with, "bob");
    EXPECT_EQ(conversations[2].unread, 1);
    EXPECT_EQ(conversations[2].last.text, "'; DROP TABLE users; -- ☕");
    EXPECT_EQ(conversations[2].last.time, kNow);
    EXPECT_EQ(table.conversations("bob")->front().unread, 1);
    EXPECT_EQ(texts(table.messages("bob", "alice", kAll, 10)),
              texts(table.messages("alice", "bob", kAll, 10)));
    EXPECT_EQ(texts(table.messages("alice", "alice", kAll, 10)), Texts{"Buy milk"});

    // Read by who was written to alone.
    EXPECT_FALSE(*table.mark_read("alice", "bob", first)) << "that one is hers";
    EXPECT_TRUE(*table.mark_read("alice", "bob", second));
    EXPECT_FALSE(*table.mark_read("alice", "bob", second));
    EXPECT_EQ(table.conversations("alice")->back().unread, 0);
    EXPECT_EQ(table.conversations("bob")->front().unread, 1);

    // Of two the newest are kept, whoever wrote them; of others nothing goes.
    write(table, "bob", "alice", "3");
    const auto fourth = write(table, "alice", "bob", "4");
    EXPECT_EQ(texts(table.messages("alice", "bob", kAll, 10)),
              (Texts{"'; DROP TABLE users; -- ☕", "3", "4"}));
    EXPECT_EQ(texts(table.messages("alice", "bob", fourth, 1)), Texts{"3"});
    EXPECT_EQ(texts(table.messages("alice", "carol", kAll, 10)), Texts{"Hello"});

    // Nobody of these is a user.
    ASSERT_TRUE(table.forget_the_gone());
    EXPECT_TRUE(table.conversations("alice")->empty());
}

TEST(ChatTable, KeepsWhatTwoWriteToEachOther) {
    const test::TemporaryFolder folder;
    check(*DatabaseLocation::parse("sqlite://" + (folder.path() / "almon.db").string()));
}

TEST(ChatTableOnPostgresql, KeepsWhatTwoWriteToEachOther) {
    ALMON_NEEDS_POSTGRESQL();
    check(*DatabaseLocation::parse(test::PostgresqlServer::shared()->create_database()));
}

}  // namespace
}  // namespace almon::store
