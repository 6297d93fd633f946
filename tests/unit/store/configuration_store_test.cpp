// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/configuration_store.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <soci/soci.h>

#include "base/random.hpp"
#include "base/system_clock.hpp"
#include "model/trunk.hpp"
#include "support/files.hpp"
#include "support/postgresql_server.hpp"

namespace almon::store {
namespace {

using model::Change;

const UtcTime kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + 12h};

/// A prepared database with its key file, and the store opened on it as often as the test likes.
struct Place {
    explicit Place(DatabaseLocation where) : location(std::move(where)) {
        const auto prepared = prepare_database(location);
        EXPECT_TRUE(prepared) << prepared.error().reason;
        add_default_context();
    }
    /// A context that has numbers of up to six digits.
    void add_default_context() const {
        auto session = Session::open(location);
        ASSERT_TRUE(session);
        std::string ranges;
        for (std::size_t digits = 1; digits <= 6; ++digits)
            ranges += fmt::format(R"({}{{"start":"{}","end":"{}"}})", digits == 1 ? "" : ",",
                                  std::string(digits, '0'), std::string(digits, '9'));
        session->soci()
            << "INSERT INTO contexts (id, name, label, type, user_ranges, includes) VALUES (1, 'default', "
               "'', 'internal', '[" +
                   ranges + "]', '[]') ON CONFLICT (id) DO NOTHING";
    }
    Result<std::unique_ptr<ConfigurationStore>> try_open() {
        publisher = std::make_unique<model::SnapshotPublisher>();
        return ConfigurationStore::open({location, folder.path() / "secret.key", "almon"}, *publisher);
    }
    std::unique_ptr<ConfigurationStore> open() {
        auto store = try_open();
        if (!store) throw std::runtime_error(store.error().reason);
        return *std::move(store);
    }

