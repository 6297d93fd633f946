// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/monitoring_port.hpp"

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <utility>
#include <vector>

#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/log.hpp"
#include "base/system_clock.hpp"
#include "pbx/technology/outward_registrations.hpp"

namespace almon::server {

namespace {

using services::Ailment;
using services::Exposition;

/// A part that has not answered by then has come to a halt.
constexpr std::chrono::milliseconds kPatience{2000};
/// So long a batch of events may take; where there are none the database is asked every five seconds.
constexpr Duration kMostSilence = 15s;
constexpr std::chrono::milliseconds kGrace{500};

double seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

/// What the signalling loop says of itself.
struct Switch {
    std::size_t channels = 0;
    std::size_t bridges = 0;
    std::size_t contacts = 0;
    std::map<std::string_view, std::size_t> accounts;  ///< At providers, by state.
    Histogram::Reading set_up;
};

struct Calls {
    std::size_t now = 0;
    std::uint64_t begun = 0;
    std::array<std::uint64_t, services::kCallOutcomes> ended{};
};

void describe_switch(SignallingLoop& loop, Exposition& into) {
    const auto seen = std::make_shared<Switch>();
    const auto asked = system_now().instant;
    const auto looked = loop.look(
        [seen](const pbx::Exchange& exchange) {
            seen->channels = exchange.calls().channel_count();
            seen->bridges = exchange.calls().bridge_count();
            seen->contacts = exchange.sip().registrar().size();
            for (const auto& account : exchange.sip().registrations().all())
                ++seen->accounts[pbx::name_of(account.state)];
            seen->set_up = exchange.sip().set_up_delays().read();
        },
        kPatience);
    into.gauge("almon_signalling_up",
               "Whether the signalling loop answers; where it does not, its figures are missing.")
        .sample(looked ? 1 : 0);
    into.gauge("almon_signalling_waiting", "Inputs that the signalling loop has not taken yet.")
        .sample(static_cast<double>(loop.waiting()));
    if (!looked) return;
    into.gauge("almon_signalling_answer_seconds", "How long the signalling loop took to answer this scrape.")
        .sample(seconds(system_now().instant - asked));
    into.gauge("almon_channels", "Parties whose call is up or being set up.")
        .sample(static_cast<double>(seen->channels));
    into.gauge("almon_bridges", "Conversations of two parties.").sample(static_cast<double>(seen->bridges));
    into.gauge("almon_sip_contacts", "Phones that are registered.")
        .sample(static_cast<double>(seen->contacts));
    into.gauge("almon_sip_provider_accounts",
               "Our accounts at providers, by the state of their registration.");
    for (const auto& [state, count] : seen->accounts)
        into.sample(static_cast<double>(count), {{"state", state}});
    into.histogram("almon_call_set_up_seconds",
                   "From an INVITE to what its caller is told first: ringing, early media or the answer.",
                   seen->set_up);
}

void describe_calls(services::EventFeed& feed, Exposition& into) {
    const auto seen = std::make_shared<Calls>();
    const auto looked = feed.look(
        [seen](const services::LiveView& view) {
            seen->now = view.figures.now();
            seen->begun = view.figures.begun();
            for (std::size_t outcome = 0; outcome < services::kCallOutcomes; ++outcome)
                seen->ended[outcome] = view.figures.ended(static_cast<services::CallOutcome>(outcome));
        },
        kPatience);
    if (looked) {
        into.gauge("almon_calls", "Calls that are up or being set up.")
            .sample(static_cast<double>(seen->now));
        into.counter("almon_calls_begun_total", "Calls that have begun.")
            .sample(static_cast<double>(seen->begun));
        into.counter("almon_calls_ended_total", "Calls that are over, by what has become of them.");
        for (std::size_t outcome = 0; outcome < services::kCallOutcomes; ++outcome) {
            into.sample(static_cast<double>(seen->ended[outcome]),
                        {{"outcome", services::name_of(static_cast<services::CallOutcome>(outcome))}});
        }
    }
    into.gauge("almon_events_waiting", "Events of calls that wait to be told to programs.")
        .sample(static_cast<double>(feed.waiting()));
    into.counter("almon_events_lost_total",
                 "Events of calls that programs were not told as they came too fast.")
        .sample(static_cast<double>(feed.lost()));
}

void describe_delivery(const EventDelivery& delivery, Exposition& into) {
    const auto figures = delivery.figures();
    into.gauge("almon_websocket_clients", "Programs that hear of events over WebSocket.")
        .sample(static_cast<double>(figures.clients));
    if (!figures.has_broker) return;
    into.gauge("almon_amqp_connected", "Whether the message broker is reached.")
        .sample(figures.broker_connected ? 1 : 0);
    into.gauge("almon_amqp_waiting", "Messages that wait for the broker.")
        .sample(static_cast<double>(figures.broker_waiting));
    into.counter("almon_amqp_lost_total", "Messages that were given up as the broker was away for too long.")
        .sample(static_cast<double>(figures.broker_lost));
}

void describe_media(const media::Engine& engine, Exposition& into) {
    const auto traffic = engine.traffic();
    into.counter("almon_rtp_packets_total", "RTP packets, as we received and sent them.")
        .sample(static_cast<double>(traffic.received), {{"direction", "received"}})
        .sample(static_cast<double>(traffic.sent), {{"direction", "sent"}});
    into.counter("almon_rtp_packets_lost_total",
                 "RTP packets that were missing: here among those received, there as parties report by RTCP.")
        .sample(static_cast<double>(traffic.lost), {{"direction", "received"}})
        .sample(static_cast<double>(traffic.lost_remote), {{"direction", "sent"}});
    into.counter("almon_rtp_packets_refused_total",
                 "RTP packets of somebody else than the party, or that could not be deciphered.")
        .sample(static_cast<double>(traffic.refused));
}

void describe_database(const bus::Journal& journal, const store::JournalConsumer& consumer,
                       Exposition& into) {
    const auto kept = journal.figures();
    into.gauge("almon_journal_waiting_bytes", "Events that the disk has not taken; they wait in memory.")
        .sample(static_cast<double>(kept.waiting_bytes));
    into.counter("almon_journal_lost_steps_total",
                 "Steps of the signalling loop whose events are lost, as the disk was away for too long.")
        .sample(static_cast<double>(kept.lost));
    const auto& figures = consumer.figures();
    into.gauge("almon_database_up", "Whether the database took what it was given last.")
        .sample(figures.failing ? 0 : 1);
    into.gauge("almon_database_behind_seconds", "Since when the tables lack events of calls.")
        .sample(seconds(system_now().instant - figures.caught_up.load()));
    into.counter("almon_database_events_total",
                 "Events of calls and phones that were written into the tables.")
        .sample(static_cast<double>(figures.events));
    into.histogram("almon_database_transaction_seconds", "How long the database took for a batch of events.",
                   figures.transactions.read());
}

std::size_t resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::size_t total = 0;
    std::size_t resident = 0;
    file >> total >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::size_t entries_of(const char* folder) {
    std::error_code error;
    std::size_t count = 0;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error))
        ++count;
    return count;
}

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

