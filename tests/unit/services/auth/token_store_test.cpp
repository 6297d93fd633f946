// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/auth/token_store.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <soci/soci.h>

#include "base/random.hpp"
#include "support/files.hpp"
#include "support/postgresql_server.hpp"

namespace almon::services {
namespace {

const UtcTime kStart{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + 12h};

Caller::Account alice() {
    return {"xivo_user",
            "alice",
            "6a1f0c1e-0000-4000-8000-000000000001",
            "6a1f0c1e-0000-4000-8000-000000000001",
            {"confd.users.me.#", "websocketd"}};
}

/// A database, and the stores of one process after the other on it.
struct Place {
    explicit Place(store::DatabaseLocation where) : location(std::move(where)) {
        const auto prepared = store::prepare_database(location);
        EXPECT_TRUE(prepared) << prepared.error().reason;
    }
    std::unique_ptr<TokenStore> open() {
        auto store = TokenStore::open(
            location,
            [this] {
                return Now{Instant{}, UtcTime{std::chrono::microseconds(utc.load())}};
            },
            std::make_unique<SystemRandom>());
        EXPECT_TRUE(store) << store.error().reason;
        return store ? *std::move(store) : nullptr;
    }
    void pass(std::chrono::microseconds time) { utc += time.count(); }
    std::size_t rows() {
        store::TokenTable table(location);
        return table.read()->size();
    }