    test::TemporaryFolder folder;
    DatabaseLocation location;
    std::unique_ptr<model::SnapshotPublisher> publisher;
};

DatabaseLocation sqlite_in(const test::TemporaryFolder& folder) {
    return *DatabaseLocation::parse("sqlite://" + (folder.path() / "almon.db").string());
}

/// Alice with a line, a SIP account and the number 1001, in one change.
Change alice(ConfigurationStore& store, const std::string& exten = "1001") {
    model::User user;
    user.id = store.reserve<model::User>();
    user.uuid = "uuid-" + exten;
    user.firstname = "Alice";
    user.ring_time = std::chrono::seconds{45};
    model::EndpointSip endpoint;
    endpoint.id = store.reserve<model::EndpointSip>();
    endpoint.username = "alice" + exten;
    endpoint.secret = "opensesame";
    endpoint.options = {{"setvar", "A=1"}, {"setvar", "B=2"}};
    model::Line line;
    line.id = store.reserve<model::Line>();
    line.name = "alice";
    line.context = "default";
    line.endpoint_sip = endpoint.id;
    model::Extension extension{store.reserve<model::Extension>(), exten, "default"};
    Change change{"test", {}};
    change.put(user).put(endpoint).put(line).put(extension);
    change.put(model::UserLine{user.id, line.id}).put(model::LineExtension{line.id, extension.id});
    return change;
}

void a_saved_change_is_published_and_kept(DatabaseLocation location) {
    Place place(std::move(location));
    auto store = place.open();
    const auto number = store->apply(alice(*store), kNow);
    ASSERT_TRUE(number) << number.error().reason;
    EXPECT_EQ(*number, 1u);

    const auto check = [](const model::Snapshot& snapshot) {
        EXPECT_EQ(snapshot.change(), 1u);
        const auto* endpoint = snapshot.endpoint_sip_by_username("alice1001");
        ASSERT_NE(endpoint, nullptr);
        EXPECT_EQ(endpoint->secret, "opensesame");
        EXPECT_EQ(endpoint->options,
                  (std::vector<std::pair<std::string, std::string>>{{"setvar", "A=1"}, {"setvar", "B=2"}}));
        // printf 'alice1001:almon:opensesame' | md5sum
        EXPECT_EQ(endpoint->a1_md5, "8db5bf5e22782b0e9e6071c99f165d91");
        EXPECT_EQ(endpoint->a1_sha256, "23dfb00af38b193131301b37334b1a641f62ed1b96c293a78f5b5d214d943409");
        const auto* line = snapshot.line_of_endpoint(endpoint->id);
        ASSERT_NE(line, nullptr);
        ASSERT_EQ(snapshot.users_of_line(line->id).size(), 1u);
        const auto* user = snapshot.user(snapshot.users_of_line(line->id).front());
        EXPECT_EQ(user->firstname, "Alice");
        EXPECT_EQ(user->ring_time, std::chrono::seconds{45});
        EXPECT_TRUE(user->enabled);
        EXPECT_EQ(snapshot.main_extension_of_line(line->id)->exten, "1001");
    };
    check(*place.publisher->current());
    store.reset();
    store = place.open();
    check(*place.publisher->current());
}

void the_change_log_tells_what_was_and_what_is(DatabaseLocation location) {
    Place place(std::move(location));
    auto store = place.open();
    ASSERT_TRUE(store->apply(alice(*store), kNow));
    auto user = *store->current()->user_by_uuid("uuid-1001");
    user.firstname = "Alicia";
    ASSERT_TRUE(store->apply(Change{"carol", {}}.put(user), kNow + 1s));
    const auto lines = store->change_log(2, 100);
    ASSERT_TRUE(lines) << lines.error().reason;
    ASSERT_EQ(lines->size(), 1u);
    const auto& line = lines->front();
    EXPECT_EQ(line.number, 2u);
    EXPECT_EQ(line.time, kNow + 1s);
    EXPECT_EQ(line.who, "carol");
    EXPECT_EQ(line.kind, "user");
    EXPECT_EQ(line.object, std::to_string(user.id.value));
    ASSERT_TRUE(line.before && line.after);
    EXPECT_NE(line.before->find(R"("firstname":"Alice")"), std::string::npos);
    EXPECT_NE(line.after->find(R"("firstname":"Alicia")"), std::string::npos);

    const auto first = store->change_log(1, 6);
    ASSERT_EQ(first->size(), 6u);
    for (int position = 0; position < 6; ++position) {
        EXPECT_EQ(first->at(static_cast<std::size_t>(position)).position, position);
        EXPECT_FALSE(first->at(static_cast<std::size_t>(position)).before);
        EXPECT_EQ(first->at(static_cast<std::size_t>(position)).after->find("opensesame"), std::string::npos)
            << "secrets stay sealed in the change log";
    }
}

void a_refused_change_leaves_nothing(DatabaseLocation location) {
    Place place(std::move(location));
    auto store = place.open();
    ASSERT_TRUE(store->apply(alice(*store), kNow));
    const auto expect_refused = [&](const Change& change, ErrorCode code, const std::string& field) {
        const auto before = store->current();
        const auto refused = store->apply(change, kNow);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, code) << refused.error().reason;
        if (!field.empty()) {
            EXPECT_EQ(refused.error().field, field);
        }
        EXPECT_EQ(store->current(), before);
        EXPECT_EQ(store->change_log(2, 10)->size(), 0u);
    };
    const auto user = *store->current()->user_by_uuid("uuid-1001");
    const auto& line = *store->current()->line(store->current()->lines_of_user(user.id).front());

