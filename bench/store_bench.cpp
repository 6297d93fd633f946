// SPDX-License-Identifier: GPL-3.0-or-later
// What the bookkeeping of a call costs: journal, tables, snapshot, and what a start costs.
#include <cstdlib>
#include <filesystem>
#include <string>

#include <stdlib.h>

#include <benchmark/benchmark.h>
#include <soci/soci.h>

#include "bus/journal.hpp"
#include "model/snapshot_publisher.hpp"
#include "store/call_log.hpp"
#include "store/configuration_store.hpp"
#include "store/contacts.hpp"
#include "store/journal_consumer.hpp"

namespace {

using namespace almon;

const UtcTime kNow{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}};

/// A folder for one run, removed with everything in it.
class Folder final {
public:
    Folder() {
        char name[] = "/tmp/almon-bench-XXXXXX";
        path_ = ::mkdtemp(name);
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

store::DatabaseLocation database_in(const Folder& folder) {
    return *store::DatabaseLocation::parse("sqlite://" + (folder.path() / "almon.db").string());
}

/// Calls of fifteen events one after the other.
bus::CallEvent call_event(std::size_t number) {
    constexpr std::size_t kOfACall = 15;
    bus::CallEvent event;
    event.linked_id = "1448037433." + std::to_string(number / kOfACall);
    event.unique_id = event.linked_id;
    event.type = bus::CallEventType::BridgeEnter;
    if (number % kOfACall == 0) event.type = bus::CallEventType::ChannelStart;
    if (number % kOfACall == kOfACall - 1) event.type = bus::CallEventType::LinkedIdEnd;
    event.time = kNow + std::chrono::microseconds{number};
    event.caller_name = "Alice";
    event.caller_number = "1001";
    event.dialled_number = "1002";
    event.exten = "1002";
    event.context = "default";
    event.channel_name = "SIP/alice-0000000a";
    event.application = "Dial";
    event.application_data = "SIP/bob";
    event.peer = "SIP/bob-0000000b";
    return event;
}
bus::StoredContact contact(std::size_t number) {
    bus::StoredContact made;
    made.username = "user" + std::to_string(number);
    made.uri = "sip:" + made.username + "@192.0.2.1:5070";
    made.transport = "udp";
    made.local = *NetAddress::parse("192.0.2.10", 5060);
    made.remote = *NetAddress::parse("192.0.2.1", 5070);
    made.expires = kNow + 1h;
    made.call_id = "5d1b2c3e-4f5a-6b7c-8d9e-0f1a2b3c4d5e";
    made.user_agent = "baresip v1.0.0 (x86_64/linux)";
    return made;
}

void journal_call_event(benchmark::State& state) {
    const Folder folder;
    auto journal = *bus::Journal::open({.folder = folder.path()});
    std::size_t number = 0;
    for (auto _ : state) {
        journal->emit(call_event(++number));
        journal->flush();
    }
}
BENCHMARK(journal_call_event);

/// From the journal into the table `cel`, per event.
void consume_call_events(benchmark::State& state) {
    const Folder folder;
    const store::JournalConsumerSettings settings{.database = database_in(folder),
                                                  .journal_folder = folder.path()};
    if (!store::prepare_database(settings.database)) return state.SkipWithError("no database");
    auto journal = *bus::Journal::open({.folder = folder.path()});
    std::size_t number = 0;
    constexpr std::size_t kEvents = 2000;
    for (auto _ : state) {
        state.PauseTiming();
        for (std::size_t event = 0; event < kEvents; ++event)
            journal->emit(call_event(++number));
        journal->flush();
        state.ResumeTiming();
        if (!store::consume_journal(settings)) return state.SkipWithError("not consumed");
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(kEvents) * state.iterations());
}
BENCHMARK(consume_call_events);

/// From the journal into the table `contacts`, per contact, each in it already.
void consume_contacts(benchmark::State& state) {
    const Folder folder;
    const store::JournalConsumerSettings settings{.database = database_in(folder),
                                                  .journal_folder = folder.path()};
    if (!store::prepare_database(settings.database)) return state.SkipWithError("no database");
    auto journal = *bus::Journal::open({.folder = folder.path()});
    constexpr std::size_t kContacts = 1000;
    for (auto _ : state) {
        state.PauseTiming();
        for (std::size_t number = 0; number < kContacts; ++number)
            journal->emit(bus::ContactBound{contact(number)});
        journal->flush();
        state.ResumeTiming();
        if (!store::consume_journal(settings)) return state.SkipWithError("not consumed");
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(kContacts) * state.iterations());
}
BENCHMARK(consume_contacts);

model::Change office(store::ConfigurationStore& store, int users) {
    model::Change change{"bench", {}};
    model::Context context;
    context.id = store.reserve<model::Context>();
    context.name = "default";
    context.user_ranges = {{"10000", "99999"}};
    change.put(context);
    for (int number = 0; number < users; ++number) {
        model::User user;
        user.id = store.reserve<model::User>();
        user.uuid = std::to_string(user.id.value);
        user.firstname = "User";
        model::EndpointSip endpoint;
        endpoint.id = store.reserve<model::EndpointSip>();
        endpoint.username = "user" + user.uuid;
        endpoint.secret = "secret" + user.uuid;
        model::Line line;
        line.id = store.reserve<model::Line>();
        line.context = "default";
        line.endpoint_sip = endpoint.id;
        const model::Extension extension{store.reserve<model::Extension>(),
                                         std::to_string(10000 + user.id.value), "default"};
        change.put(user).put(endpoint).put(line).put(extension);
        change.put(model::UserLine{user.id, line.id}).put(model::LineExtension{line.id, extension.id});
    }
    return change;
}

/// Opening, checking and loading an office of so many users, up to the published snapshot.
void start_with_users(benchmark::State& state) {
    const Folder folder;
    const auto database = database_in(folder);
    const store::ConfigurationStoreSettings settings{database, folder.path() / "secret.key"};
    if (!store::prepare_database(database)) return state.SkipWithError("no database");
    {
        model::SnapshotPublisher publisher;
        auto store = *store::ConfigurationStore::open(settings, publisher);
        if (!store->apply(office(*store, static_cast<int>(state.range(0))), kNow))
            return state.SkipWithError("not applied");
    }
    for (auto _ : state) {
        model::SnapshotPublisher publisher;
        if (!store::prepare_database(database) || !store::ConfigurationStore::open(settings, publisher))
            return state.SkipWithError("not opened");
    }
}
BENCHMARK(start_with_users)->Arg(1000)->Arg(20000)->Unit(benchmark::kMillisecond);

/// A change acknowledged, among so many users: rows, change log, disk, snapshot.
void change_among_users(benchmark::State& state) {
    const Folder folder;
    const auto database = database_in(folder);
    if (!store::prepare_database(database)) return state.SkipWithError("no database");
    model::SnapshotPublisher publisher;
    auto store = *store::ConfigurationStore::open({database, folder.path() / "secret.key"}, publisher);
    if (!store->apply(office(*store, static_cast<int>(state.range(0))), kNow))
        return state.SkipWithError("not applied");
    for (auto _ : state) {
        auto user = *publisher.current()->user(model::UserId{1});
        user.firstname += 'x';
        user.firstname.resize(5);
        if (!store->apply(model::Change{"bench", {}}.put(user), kNow))
            return state.SkipWithError("not applied");
    }
}
BENCHMARK(change_among_users)->Arg(20000)->Unit(benchmark::kMillisecond)->UseRealTime();

/// The snapshot alone: what a change copies and what it shares.
void snapshot_among_users(benchmark::State& state) {
    const Folder folder;
    const auto database = database_in(folder);
    if (!store::prepare_database(database)) return state.SkipWithError("no database");
    model::SnapshotPublisher publisher;
    auto store = *store::ConfigurationStore::open({database, folder.path() / "secret.key"}, publisher);
    if (!store->apply(office(*store, static_cast<int>(state.range(0))), kNow))
        return state.SkipWithError("not applied");
    for (auto _ : state) {
        const auto current = publisher.current();
        model::SnapshotBuilder builder(*current);
        builder.put(model::User(*current->all<model::User>().front()));
        publisher.publish(builder.build(current->change() + 1));
    }
}
BENCHMARK(snapshot_among_users)->Arg(20000)->Unit(benchmark::kMillisecond);

void look_up_number(benchmark::State& state) {
    model::SnapshotBuilder builder(*model::Snapshot::empty());
    for (std::uint64_t number = 1; number <= 20000; ++number)
        builder.put(model::Extension{model::ExtensionId{number}, std::to_string(10000 + number), "default"});
    const auto snapshot = builder.build(1);
    for (auto _ : state)
        benchmark::DoNotOptimize(snapshot->extension_in("default", "17000"));
}
BENCHMARK(look_up_number);

/// The last hundred calls of one of 1,000 users, as the page shows them.
void call_log_page(benchmark::State& state) {
    const Folder folder;
    const auto database = database_in(folder);
    if (!store::prepare_database(database)) return state.SkipWithError("no database");
    auto session = store::Session::open(database);
    // A test looks only whether it runs.
    const long long calls = std::getenv("ALMON_QUICK") != nullptr ? 1000 : state.range(0);
    store::Transaction transaction(*session);
    session->soci()
        << "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :calls) INSERT INTO "
           "call_log "
           "(linkedid, date, date_answer, date_end, source_name, source_exten, destination_name, "
           "destination_exten, duration, answered, direction, user_field, source_line_identity, "
           "destination_line_identity, source_user_id, destination_user_id) SELECT i || '.1', "
           "strftime('%Y-%m-%d %H:%M:%S', 1700000000 + i * 30, 'unixepoch') || '.000001+00', NULL, "
           "strftime('%Y-%m-%d %H:%M:%S', 1700000010 + i * 30, 'unixepoch') || '.000001+00', 'Alice', "
           "'1001', "
           "'Bob', '1002', 7, 1, 'internal', '', 'sip/alice', 'sip/bob', i % 1000 + 1, i * 7 % 1000 + 1 FROM "
           "n",
        soci::use(calls);
    transaction.commit();
    store::CallLog log(database);
    store::CallLogQuery query;
    query.user = model::UserId{17};
    query.newest_first = true;
    query.limit = 100;
    for (auto _ : state) {
        const auto page = log.read(query);
        if (!page || page->calls.empty()) return state.SkipWithError("no calls");
    }
}
BENCHMARK(call_log_page)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
