// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/journal_consumer.hpp"

#include <array>
#include <csignal>
#include <string>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>
#include <soci/soci.h>

#include "base/random.hpp"
#include "bus/journal.hpp"
#include "bus/journal_reader.hpp"
#include "store/contacts.hpp"
#include "support/files.hpp"
#include "support/postgresql_server.hpp"

namespace almon::store {
namespace {

const UtcTime kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + 12h};

bus::CallEvent call_event(int number) {
    bus::CallEvent event;
    event.type = bus::CallEventType::HangUp;
    event.time = kNow + std::chrono::microseconds{number};
    event.caller_name = "Alice \"A\"";
    event.caller_number = "1001";
    event.exten = "1002";
    event.unique_id = std::to_string(number);
    event.linked_id = "1";
    event.extra = R"({"hangupcause":16})";
    return event;
}
bus::StoredContact contact(const std::string& username, UtcTime expires = kNow + 1h) {
    bus::StoredContact made;
    made.username = username;
    made.uri = "sip:" + username + "@192.0.2.1:5070";
    made.transport = "udp";
    made.local = *NetAddress::parse("192.0.2.10", 5060);
    made.remote = *NetAddress::parse("2001:db8::1", 5070);
    made.expires = expires;
    made.call_id = "abc@phone";
    made.cseq = 4'000'000'000;
    made.q = 0.5;
    made.user_agent = "baresip";
    made.instance = "urn:uuid:1";
    made.reg_id = 1;
    made.path = {"<sip:edge;lr>"};
    return made;
}

struct Place {
    explicit Place(DatabaseLocation location) {
        settings.database = std::move(location);
        settings.journal_folder = folder.path() / "journal";
        const auto prepared = prepare_database(settings.database);
        EXPECT_TRUE(prepared) << prepared.error().reason;
        journal = *bus::Journal::open({.folder = settings.journal_folder, .segment_size = 4000});
    }
    std::size_t consume() {
        const auto moved = consume_journal(settings);
        EXPECT_TRUE(moved) << moved.error().reason;
        return moved.value_or(0);
    }
    /// The unique ids in the table, in its order: "1 2 3".
    std::string cel() {
        auto session = Session::open(settings.database);
        soci::rowset<std::string> rows = (session->soci().prepare << "SELECT uniqueid FROM cel ORDER BY id");
        std::string ids;
        for (const auto& id : rows)
            ids += (ids.empty() ? "" : " ") + id;
        return ids;
    }
    std::vector<bus::StoredContact> contacts() {
        auto loaded = load_contacts(settings.database, settings.journal_folder, kNow);
        EXPECT_TRUE(loaded) << loaded.error().reason;
        return loaded.value_or(std::vector<bus::StoredContact>{});
    }