    auto other = model::Extension{store->reserve<model::Extension>(), "1002", "default"};
    auto same_number = model::Extension{store->reserve<model::Extension>(), "1001", "default"};
    expect_refused(Change{"test", {}}.put(other).put(same_number), ErrorCode::Conflict, "exten");
    expect_refused(Change{"test", {}}.erase(user.id), ErrorCode::Conflict, "");
    expect_refused(Change{"test", {}}.put(other).erase(line.endpoint_sip), ErrorCode::Conflict, "");
    expect_refused(Change{"test", {}}.put(model::UserLine{user.id, model::LineId{999}}),
                   ErrorCode::InvalidArgument, "line_id");
    auto elsewhere = line;
    elsewhere.context = "nowhere";
    expect_refused(Change{"test", {}}.put(elsewhere), ErrorCode::InvalidArgument, "context");
    model::Trunk trunk;
    trunk.id = store->reserve<model::Trunk>();
    trunk.endpoint_sip = line.endpoint_sip;
    expect_refused(Change{"test", {}}.put(trunk), ErrorCode::Conflict, "endpoint_sip_id");
    expect_refused(Change{"test", {}}.erase(store->current()->context("default")->id), ErrorCode::Conflict,
                   "context");
    expect_refused(Change{"test", {}}.erase(model::UserId{999}), ErrorCode::NotFound, "user");
    expect_refused(Change{"test", {}}.put(model::User{}), ErrorCode::InvalidArgument, "id");
    expect_refused(Change{"test", {}}, ErrorCode::InvalidArgument, "operations");
    auto negative = user;
    negative.ring_time = std::chrono::seconds{-1};
    expect_refused(Change{"test", {}}.put(negative), ErrorCode::InvalidArgument, "");
    auto zero = user;
    zero.firstname = std::string("a\0b", 3);
    expect_refused(Change{"test", {}}.put(zero), ErrorCode::InvalidArgument, "firstname");

    const auto number = store->apply(Change{"test", {}}.put(other), kNow);
    ASSERT_TRUE(number) << number.error().reason;
    EXPECT_EQ(*number, 2u);
}

void everything_can_be_erased(DatabaseLocation location) {
    Place place(std::move(location));
    auto store = place.open();
    ASSERT_TRUE(store->apply(alice(*store), kNow));
    const auto snapshot = store->current();
    const auto* user = snapshot->user_by_uuid("uuid-1001");
    const auto* line = snapshot->line(snapshot->lines_of_user(user->id).front());
    const auto* extension = snapshot->main_extension_of_line(line->id);
    Change change{"test", {}};
    change.erase(model::UserLine{user->id, line->id}).erase(model::LineExtension{line->id, extension->id});
    change.erase(line->id).erase(line->endpoint_sip).erase(extension->id).erase(user->id);
    const auto number = store->apply(change, kNow);
    ASSERT_TRUE(number) << number.error().reason;
    EXPECT_TRUE(store->current()->all<model::User>().empty());
    const auto erased = *user;
    store.reset();
    store = place.open();
    EXPECT_TRUE(store->current()->all<model::User>().empty());
    EXPECT_EQ(store->current()->change(), 2u);
    EXPECT_GT(store->reserve<model::User>(), erased.id) << "an id is never used again";
}

void a_context_keeps_its_lists(DatabaseLocation location) {
    Place place(std::move(location));
    auto store = place.open();
    model::Context context;
    context.id = store->reserve<model::Context>();
    context.name = "défaut \"1\"";
    context.user_ranges = {{"1000", "1999"}, {"3000", "3099"}};
    context.includes = {"b", "default"};
    model::Context included;
    included.id = store->reserve<model::Context>();
    included.name = "b";
    ASSERT_TRUE(store->apply(Change{"test", {}}.put(included).put(context), kNow));
    store.reset();
    store = place.open();
    const auto* read = store->current()->context("défaut \"1\"");
    ASSERT_NE(read, nullptr);
    ASSERT_EQ(read->user_ranges.size(), 2u);
    EXPECT_EQ(read->user_ranges[1].end, "3099");
    EXPECT_EQ(read->includes, context.includes);
}

void what_another_process_wrote_is_read_before_the_next_change(DatabaseLocation location) {
    Place place(std::move(location));
    auto store = place.open();
    model::SnapshotPublisher elsewhere;
    auto other =
        *ConfigurationStore::open({place.location, place.folder.path() / "secret.key", "almon"}, elsewhere);
    ASSERT_TRUE(other->apply(alice(*other), kNow));
    auto extension = model::Extension{model::ExtensionId{77}, "1077", "default"};
    const auto number = store->apply(Change{"test", {}}.put(extension), kNow);
    ASSERT_TRUE(number) << number.error().reason;
    EXPECT_EQ(*number, 2u);
    EXPECT_NE(store->current()->user_by_uuid("uuid-1001"), nullptr);
}