    store::DatabaseLocation location;
    std::atomic<std::chrono::microseconds::rep> utc = kStart.time_since_epoch().count();
};

void a_token_says_whose_it_is(Place& place) {
    auto tokens = place.open();
    const auto issued = tokens->issue(alice(), 60s);
    ASSERT_TRUE(issued) << issued.error().reason;
    EXPECT_EQ(issued->text.size(), 36u);
    const auto token = tokens->find(issued->text);
    ASSERT_TRUE(token);
    EXPECT_EQ(token, issued->token);
    EXPECT_EQ(token->name(), "alice");
    EXPECT_EQ(token->issued(), kStart);
    EXPECT_EQ(token->expires(), kStart + 60s);
    EXPECT_TRUE(token->may("confd.users.6a1f0c1e-0000-4000-8000-000000000001.lines.read"));
    EXPECT_FALSE(token->may("confd.users.17.lines.read"));
    EXPECT_FALSE(tokens->find(""));
    EXPECT_FALSE(tokens->find(issued->text.substr(1)));
    EXPECT_FALSE(tokens->find(token->digest()));
}

void tokens_survive_the_process(Place& place) {
    std::string text;
    {
        auto tokens = place.open();
        text = tokens->issue(alice(), 60s)->text;
    }
    auto tokens = place.open();
    const auto token = tokens->find(text);
    ASSERT_TRUE(token);
    EXPECT_EQ(token->account().backend, "xivo_user");
    EXPECT_EQ(token->account().auth_id, alice().auth_id);
    EXPECT_EQ(token->user_uuid(), alice().user_uuid);
    EXPECT_EQ(token->account().rules, alice().rules);
    EXPECT_EQ(token->issued(), kStart);
    EXPECT_EQ(token->expires(), kStart + 60s);
    EXPECT_EQ(tokens->issue({"xivo_service", "o'brien\"", "7", "", {}}, 1s)->token->user_uuid(), "");
}

void a_token_ends_when_its_time_is_over(Place& place) {
    auto tokens = place.open();
    std::vector<std::pair<std::string, TokenStore::End>> told;
    tokens->listen([&](const Token& token, TokenStore::End end) { told.emplace_back(token.name(), end); });
    const auto text = tokens->issue(alice(), 10s)->text;
    const auto longer = tokens->issue(alice(), 20s)->text;
    place.pass(9'999'999us);
    tokens->clean_up();
    EXPECT_TRUE(tokens->find(text));
    place.pass(1us);
    EXPECT_FALSE(tokens->find(text));  // before anybody cleans up
    EXPECT_TRUE(told.empty());
    tokens->clean_up();
    ASSERT_EQ(told.size(), 1u);
    EXPECT_EQ(told.front(), (std::pair<std::string, TokenStore::End>("alice", TokenStore::End::Expired)));
    EXPECT_EQ(tokens->size(), 1u);
    EXPECT_EQ(place.rows(), 1u);
    EXPECT_TRUE(tokens->find(longer));
    place.pass(10s);
    tokens = place.open();
    EXPECT_EQ(tokens->size(), 0u);
    EXPECT_EQ(place.rows(), 0u);
}

void a_revoked_token_does_not_come_back(Place& place) {
    auto tokens = place.open();
    int told = 0;
    tokens->listen([&](const Token&, TokenStore::End end) { told += end == TokenStore::End::Revoked; });
    const auto text = tokens->issue(alice(), 60s)->text;
    const auto other = tokens->issue(alice(), 60s)->text;
    ASSERT_TRUE(tokens->revoke(text));
    EXPECT_EQ(told, 1);
    EXPECT_FALSE(tokens->find(text));
    EXPECT_TRUE(tokens->find(other));
    EXPECT_TRUE(tokens->revoke(text));
    EXPECT_EQ(told, 1);
    tokens = place.open();
    EXPECT_FALSE(tokens->find(text));
    EXPECT_TRUE(tokens->find(other));
}

void tokens_of_an_account_can_be_revoked_together(Place& place) {
    auto tokens = place.open();
    const auto first = tokens->issue(alice(), 60s)->text;
    const auto second = tokens->issue(alice(), 60s)->text;
    const auto other = tokens->issue({"xivo_service", "alice", alice().auth_id, "", {"#"}}, 60s)->text;
    ASSERT_EQ(tokens->accounts().size(), 2u);
    tokens->revoke("xivo_user", alice().auth_id, [](const Token&) { return false; });
    EXPECT_TRUE(tokens->find(first));
    tokens->revoke("xivo_user", alice().auth_id, [](const Token&) { return true; });
    EXPECT_FALSE(tokens->find(first));
    EXPECT_FALSE(tokens->find(second));
    EXPECT_TRUE(tokens->find(other));
    tokens->clean_up();
    EXPECT_EQ(place.rows(), 1u);
}

void without_its_table_checks_go_on(Place& place) {
    auto tokens = place.open();
    const auto text = tokens->issue(alice(), 60s)->text;
    const auto revoked = tokens->issue(alice(), 60s)->text;
    auto session = store::Session::open(place.location);
    session->soci() << "ALTER TABLE tokens RENAME TO away";
    EXPECT_FALSE(tokens->issue(alice(), 60s));
    EXPECT_FALSE(tokens->revoke(revoked));
    EXPECT_FALSE(tokens->find(revoked));
    EXPECT_TRUE(tokens->find(text));
    tokens->clean_up();
    session->soci() << "ALTER TABLE away RENAME TO tokens";
    EXPECT_EQ(place.rows(), 2u);
    tokens->clean_up();
    EXPECT_EQ(place.rows(), 1u);
    EXPECT_TRUE(tokens->issue(alice(), 60s));
}

// The same on both databases.
#define ON_BOTH(name, what)                                                                                \
    TEST(TokenStoreOnSqlite, name) {                                                                       \
        test::TemporaryFolder folder;                                                                      \
        Place place(*store::DatabaseLocation::parse("sqlite://" + (folder.path() / "a").string()));        \
        what(place);                                                                                       \
    }                                                                                                      \
    TEST(TokenStoreOnPostgresql, name) {                                                                   \
        ALMON_NEEDS_POSTGRESQL();                                                                          \
        Place place(*store::DatabaseLocation::parse(test::PostgresqlServer::shared()->create_database())); \
        what(place);                                                                                       \
    }

ON_BOTH(ATokenSaysWhoseItIs, a_token_says_whose_it_is)                     // SYS-073
ON_BOTH(TokensSurviveTheProcess, tokens_survive_the_process)               // SYS-080
ON_BOTH(ATokenEndsWhenItsTimeIsOver, a_token_ends_when_its_time_is_over)   // API-035
ON_BOTH(ARevokedTokenDoesNotComeBack, a_revoked_token_does_not_come_back)  // SYS-076
ON_BOTH(TokensOfAnAccountCanBeRevokedTogether, tokens_of_an_account_can_be_revoked_together)
ON_BOTH(WithoutItsTableChecksGoOnAndNoneAreIssued, without_its_table_checks_go_on)

TEST(TokenStore, AnAccountHasSoManyTokensAndThenLosesItsOldest) {
    test::TemporaryFolder folder;
    Place place(*store::DatabaseLocation::parse("sqlite://" + (folder.path() / "a").string()));
    UtcTime now = kStart;
    auto tokens = TokenStore::open(
        place.location,
        [&] {
            return Now{Instant{}, now};
        },
        std::make_unique<SystemRandom>(), 3);
    ASSERT_TRUE(tokens);
    const auto other = (*tokens)->issue({"xivo_service", "crm", "1", "", {}}, 60s)->text;
    std::vector<std::string> texts;
    for (int count = 0; count < 5; ++count) {
        now += 1s;
        texts.push_back((*tokens)->issue(alice(), 60s)->text);
    }
    EXPECT_FALSE((*tokens)->find(texts[0]));
    EXPECT_FALSE((*tokens)->find(texts[1]));
    for (std::size_t index = 2; index < 5; ++index)
        EXPECT_TRUE((*tokens)->find(texts[index]));
    EXPECT_TRUE((*tokens)->find(other));
    (*tokens)->clean_up();
    EXPECT_EQ(place.rows(), 4u);
}

TEST(TokenStore, CanBeAskedByManyThreadsWhileTokensComeAndGo) {
    test::TemporaryFolder folder;
    Place place(*store::DatabaseLocation::parse("sqlite://" + (folder.path() / "a").string()));
    auto tokens = place.open();
    const auto text = tokens->issue(alice(), 60s)->text;
    std::atomic<bool> stop{false};
    std::atomic<int> missing{0};
    std::vector<std::thread> readers;
    for (int count = 0; count < 3; ++count) {
        readers.emplace_back([&] {
            while (!stop) {
                const auto token = tokens->find(text);
                if (!token || !token->may("websocketd")) ++missing;
            }
        });
    }
    for (int count = 0; count < 30; ++count)
        ASSERT_TRUE(tokens->revoke(tokens->issue(alice(), 60s)->text));
    stop = true;
    for (auto& reader : readers)
        reader.join();
    EXPECT_EQ(missing, 0);
    EXPECT_EQ(tokens->size(), 1u);
}

}  // namespace
}  // namespace almon::services