    test::TemporaryFolder folder;
    JournalConsumerSettings settings;
    std::unique_ptr<bus::Journal> journal;
};

/// Rows are written several at a time; none takes a value from the one that had its place before.
TEST(JournalConsumer, ManyEventsKeepTheirValuesApart) {
    test::TemporaryFolder data;
    Place place(*DatabaseLocation::parse("sqlite://" + (data.path() / "almon.db").string()));
    const auto name_of = [](int number) { return number % 3 == 0 ? "" : "name " + std::to_string(number); };
    const auto peer_of = [](int number) { return number % 5 == 0 ? "" : "peer " + std::to_string(number); };
    constexpr int kEvents = 100;
    for (int number = 0; number < kEvents; ++number) {
        auto event = call_event(number);
        event.caller_name = name_of(number);
        event.peer = peer_of(number);
        place.journal->emit(event);
    }
    place.journal->flush();
    EXPECT_EQ(place.consume(), static_cast<std::size_t>(kEvents));
    auto session = Session::open(place.settings.database);
    soci::rowset<soci::row> rows = (session->soci().prepare << "SELECT cid_name, peer FROM cel ORDER BY id");
    int number = 0;
    for (const auto& row : rows) {
        EXPECT_EQ(row.get<std::string>(0), name_of(number));
        EXPECT_EQ(row.get<std::string>(1), peer_of(number));
        ++number;
    }
    EXPECT_EQ(number, kEvents);
}

void every_event_reaches_its_table_once(DatabaseLocation location) {
    Place place(std::move(location));
    for (int number = 1; number <= 5; ++number) {
        place.journal->emit(call_event(number));
        place.journal->flush();
        if (number == 3) {
            EXPECT_EQ(place.consume(), 3u);
        }
    }
    EXPECT_EQ(place.consume(), 2u);
    EXPECT_EQ(place.consume(), 0u);
    EXPECT_EQ(place.cel(), "1 2 3 4 5");

    auto session = Session::open(place.settings.database);
    std::string type, name, number, time, extra;
    session->soci() << "SELECT eventtype, cid_name, cid_num, eventtime, extra FROM cel WHERE uniqueid = '5'",
        soci::into(type), soci::into(name), soci::into(number), soci::into(time), soci::into(extra);
    EXPECT_EQ(type, "HANGUP");
    EXPECT_EQ(name, "Alice \"A\"");
    EXPECT_EQ(number, "1001");
    EXPECT_EQ(time, "2026-11-24 12:00:00.000005+00");
    EXPECT_EQ(extra, R"({"hangupcause":16})");
}

void contacts_come_back_as_they_were(DatabaseLocation location) {
    Place place(std::move(location));
    place.journal->emit(bus::ContactBound{contact("alice")});
    place.journal->emit(bus::ContactBound{contact("bob")});
    place.journal->emit(bus::ContactBound{contact("carol", kNow - 1s)});
    place.journal->flush();
    EXPECT_EQ(place.contacts(), (std::vector{contact("alice"), contact("bob")})) << "from the journal alone";
    EXPECT_EQ(place.consume(), 3u);
    EXPECT_EQ(place.contacts(), (std::vector{contact("alice"), contact("bob")})) << "from the table";

    auto refreshed = contact("alice", kNow + 2h);
    place.journal->emit(bus::ContactBound{refreshed});
    place.journal->emit(bus::ContactRemoved{"bob", contact("bob").uri});
    place.journal->flush();
    EXPECT_EQ(place.contacts(), std::vector{refreshed}) << "from the table and the journal behind it";
    EXPECT_EQ(place.consume(), 2u);
    EXPECT_EQ(place.contacts(), std::vector{refreshed});
}

void within_a_batch_the_last_word_counts(DatabaseLocation location) {
    Place place(std::move(location));
    place.journal->emit(bus::ContactBound{contact("alice")});
    place.journal->emit(bus::ContactRemoved{"alice", contact("alice").uri});
    place.journal->emit(bus::ContactRemoved{"bob", contact("bob").uri});
    place.journal->emit(bus::ContactBound{contact("bob")});
    place.journal->flush();
    EXPECT_EQ(place.consume(), 4u);
    EXPECT_EQ(place.contacts(), std::vector{contact("bob")});
}

using Scenario = void (*)(DatabaseLocation);
struct NamedScenario {
    const char* name;
    Scenario run;
};
constexpr NamedScenario kScenarios[] = {
    {"EveryEventReachesItsTableOnce", every_event_reaches_its_table_once},
    {"ContactsComeBackAsTheyWere", contacts_come_back_as_they_were},
    {"WithinABatchTheLastWordCounts", within_a_batch_the_last_word_counts},
};

DatabaseLocation sqlite_in(const test::TemporaryFolder& folder) {
    return *DatabaseLocation::parse("sqlite://" + (folder.path() / "almon.db").string());
}

class JournalConsumerOnSqlite : public testing::TestWithParam<NamedScenario> {};
TEST_P(JournalConsumerOnSqlite, Scenario) {
    test::TemporaryFolder folder;
    GetParam().run(sqlite_in(folder));
}
INSTANTIATE_TEST_SUITE_P(All, JournalConsumerOnSqlite, testing::ValuesIn(kScenarios),
                         [](const auto& test) { return test.param.name; });

// One test, as starting the server takes longer than the scenarios.
TEST(JournalConsumerOnPostgresql, EveryScenario) {
    ALMON_NEEDS_POSTGRESQL();
    for (const auto& scenario : kScenarios) {
        SCOPED_TRACE(scenario.name);
        scenario.run(*DatabaseLocation::parse(test::PostgresqlServer::shared()->create_database()));
    }
}

TEST(JournalConsumer, SegmentsThatAreInTheDatabaseAreRemoved) {
    test::TemporaryFolder folder;
    Place place(sqlite_in(folder));
    for (int number = 1; number <= 100; ++number) {
        place.journal->emit(call_event(number));
        place.journal->flush();
    }
    EXPECT_GT(bus::journal_segments(place.settings.journal_folder)->size(), 3u);
    EXPECT_EQ(place.consume(), 100u);
    EXPECT_EQ(bus::journal_segments(place.settings.journal_folder)->size(), 1u);
}

TEST(JournalConsumer, ItsThreadMovesWhatIsLeftBeforeItEnds) {
    test::TemporaryFolder folder;
    Place place(sqlite_in(folder));
    place.settings.interval = std::chrono::hours(1);
    auto consumer = JournalConsumer::start(place.settings);
    place.journal->emit(call_event(1));
    place.journal->flush();
    consumer.reset();
    EXPECT_EQ(place.cel(), "1");
}

TEST(JournalConsumer, AFullDiskLeavesTheEventsInTheJournalUntilThereIsRoom) {
    test::TemporaryFolder folder;
    Place place(sqlite_in(folder));
    place.journal->emit(call_event(1));
    place.journal->flush();
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit full{1024, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
    const auto refused = consume_journal(place.settings);
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::Unavailable) << refused.error().reason;
    EXPECT_EQ(place.consume(), 1u);
    EXPECT_EQ(place.cel(), "1");
}

TEST(JournalConsumer, KilledAtAnyMoment_EveryEventIsInTheTableOnce) {
    test::TemporaryFolder folder;
    Place place(sqlite_in(folder));
    place.settings.batch = 3;
    std::string expected;
    SeededRandom random(7);
    int number = 0;
    for (int round = 0; round < 20; ++round) {
        for (int more = 0; more < 20; ++more) {
            expected += (expected.empty() ? "" : " ") + std::to_string(++number);
            place.journal->emit(call_event(number));
        }
        place.journal->flush();
        const pid_t child = ::fork();
        if (child == 0) ::_exit(consume_journal(place.settings) ? 0 : 1);
        for (auto spin = random.below(20'000'000); spin > 0; --spin)
            asm volatile("");
        ::kill(child, SIGKILL);
        ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    }
    place.consume();
    EXPECT_EQ(place.cel(), expected);
}

}  // namespace
}  // namespace almon::store
