// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/call_log.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <soci/soci.h>

#include "bus/journal.hpp"
#include "store/call_chain.hpp"
#include "store/call_logging.hpp"
#include "store/journal_consumer.hpp"
#include "support/files.hpp"
#include "support/postgresql_server.hpp"

namespace almon::store {
namespace {

using enum bus::CallEventType;

const UtcTime kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + 12h};

/// Alice, on line 11 of user 21, calls 1002, where Bob has line 12 and is user 22.
struct Told {
    explicit Told(std::string linked = "100.1") : linked_id(std::move(linked)) {}

    Told& caller(bus::CallEventType type, std::chrono::seconds at, std::uint64_t line = 11) {
        auto& event = add(type, at);
        event.unique_id = linked_id;
        event.caller_name = "Alice";
        event.caller_number = "1001";
        event.exten = "1002";
        event.channel_name = "SIP/alice-0000000a";
        event.user_field = "sales";
        event.line = line;
        event.user = line != 0 ? 21 : 0;
        return *this;
    }
    Told& called(bus::CallEventType type, std::chrono::seconds at, const std::string& name = "Bob",
                 std::uint64_t line = 12) {
        auto& event = add(type, at);
        event.unique_id = linked_id + name;
        event.caller_name = name;
        event.caller_number = "1002";
        event.channel_name = "SIP/a-phone-of-" + name + "-0000000b";
        event.outgoing = true;
        event.line = line;
        event.user = line != 0 ? 22 : 0;
        return *this;
    }
    bus::CallEvent& add(bus::CallEventType type, std::chrono::seconds at) {
        bus::CallEvent event;
        event.type = type;
        event.time = kNow + at;
        event.linked_id = linked_id;
        return events.emplace_back(event);
    }
    [[nodiscard]] LoggedCall logged() const {
        CallChain chain;
        for (const auto& event : events)
            chain.take(event);
        return chain.logged().value_or(LoggedCall{});
    }

    std::string linked_id;
    std::vector<bus::CallEvent> events;
};

Told answered_call(const std::string& linked_id = "100.1", std::chrono::seconds at = 0s) {
    return std::move(Told(linked_id)
                         .caller(ChannelStart, at)
                         .called(ChannelStart, at)
                         .called(Answer, at + 3s)
                         .caller(Answer, at + 3s)
                         .called(ChannelEnd, at + 10s)
                         .caller(ChannelEnd, at + 10s)
                         .caller(LinkedIdEnd, at + 10s));
}

TEST(CallChain, SaysWhoTalkedToWhomAndForHowLong) {  // ADA-081
    const auto call = answered_call().logged();
    EXPECT_EQ(call.begun, kNow);
    EXPECT_EQ(call.ended, kNow + 10s);
    EXPECT_EQ(call.talked_seconds(), 7);
    EXPECT_EQ(call.source_name + "/" + call.source_exten + "/" + call.source_line, "Alice/1001/sip/alice");
    EXPECT_EQ(call.destination_name + "/" + call.destination_exten + "/" + call.destination_line,
              "Bob/1002/sip/a-phone-of-Bob");
    EXPECT_EQ(call.source_user, model::UserId{21});
    EXPECT_EQ(call.destination_user, model::UserId{22});
    EXPECT_EQ(call.user_field, "sales");
    EXPECT_EQ(call.direction, CallDirection::Internal);
}

TEST(CallChain, WhomNobodyAnsweredTalkedForNoTime) {
    const auto call =
        Told().caller(ChannelStart, 0s).called(ChannelStart, 0s).caller(LinkedIdEnd, 30s).logged();
    EXPECT_FALSE(call.answered);
    EXPECT_EQ(call.talked_seconds(), 0);
    EXPECT_EQ(call.destination_name, "Bob");
}

TEST(CallChain, OfManyWhoAreRungTheOneWhoAnswersCounts) {
    const auto call = Told()
                          .caller(ChannelStart, 0s)
                          .called(ChannelStart, 0s, "Bob")
                          .called(ChannelStart, 0s, "Carol")
                          .called(Answer, 4s, "Carol")
                          .called(Answer, 9s, "Dave")
                          .caller(LinkedIdEnd, 9s)
                          .logged();
    EXPECT_EQ(call.destination_name, "Carol");
    EXPECT_EQ(call.talked_seconds(), 5);
}

TEST(CallChain, AnApplicationAnswers_ThenAPerson) {
    const auto call = Told()
                          .caller(ChannelStart, 0s)
                          .caller(Answer, 1s)
                          .called(ChannelStart, 5s)
                          .called(Answer, 8s)
                          .caller(LinkedIdEnd, 11s)
                          .logged();
    EXPECT_EQ(call.talked_seconds(), 10);
    EXPECT_EQ(call.destination_name, "Bob");
}

TEST(CallChain, WhoRingsHimselfFirstHasNotAnsweredYet) {  // INS-126: click to call that nobody takes
    Told told;
    told.caller(ChannelStart, 0s).events.back().outgoing = true;
    told.caller(Answer, 2s).called(ChannelStart, 2s).caller(LinkedIdEnd, 20s);
    EXPECT_FALSE(told.logged().answered);
    EXPECT_EQ(told.logged().destination_exten, "1002");
}

TEST(CallChain, LinesOfNobodyAreOutside) {
    EXPECT_EQ(Told().caller(ChannelStart, 0s, 0).called(ChannelStart, 0s).logged().direction,
              CallDirection::Inbound);
    EXPECT_EQ(Told().caller(ChannelStart, 0s).called(ChannelStart, 0s, "provider", 0).logged().direction,
              CallDirection::Outbound);
}

TEST(CallChain, WithoutItsBeginningThereIsNoCall) {
    Told told;
    told.called(Answer, 1s).caller(LinkedIdEnd, 2s);
    CallChain chain;
    for (const auto& event : told.events)
        chain.take(event);
    EXPECT_FALSE(chain.logged());
}

struct Place {
    explicit Place(DatabaseLocation location) : log(location) {
        settings.database = std::move(location);
        settings.journal_folder = folder.path() / "journal";
        const auto prepared = prepare_database(settings.database);
        EXPECT_TRUE(prepared) << prepared.error().reason;
        journal = *bus::Journal::open({.folder = settings.journal_folder});
    }
    void tell(const std::vector<bus::CallEvent>& events, std::size_t from = 0, std::size_t until = 1000) {
        for (auto at = from; at < std::min(until, events.size()); ++at)
            journal->emit(events[at]);
        journal->flush();
        EXPECT_TRUE(consume_journal(settings));
    }
    std::vector<LoggedCall> calls(CallLogQuery query = {}) {
        auto page = log.read(query);
        EXPECT_TRUE(page) << page.error().reason;
        return page ? std::move(page->calls) : std::vector<LoggedCall>{};
    }
    std::size_t log_missed(std::size_t most = 20'000, UtcTime before = kNow + 24h) {
        auto session = Session::open(settings.database);
        return CallLogging(*session).log_missed(most, before);
    }