/// PostgreSQL is given many rows at once, SQLite one by one.
void a_large_change_is_kept_in_its_order(DatabaseLocation location) {
    constexpr std::size_t kMany = 1500;
    Place place(std::move(location));
    auto store = place.open();
    Change change{"test", {}};
    std::vector<model::Extension> numbers;
    for (std::size_t index = 0; index < kMany; ++index) {
        model::User user;
        user.id = store->reserve<model::User>();
        user.uuid = fmt::format("uuid-{}", index);
        user.firstname = fmt::format("User \"{}\" ä\n", index);
        change.put(user);
        numbers.push_back({store->reserve<model::Extension>(), std::to_string(5000 + index), "default"});
        change.put(numbers.back());
    }
    // The first gives its number to the second, twice over, and a third comes and goes.
    numbers[0].exten = "9000";
    numbers[1].exten = "5000";
    change.put(numbers[0]).put(numbers[1]);
    numbers[0].exten = "5001";
    change.put(numbers[0]);
    const model::Extension passing{store->reserve<model::Extension>(), "9001", "default"};
    change.put(passing).erase(passing.id);
    ASSERT_TRUE(store->apply(change, kNow));

    const auto log = store->change_log(1, 10 * kMany);
    ASSERT_TRUE(log) << log.error().reason;
    ASSERT_EQ(log->size(), 2 * kMany + 5);
    for (std::size_t position = 0; position < log->size(); ++position)
        ASSERT_EQ(log->at(position).position, static_cast<int>(position));
    EXPECT_NE(log->at(2 * kMany).before->find("\"5000\""), std::string::npos);
    EXPECT_FALSE(log->back().after);
    EXPECT_EQ(log->back().time, kNow);

    store.reset();
    store = place.open();
    const auto snapshot = store->current();
    EXPECT_EQ(snapshot->all<model::User>().size(), kMany);
    EXPECT_EQ(snapshot->user_by_uuid("uuid-1499")->firstname, "User \"1499\" ä\n");
    EXPECT_EQ(snapshot->extension(numbers[0].id)->exten, "5001");
    EXPECT_EQ(snapshot->extension(numbers[1].id)->exten, "5000");
    EXPECT_EQ(snapshot->extension(passing.id), nullptr);
}

void what_is_tried_or_refused_halfway_is_not_written_with_the_next_change(DatabaseLocation location) {
    Place place(std::move(location));
    auto store = place.open();
    model::User user;
    user.id = store->reserve<model::User>();
    user.uuid = "of-a-refused-change";
    user.firstname = "Nobody";
    ASSERT_FALSE(store->apply(Change{"test", {}}.put(user).erase(model::UserId{999}), kNow));
    ASSERT_TRUE(store->would_be(Change{"test", {}}.put(user), kNow));
    ASSERT_TRUE(store->apply(alice(*store), kNow));
    store.reset();
    store = place.open();
    EXPECT_EQ(store->current()->user_by_uuid("of-a-refused-change"), nullptr);
    EXPECT_EQ(store->change_log(1, 100)->size(), 6u);
}