void describe_process(const MonitoringPort::Parts& parts, Exposition& into) {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    rlimit descriptors{};
    ::getrlimit(RLIMIT_NOFILE, &descriptors);
    struct statvfs disk {};
    into.gauge("almon_build_info", "Which version runs.").sample(1, {{"version", parts.version}});
    if (::statvfs(parts.data_directory.c_str(), &disk) == 0) {
        into.gauge("almon_disk_free_bytes", "Room on the disk of the data directory.")
            .sample(static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize));
    }
    into.gauge("process_start_time_seconds", "Since when it runs, in seconds since 1970.")
        .sample(std::chrono::duration<double>(parts.started.time_since_epoch()).count());
    into.counter("process_cpu_seconds_total", "Time of processors that it has used.")
        .sample(seconds(usage.ru_utime) + seconds(usage.ru_stime));
    into.gauge("process_resident_memory_bytes", "Memory that it occupies.")
        .sample(static_cast<double>(resident_bytes()));
    into.gauge("process_threads", "Its threads.").sample(static_cast<double>(entries_of("/proc/self/task")));
    into.gauge("process_open_fds", "Its open files and sockets.")
        .sample(static_cast<double>(entries_of("/proc/self/fd")));
    into.gauge("process_max_fds", "How many it may have open.")
        .sample(static_cast<double>(descriptors.rlim_cur));
}

std::vector<Ailment> examine(const MonitoringPort::Parts& parts) {
    std::vector<Ailment> found;
    if (const auto looked = parts.signalling.look([](const pbx::Exchange&) {}, kPatience); !looked)
        found.push_back({"signalling", looked.error().reason});
    if (const auto looked = parts.events.feed().look([](const services::LiveView&) {}, kPatience); !looked)
        found.push_back({"events", looked.error().reason});
    if (parts.journal.figures().failing) found.push_back({"journal", "cannot be written; the log says why"});
    const auto& database = parts.database.figures();
    if (database.failing) {
        found.push_back({"database", "does not take events of calls; the log says why"});
    } else if (system_now().instant - database.answered.load() > kMostSilence) {
        found.push_back({"database", "does not answer"});
    }
    return found;
}

}  // namespace

MonitoringPort::MonitoringPort(Parts parts)
    : parts_(std::move(parts)),
      health_(std::make_shared<services::Health>([this] { return examine(parts_); },
                                                 [] { return system_now().instant; })),
      server_(std::make_unique<http::Server>(
          http::ServerSettings{.io_threads = 1, .workers = 2, .limits = {.connections = 100}})) {}

void MonitoringPort::stop() {
    server_->stop(kGrace);
}

Result<void> MonitoringPort::start(const ServerSettings::Monitoring& settings) {
    if (!settings.enabled) return {};
    const auto address = NetAddress::parse(settings.address, static_cast<std::uint16_t>(settings.port));
    if (!address) return refuse(address);
    const auto describe = [this](Exposition& into) {
        describe_calls(parts_.events.feed(), into);
        describe_switch(parts_.signalling, into);
        describe_media(parts_.media, into);
        describe_delivery(parts_.events, into);
        describe_database(parts_.journal, parts_.database, into);
        describe_process(parts_, into);
    };
    const auto opened =
        server_->listen(*address, {{"/metrics", services::make_metrics_service(describe)},
                                   {"/health", services::make_health_service(health_, true)}});
    if (!opened) return refuse(opened);
    log_info("monitoring (/metrics, /health) listens on {}", opened->text());
    return {};
}

}  // namespace almon::server