    test::TemporaryFolder folder;
    JournalConsumerSettings settings;
    std::unique_ptr<bus::Journal> journal;
    CallLog log;
};

void a_call_is_logged_as_it_ends(DatabaseLocation location) {
    Place place(std::move(location));
    const auto told = answered_call();
    place.tell(told.events, 0, told.events.size() - 1);
    EXPECT_TRUE(place.calls().empty());
    // The consumer begins anew each time, and so knows only what the table says of what came before.
    place.tell(told.events, told.events.size() - 1);
    const auto calls = place.calls();
    ASSERT_EQ(calls.size(), 1u);
    EXPECT_EQ(calls.front().linked_id, "100.1");
    EXPECT_EQ(calls.front().answered, kNow + 3s);
    EXPECT_EQ(calls.front().ended, kNow + 10s);
    EXPECT_EQ(calls.front().destination_name, "Bob");
    EXPECT_EQ(calls.front().user_field, "sales");
    EXPECT_EQ(place.log_missed(), 0u);
}

void the_log_is_read_page_by_page_and_by_time(DatabaseLocation location) {
    Place place(std::move(location));
    for (int number = 0; number < 5; ++number)
        place.tell(answered_call(std::to_string(number), number * 60s).events);
    CallLogQuery query{.limit = 2};
    std::string ids;
    while (true) {
        const auto page = place.log.read(query);
        ASSERT_TRUE(page) << page.error().reason;
        for (const auto& call : page->calls)
            ids += call.linked_id;
        if (!page->more) break;
        query.after = page->more;
    }
    EXPECT_EQ(ids, "01234");
    const auto some = place.calls({.from = kNow + 60s, .until = kNow + 180s});
    ASSERT_EQ(some.size(), 2u);
    EXPECT_EQ(some.front().linked_id, "1");
}

void the_log_is_read_by_user_number_and_part(DatabaseLocation location) {
    Place place(std::move(location));
    for (int number = 0; number < 3; ++number)
        place.tell(answered_call(std::to_string(number), number * 60s).events);
    place.tell(
        Told("in").caller(ChannelStart, 0s, 0).called(ChannelStart, 0s).caller(LinkedIdEnd, 5s).events);
    const auto ids = [&](CallLogQuery query) {
        std::string text;
        for (const auto& call : place.calls(std::move(query)))
            text += call.linked_id + ' ';
        return text;
    };
    CallLogQuery query;
    query.newest_first = true;
    query.user = model::UserId{21};
    EXPECT_EQ(ids(query), "2 1 0 ");
    query.limit = 2;
    const auto page = place.log.read(query);
    ASSERT_TRUE(page) << page.error().reason;
    query.after = page->more;
    EXPECT_EQ(ids(query), "0 ");
    query = {};
    query.user = model::UserId{22};
    query.direction = CallDirection::Inbound;
    EXPECT_EQ(ids(query), "in ");
    query = {};
    query.number = "1001";
    query.from = kNow + 60s;
    EXPECT_EQ(ids(query), "1 2 ");
    query = {};
    query.search = "OB";
    EXPECT_EQ(ids(query), "0 in 1 2 ");
    query.search = "%";
    EXPECT_EQ(ids(query), "0 in 1 2 ");
    query.search = "obb";
    EXPECT_EQ(ids(query), "");
    const auto found = place.log.find(place.calls().front().id);
    ASSERT_TRUE(found) << found.error().reason;
    EXPECT_EQ(found->linked_id, "0");
    EXPECT_EQ(place.log.find(1'000'000).error().code, ErrorCode::NotFound);
}

void calls_that_were_cut_off_are_logged(DatabaseLocation location) {
    Place place(std::move(location));
    const auto told = answered_call();
    place.tell(told.events, 0, 4);
    EXPECT_EQ(place.log_missed(20'000, kNow), 0u) << "not what is young enough to go on";
    EXPECT_EQ(place.log_missed(), 1u);
    EXPECT_EQ(place.calls().front().ended, kNow + 3s);
    place.tell(told.events, 4);
    const auto calls = place.calls();
    ASSERT_EQ(calls.size(), 1u) << "it had gone on after all";
    EXPECT_EQ(calls.front().ended, kNow + 10s);
}

void missed_calls_are_looked_for_from_the_newest(DatabaseLocation location) {  // ADA-086
    Place place(std::move(location));
    for (int number = 0; number < 3; ++number)
        place.tell(answered_call(std::to_string(number), number * 60s).events);
    auto session = Session::open(place.settings.database);
    session->soci() << "DELETE FROM call_log";
    const auto each = answered_call().events.size();
    EXPECT_EQ(place.log_missed(each), 1u);
    EXPECT_EQ(place.calls().front().linked_id, "2");
    EXPECT_EQ(place.log_missed(each), 1u);
    EXPECT_EQ(place.calls().front().linked_id, "1");
    EXPECT_EQ(place.log_missed(), 1u);
    EXPECT_EQ(place.log_missed(), 0u);
}

void what_is_too_old_is_forgotten(DatabaseLocation location) {  // ADA-082, SYS-162
    Place place(std::move(location));
    place.tell(answered_call("old").events);
    place.tell(answered_call("new", 3600s).events);
    auto session = Session::open(place.settings.database);
    EXPECT_EQ(purge_calls(*session, kNow + 60s), 8u);
    const auto calls = place.calls();
    ASSERT_EQ(calls.size(), 1u);
    EXPECT_EQ(calls.front().linked_id, "new");
    int events = 0;
    session->soci() << "SELECT count(*) FROM cel WHERE linkedid = 'old'", soci::into(events);
    EXPECT_EQ(events, 0);
}

struct NamedScenario {
    const char* name;
    void (*run)(DatabaseLocation);
};
constexpr NamedScenario kScenarios[] = {
    {"ACallIsLoggedAsItEnds", a_call_is_logged_as_it_ends},
    {"TheLogIsReadPageByPageAndByTime", the_log_is_read_page_by_page_and_by_time},
    {"TheLogIsReadByUserNumberAndPart", the_log_is_read_by_user_number_and_part},
    {"CallsThatWereCutOffAreLogged", calls_that_were_cut_off_are_logged},
    {"MissedCallsAreLookedForFromTheNewest", missed_calls_are_looked_for_from_the_newest},
    {"WhatIsTooOldIsForgotten", what_is_too_old_is_forgotten},
};

class CallLogOnSqlite : public testing::TestWithParam<NamedScenario> {};
TEST_P(CallLogOnSqlite, Scenario) {
    test::TemporaryFolder folder;
    GetParam().run(*DatabaseLocation::parse("sqlite://" + (folder.path() / "almon.db").string()));
}
INSTANTIATE_TEST_SUITE_P(All, CallLogOnSqlite, testing::ValuesIn(kScenarios),
                         [](const auto& test) { return test.param.name; });

TEST(CallLogOnPostgresql, EveryScenario) {
    ALMON_NEEDS_POSTGRESQL();
    for (const auto& scenario : kScenarios) {
        SCOPED_TRACE(scenario.name);
        scenario.run(*DatabaseLocation::parse(test::PostgresqlServer::shared()->create_database()));
    }
}

}  // namespace
}  // namespace almon::store