/// As a batch does: what was made comes to need what was made after it, and is needed by that in turn.
void what_was_made_and_changed_at_once_is_undone_at_once(DatabaseLocation location) {
    Place place(std::move(location));
    auto store = place.open();
    auto change = alice(*store);
    // In the order user, line, endpoint, extension; then what joins them, and the line and the user again.
    std::swap(change.operations[1], change.operations[2]);
    const auto line = *static_cast<const model::Line*>(change.operations[1].resource.get());
    auto bare = line;
    bare.endpoint_sip = {};
    change.operations[1].resource = std::make_shared<const model::Line>(bare);
    change.operations.insert(change.operations.begin() + 4, Change{"test", {}}.put(line).operations.front());
    auto user = *static_cast<const model::User*>(change.operations[0].resource.get());
    user.lastname = "Of a batch";
    change.put(user);
    const auto made = store->apply(change, kNow);
    ASSERT_TRUE(made) << made.error().reason;
    const auto undo = store->undo_of(*made);
    ASSERT_TRUE(undo) << undo.error().reason;
    const auto undone = store->apply(Change{"test", *undo}, kNow);
    ASSERT_TRUE(undone) << undone.error().reason;
    EXPECT_TRUE(store->current()->all<model::User>().empty());
    EXPECT_EQ(store->current()->line(line.id), nullptr);
    EXPECT_EQ(store->current()->endpoint_sip(line.endpoint_sip), nullptr);
    const auto back = store->undo_of(*undone);
    ASSERT_TRUE(back) << back.error().reason;
    ASSERT_TRUE(store->apply(Change{"test", *back}, kNow));
    EXPECT_EQ(store->current()->line(line.id)->endpoint_sip, line.endpoint_sip);
    EXPECT_EQ(store->current()->user(user.id)->lastname, "Of a batch");
}

using Scenario = void (*)(DatabaseLocation);
struct NamedScenario {
    const char* name;
    Scenario run;
};
constexpr NamedScenario kScenarios[] = {
    {"ASavedChangeIsPublishedAndKept", a_saved_change_is_published_and_kept},
    {"TheChangeLogTellsWhatWasAndWhatIs", the_change_log_tells_what_was_and_what_is},
    {"ARefusedChangeLeavesNothing", a_refused_change_leaves_nothing},
    {"EverythingCanBeErased", everything_can_be_erased},
    {"AContextKeepsItsLists", a_context_keeps_its_lists},
    {"WhatWasMadeAndChangedAtOnceIsUndoneAtOnce", what_was_made_and_changed_at_once_is_undone_at_once},
    {"ALargeChangeIsKeptInItsOrder", a_large_change_is_kept_in_its_order},
    {"WhatIsTriedOrRefusedHalfwayIsNotWrittenWithTheNextChange",
     what_is_tried_or_refused_halfway_is_not_written_with_the_next_change},
    {"WhatAnotherProcessWroteIsReadBeforeTheNextChange",
     what_another_process_wrote_is_read_before_the_next_change},
};

class ConfigurationStoreOnSqlite : public testing::TestWithParam<NamedScenario> {};
TEST_P(ConfigurationStoreOnSqlite, Scenario) {
    test::TemporaryFolder folder;
    GetParam().run(sqlite_in(folder));
}
INSTANTIATE_TEST_SUITE_P(All, ConfigurationStoreOnSqlite, testing::ValuesIn(kScenarios),
                         [](const auto& test) { return test.param.name; });

// One test, as starting the server takes longer than the scenarios.
TEST(ConfigurationStoreOnPostgresql, EveryScenario) {
    ALMON_NEEDS_POSTGRESQL();
    for (const auto& scenario : kScenarios) {
        SCOPED_TRACE(scenario.name);
        scenario.run(*DatabaseLocation::parse(test::PostgresqlServer::shared()->create_database()));
    }
}

TEST(ConfigurationStore, TheDatabaseFileIsForItsOwnerOnly) {
    test::TemporaryFolder folder;
    Place place(sqlite_in(folder));
    auto store = place.open();
    using std::filesystem::perms;
    EXPECT_EQ(std::filesystem::status(folder.path() / "almon.db").permissions(),
              perms::owner_read | perms::owner_write);
    EXPECT_EQ(std::filesystem::status(place.folder.path() / "secret.key").permissions(),
              perms::owner_read | perms::owner_write);
}

TEST(ConfigurationStore, TheDatabaseHoldsNoSecretInClear) {
    test::TemporaryFolder folder;
    Place place(sqlite_in(folder));
    auto store = place.open();
    ASSERT_TRUE(store->apply(alice(*store), kNow));
    store.reset();
    for (const auto& file : test::files_in(folder.path()))
        EXPECT_EQ(test::read_file(file).find("opensesame"), std::string::npos) << file;
}

