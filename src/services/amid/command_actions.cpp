// SPDX-License-Identifier: GPL-3.0-or-later
// Command: the command line as far as it shows something. It changes nothing.
#include <algorithm>
#include <array>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "services/amid/manager_actions.hpp"
#include "services/events/manager_events.hpp"

namespace almon::services {

using Fields = ami::Message;
using ami::Reply;

namespace {

using Lines = std::vector<std::string>;

/// What an action of the manager lists, without its end.
std::vector<Fields> entries_of(const ManagerDesk& desk, const char* action) {
    std::vector<Fields> entries;
    manager_action(action)->perform(desk, {{"Action", action}},
                                    [&](Reply reply) { entries = std::move(reply.events); });
    if (!entries.empty()) entries.pop_back();
    return entries;
}

void add_count(Lines& lines, const std::vector<Fields>& channels) {
    std::set<std::string_view> calls;
    for (const auto& channel : channels)
        calls.insert(channel.find("Linkedid"));
    const auto line = [](std::size_t count, std::string_view what) {
        return fmt::format("{} active {}{}", count, what, count == 1 ? "" : "s");
    };
    lines.push_back(line(channels.size(), "channel"));
    lines.push_back(line(calls.size(), "call"));
}

Lines show_channels(const ManagerDesk& desk) {
    Lines lines{fmt::format("{:<30} {:<30} {:<8} {}", "Channel", "Location", "State", "Application(Data)")};
    const auto channels = entries_of(desk, "CoreShowChannels");
    for (const auto& each : channels) {
        lines.push_back(fmt::format("{:<30} {:<30} {:<8} {}({})", each.find("Channel"),
                                    fmt::format("{}@{}:1", each.find("Exten"), each.find("Context")),
                                    each.find("ChannelStateDesc"), each.find("Application"),
                                    each.find("ApplicationData")));
    }
    add_count(lines, channels);
    return lines;
}

Lines show_channels_concisely(const ManagerDesk& desk) {
    static constexpr std::array kFields{"Channel",
                                        "Context",
                                        "Exten",
                                        "Priority",
                                        "ChannelStateDesc",
                                        "Application",
                                        "ApplicationData",
                                        "CallerIDNum",
                                        "AccountCode",
                                        "",
                                        "",
                                        "Duration",
                                        "BridgeId",
                                        "Uniqueid"};
    Lines lines;
    for (const auto& channel : entries_of(desk, "CoreShowChannels")) {
        std::string line;
        for (const std::string_view field : kFields)
            line += fmt::format("{}{}", line.empty() ? "" : "!", field.empty() ? "" : channel.find(field));
        lines.push_back(std::move(line));
    }
    return lines;
}

Lines count_channels(const ManagerDesk& desk) {
    Lines lines;
    add_count(lines, entries_of(desk, "CoreShowChannels"));
    return lines;
}

Lines show_hints(const ManagerDesk& desk) {
    const auto numbers = entries_of(desk, "ExtensionStateList");
    Lines lines;
    for (const auto& each : numbers) {
        lines.push_back(fmt::format("{:<30}: {:<30} State:{}",
                                    fmt::format("{}@{}", each.find("Exten"), each.find("Context")),
                                    each.find("Hint"), each.find("StatusText")));
    }
    lines.push_back(fmt::format("{} hints registered", numbers.size()));
    return lines;
}

Lines show_peers(const ManagerDesk& desk) {
    Lines lines{fmt::format("{:<25} {:<39} {:<3} {:<6} {}", "Name", "Host", "Dyn", "Port", "Status")};
    const auto peers = entries_of(desk, "SIPpeers");
    for (const auto& each : peers) {
        lines.push_back(fmt::format("{:<25} {:<39} {:<3} {:<6} {}", each.find("ObjectName"),
                                    each.find("IPaddress"), each.find("Dynamic") == "yes" ? "D" : "",
                                    each.find("IPport"), each.find("Status")));
    }
    lines.push_back(fmt::format("{} sip peers", peers.size()));
    return lines;
}

Lines show_version(const ManagerDesk& desk) {
    return {"Almon " + desk.version};
}

Lines show_uptime(const ManagerDesk& desk) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(desk.now() - desk.started).count();
    return {fmt::format("System uptime: {} days, {:02}:{:02}:{:02}", seconds / 86400, seconds / 3600 % 24,
                        seconds / 60 % 60, seconds % 60)};
}

Lines show_help(const ManagerDesk& desk);

struct Shown {
    std::string_view command;
    std::string_view summary;
    Lines (*lines)(const ManagerDesk& desk);
};
constexpr Shown kCommands[] = {
    {"core show channels", "The calls that are up", show_channels},
    {"core show channels concise", "The same for programs", show_channels_concisely},
    {"core show channels count", "How many there are", count_channels},
    {"core show help", "These commands", show_help},
    {"core show hints", "The state of each number", show_hints},
    {"core show uptime", "How long the system runs", show_uptime},
    {"core show version", "Which version it is", show_version},
    {"sip show peers", "The SIP accounts and where their phones are", show_peers},
};

Lines show_help(const ManagerDesk&) {
    Lines lines;
    for (const auto& each : kCommands)
        lines.push_back(fmt::format("{:<30} {}", each.command, each.summary));
    return lines;
}

/// Words with one blank in between.
std::string tidy(std::string_view text) {
    std::string tidied;
    for (const char letter : text) {
        if (letter != ' ' && letter != '\t')
            tidied += letter;
        else if (!tidied.empty() && tidied.back() != ' ')
            tidied += ' ';
    }
    if (tidied.ends_with(' ')) tidied.pop_back();
    return tidied;
}

Reply command(const ManagerDesk& desk, const Fields& message) {
    const auto asked = tidy(message.find("Command"));
    const auto* const found = std::ranges::find(kCommands, asked, &Shown::command);
    const bool known = found != std::end(kCommands);
    Reply reply{{{"Response", known ? "Success" : "Error"}, {"Message", "Command output follows"}}};
    if (!known) {
        reply.response.add(
            "Output",
            fmt::format("No such command '{}' (type 'core show help' for those that there are)", asked));
        return reply;
    }
    for (const auto& line : found->lines(desk))
        reply.response.add("Output", line);
    return reply;
}

}  // namespace

std::span<const ManagerAction> command_actions() {
    static constexpr ManagerAction kActions[] = {
        {"Command", "Have the command line show something: Command", at_once<command>},
    };
    return kActions;
}

}  // namespace almon::services
