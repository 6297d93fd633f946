// SPDX-License-Identifier: GPL-3.0-or-later
// Commands about the system as a whole.
#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "model/endpoint_sip.hpp"
#include "services/command_line/command.hpp"
#include "services/local_time.hpp"

namespace almon::services {

namespace json = boost::json;

namespace {

std::int64_t uptime(const ManagerDesk& desk) {
    return std::chrono::duration_cast<std::chrono::seconds>(desk.now() - desk.started).count();
}

std::string uptime_text(const ManagerDesk& desk) {
    const auto seconds = uptime(desk);
    return fmt::format("{} days, {:02}:{:02}:{:02}", seconds / 86400, seconds / 3600 % 24, seconds / 60 % 60,
                       seconds % 60);
}

Result<Shown> show_version(const ManagerDesk& desk, CommandArguments) {
    return Shown{{"Almon " + desk.version}, {{"version", desk.version}}};
}

Result<Shown> show_uptime(const ManagerDesk& desk, CommandArguments) {
    return Shown{{"System uptime: " + uptime_text(desk)}, {{"uptime_seconds", uptime(desk)}}};
}

/// What of all this goes on now.
struct Activity {
    std::size_t calls = 0;
    std::size_t channels = 0;
    std::size_t accounts = 0;  ///< Of lines.
    std::size_t phones = 0;    ///< Accounts that a phone is registered with.
    json::object ended;
    std::uint64_t ended_in_all = 0;
};

Activity activity_in(const LiveView& view) {
    Activity now;
    now.calls = view.figures.now();
    now.channels = view.calls.size();
    view.configuration.for_each<model::EndpointSip>([&](const model::EndpointSip& endpoint) {
        if (view.configuration.line_of_endpoint(endpoint.id) == nullptr) return;
        ++now.accounts;
        if (view.contacts.contains(endpoint.username)) ++now.phones;
    });
    for (std::size_t each = 0; each < kCallOutcomes; ++each) {
        const auto outcome = static_cast<CallOutcome>(each);
        now.ended[name_of(outcome)] = view.figures.ended(outcome);
        now.ended_in_all += view.figures.ended(outcome);
    }
    return now;
}

/// CTR-003: a system whose process runs and which does not work is told from one that is healthy.
Result<Shown> show_status(const ManagerDesk& desk, CommandArguments) {
    const auto ailments = desk.ailments();
    // Where events are not told any more, what goes on is not known; that is among the ailments.
    const auto now = desk.look(activity_in);
    // Where the signalling loop stands still they are not known; that it does is among the ailments.
    const auto accounts = desk.provider_accounts().value_or(std::vector<pbx::OutwardRegistrations::Shown>{});
    const auto registered = std::ranges::count(accounts, pbx::OutwardRegistrations::State::Registered,
                                               &pbx::OutwardRegistrations::Shown::state);
    Shown shown{{fmt::format("Almon {}, up {}", desk.version, uptime_text(desk))}, {}};
    if (now) {
        shown.lines.push_back(fmt::format("Calls:     {} ({} channels), {} have ended", now->calls,
                                          now->channels, now->ended_in_all));
        shown.lines.push_back(
            fmt::format("Phones:    {} of {} accounts are registered", now->phones, now->accounts));
    }
    shown.lines.push_back(
        fmt::format("Providers: {} of {} accounts are registered", registered, accounts.size()));
    json::array failing;
    for (const auto& each : ailments) {
        shown.lines.push_back(fmt::format("FAILING:   {}: {}", each.part, each.reason));
        failing.push_back({{"part", each.part}, {"reason", each.reason}});
    }
    if (ailments.empty()) shown.lines.emplace_back("Health:    all is well");
    json::object status{{"version", desk.version},
                        {"started", local_iso_text(desk.started)},
                        {"uptime_seconds", uptime(desk)},
                        {"providers", {{"registered", registered}, {"accounts", accounts.size()}}},
                        {"status", ailments.empty() ? "ok" : "failing"},
                        {"failing", std::move(failing)}};
    if (now) {
        status["calls"] = now->calls;
        status["channels"] = now->channels;
        status["ended"] = now->ended;
        status["phones"] = {{"registered", now->phones}, {"accounts", now->accounts}};
    }
    shown.json = std::move(status);
    return shown;
}

Result<Shown> show_help(const ManagerDesk&, CommandArguments) {
    Shown shown;
    json::array list;
    const auto add = [&](std::string_view words, const Command& command) {
        const auto usage =
            command.arguments.empty() ? std::string(words) : fmt::format("{} {}", words, command.arguments);
        shown.lines.push_back(fmt::format("{:<30} {}", usage, command.summary));
        list.push_back({{"command", usage}, {"summary", command.summary}});
    };
    for (const auto& each : commands()) {
        if (each.changes) continue;
        add(each.words, each);
        if (!each.also.empty()) add(each.also, each);
    }
    shown.json = std::move(list);
    return shown;
}

}  // namespace

std::span<const Command> system_commands() {
    static constexpr Command kCommands[] = {
        {"core show help", "", "", "The commands that show something", false, show_help},
        {"core show uptime", "", "", "How long the system runs", false, show_uptime},
        {"core show version", "", "", "Which version it is", false, show_version},
        {"status", "", "", "Whether all is well, and what goes on", false, show_status},
    };
    return kCommands;
}

}  // namespace almon::services