TEST(ConfigurationStore, AMissingKeyFileIsRefusedAndNotReplaced) {
    test::TemporaryFolder folder;
    Place place(sqlite_in(folder));
    auto store = place.open();
    ASSERT_TRUE(store->apply(alice(*store), kNow));
    store.reset();
    const auto key = place.folder.path() / "secret.key";
    std::filesystem::rename(key, place.folder.path() / "elsewhere");
    const auto refused = place.try_open();
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().reason.find("restore it from the backup"), std::string::npos);
    EXPECT_FALSE(std::filesystem::exists(key));

    std::ofstream(key) << std::string(64, 'a');
    const auto wrong_key = place.try_open();
    ASSERT_FALSE(wrong_key);
    EXPECT_NE(wrong_key.error().reason.find("from the same backup"), std::string::npos);
}

TEST(ConfigurationStore, ADamagedDatabaseIsRefusedWithWhatToRestore) {
    test::TemporaryFolder folder;
    const auto location = sqlite_in(folder);
    {
        Place place(location);
        auto store = place.open();
        for (int exten = 1000; exten < 1040; ++exten)
            ASSERT_TRUE(store->apply(alice(*store, std::to_string(exten)), kNow));
    }
    std::fstream file(location.target, std::ios::in | std::ios::out | std::ios::binary);
    const auto size = std::filesystem::file_size(location.target);
    for (std::uintmax_t page = 4096; page + 200 < size; page += 4096) {
        file.seekp(static_cast<std::streamoff>(page + 100));
        file << std::string(3000, '\x5a');
    }
    file.close();
    const auto refused = prepare_database(location);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Unavailable);
    EXPECT_NE(refused.error().reason.find("damaged"), std::string::npos) << refused.error().reason;
    EXPECT_NE(refused.error().reason.find("restore"), std::string::npos);
}

TEST(ConfigurationStore, AFileThatIsNoDatabaseIsRefused) {
    test::TemporaryFolder folder;
    const auto location = sqlite_in(folder);
    std::ofstream(location.target) << std::string(8192, 'x');
    const auto refused = prepare_database(location);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().reason.find("damaged"), std::string::npos) << refused.error().reason;
    EXPECT_EQ(test::read_file(location.target), std::string(8192, 'x'));
}

TEST(ConfigurationStore, AFullDiskRefusesTheChangeAndLeavesTheRestAsItWas) {
    test::TemporaryFolder folder;
    Place place(sqlite_in(folder));
    auto store = place.open();
    ASSERT_TRUE(store->apply(alice(*store), kNow));
    // A file may not grow beyond what it has: as on a full disk, without one.
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit none{1024, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &none), 0);
    const auto refused = store->apply(alice(*store, "1002"), kNow);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Unavailable) << refused.error().reason;
    EXPECT_EQ(store->current()->change(), 1u);

    const auto number = store->apply(alice(*store, "1002"), kNow);
    ASSERT_TRUE(number) << number.error().reason;
    EXPECT_EQ(*number, 2u);
}

TEST(ConfigurationStore, OneChangeAmong20000Users_IsLiveInUnder50Milliseconds) {
    test::TemporaryFolder folder;
    Place place(sqlite_in(folder));
    {
        auto session = Session::open(place.location);
        ASSERT_TRUE(session);
        const std::string numbers =
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) ";
        session->soci() << "BEGIN";
        session->soci()
            << "INSERT INTO users (id, uuid, firstname, lastname, caller_id, language, ring_seconds, "
               "simultaneous_calls, enabled) " +
                   numbers + "SELECT i, i, 'A', '', '', '', 30, 5, 1 FROM n";
        session->soci() << "INSERT INTO endpoints_sip " + numbers +
                               "SELECT i, 'sip' || i, '', '', '', '[]' FROM n";
        session->soci() << "INSERT INTO lines (id, name, context, endpoint_sip_id, position, caller_id_name, "
                           "caller_id_num) " +
                               numbers + "SELECT i, '', 'default', i, 1, '', '' FROM n";
        session->soci() << "INSERT INTO extensions (id, exten, context) " + numbers +
                               "SELECT i, i, 'default' FROM n";
        session->soci() << "INSERT INTO user_line " + numbers + "SELECT i, i, 1, 1 FROM n";
        session->soci() << "INSERT INTO line_extension " + numbers + "SELECT i, i, 1 FROM n";
        session->soci() << "COMMIT";
    }
    auto store = place.open();
    ASSERT_EQ(store->current()->all<model::User>().size(), 20000u);
    // The quickest of some, as the machine may be busy with other tests.
    Duration quickest = 1h;
    for (int n = 0; n < 20; ++n) {
        const auto change = alice(*store, std::to_string(200000 + n));
        const auto start = system_now().instant;
        ASSERT_TRUE(store->apply(change, kNow));
        quickest = std::min(quickest, system_now().instant - start);
    }
    EXPECT_LT(quickest, 50ms);
}

/// Writes changes of two operations each, and every number that was acknowledged to the pipe; until it is
/// killed.
[[noreturn]] void write_until_killed(const DatabaseLocation& location, const std::filesystem::path& key_file,
                                     int pipe) {
    model::SnapshotPublisher publisher;
    auto store = ConfigurationStore::open({location, key_file, "almon"}, publisher);
    if (!store) ::_exit(2);
    for (;;) {
        const auto id = (*store)->reserve<model::User>();
        const auto text = std::to_string(id.value);
        model::User user;
        user.id = id;
        user.uuid = text;
        model::Extension extension{model::ExtensionId{id.value}, text, "default"};
        const auto number = (*store)->apply(Change{"writer", {}}.put(user).put(extension), kNow);
        if (!number) ::_exit(3);
        if (::write(pipe, &*number, sizeof *number) != sizeof *number) ::_exit(4);
    }
}

TEST(ConfigurationStore, KilledInTheMiddleOfWriting200Times_LosesNothingAcknowledgedAndLeavesNothingHalf) {
    test::TemporaryFolder folder;
    Place place(sqlite_in(folder));
    auto store = place.open();  // makes the key file
    store.reset();
    SeededRandom random(2026);
    std::uint64_t acknowledged = 0;
    std::uint64_t checked = 0;  // the last change of the round before
    for (int round = 0; round < 200; ++round) {
        std::array<int, 2> pipe{};
        ASSERT_EQ(::pipe(pipe.data()), 0);
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            ::close(pipe[0]);
            write_until_killed(place.location, place.folder.path() / "secret.key", pipe[1]);
        }
        ::close(pipe[1]);
        // Wait for a few acknowledgements, then a moment that falls anywhere in the next commits.
        std::uint64_t number = 0;
        const auto wanted = random.below(4);
        for (std::uint64_t seen = 0;
             seen < wanted && ::read(pipe[0], &number, sizeof number) == sizeof number; ++seen)
            acknowledged = number;
        for (auto spin = random.below(400'000); spin > 0; --spin)
            asm volatile("");
        ASSERT_EQ(::kill(child, SIGKILL), 0);
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself with " << WEXITSTATUS(status);
        while (::read(pipe[0], &number, sizeof number) == sizeof number)
            acknowledged = number;
        ::close(pipe[0]);

        store = place.open();
        const auto snapshot = store->current();
        ASSERT_GE(snapshot->change(), acknowledged);
        ASSERT_EQ(snapshot->all<model::User>().size(), snapshot->change())
            << "every change has made its user";
        ASSERT_EQ(snapshot->all<model::Extension>().size(), snapshot->change()) << "... and its extension";
        const auto lines = store->change_log(checked + 1, 1'000'000);
        ASSERT_TRUE(lines);
        ASSERT_EQ(lines->size(), 2 * (snapshot->change() - checked));
        for (std::size_t at = 0; at < lines->size(); ++at) {
            ASSERT_EQ(lines->at(at).number, checked + at / 2 + 1) << "a hole in the change log";
            ASSERT_EQ(lines->at(at).position, static_cast<int>(at % 2));
        }
        checked = snapshot->change();
        store.reset();
    }
    EXPECT_GT(acknowledged, 100u);
}

}  // namespace
}  // namespace almon::store
