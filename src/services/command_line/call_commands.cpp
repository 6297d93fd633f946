// SPDX-License-Identifier: GPL-3.0-or-later
// Commands about calls: shown, explained, made and ended.
#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "model/extension.hpp"
#include "services/amid/manager_actions.hpp"
#include "services/command_line/command.hpp"

namespace almon::services {

namespace json = boost::json;
using Lines = std::vector<std::string>;

namespace {

std::size_t count_calls(const std::vector<ami::Message>& channels) {
    std::set<std::string_view> calls;
    for (const auto& channel : channels)
        calls.insert(channel.find("Linkedid"));
    return calls.size();
}

void add_count(Lines& lines, const std::vector<ami::Message>& channels) {
    const auto line = [](std::size_t count, std::string_view what) {
        return fmt::format("{} active {}{}", count, what, count == 1 ? "" : "s");
    };
    lines.push_back(line(channels.size(), "channel"));
    lines.push_back(line(count_calls(channels), "call"));
}

constexpr JsonName kChannel[] = {{"id", "Uniqueid"},
                                 {"linked_id", "Linkedid"},
                                 {"name", "Channel"},
                                 {"state", "ChannelStateDesc"},
                                 {"caller_number", "CallerIDNum"},
                                 {"caller_name", "CallerIDName"},
                                 {"connected_number", "ConnectedLineNum"},
                                 {"connected_name", "ConnectedLineName"},
                                 {"number", "Exten"},
                                 {"context", "Context"},
                                 {"application", "Application"},
                                 {"application_data", "ApplicationData"},
                                 {"duration", "Duration"},
                                 {"bridge", "BridgeId"}};

Result<Shown> show_channels(const ManagerDesk& desk, CommandArguments) {
    const auto channels = entries_of(desk, "CoreShowChannels");
    Shown shown{{fmt::format("{:<30} {:<30} {:<8} {}", "Channel", "Location", "State", "Application(Data)")},
                json_of(channels, kChannel)};
    for (const auto& each : channels) {
        shown.lines.push_back(fmt::format("{:<30} {:<30} {:<8} {}({})", each.find("Channel"),
                                          fmt::format("{}@{}:1", each.find("Exten"), each.find("Context")),
                                          each.find("ChannelStateDesc"), each.find("Application"),
                                          each.find("ApplicationData")));
    }
    add_count(shown.lines, channels);
    return shown;
}

Result<Shown> show_channels_concisely(const ManagerDesk& desk, CommandArguments) {
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
    const auto channels = entries_of(desk, "CoreShowChannels");
    Shown shown{{}, json_of(channels, kChannel)};
    for (const auto& channel : channels) {
        std::string line;
        for (const std::string_view field : kFields)
            line += fmt::format("{}{}", line.empty() ? "" : "!", field.empty() ? "" : channel.find(field));
        shown.lines.push_back(std::move(line));
    }
    return shown;
}

Result<Shown> count_channels(const ManagerDesk& desk, CommandArguments) {
    const auto channels = entries_of(desk, "CoreShowChannels");
    Shown shown{{}, {{"channels", channels.size()}, {"calls", count_calls(channels)}}};
    add_count(shown.lines, channels);
    return shown;
}

/// "1001", "1001@default", "SIP/alice" or "alice": whose phone is meant.
Result<const model::Line*> line_of(const std::string& party, const model::Snapshot& configuration) {
    const auto none = [](std::string reason) {
        return refuse(ErrorCode::NotFound, "from", std::move(reason));
    };
    if (party.find('/') != std::string::npos || party.find('@') != std::string::npos) {
        const auto* line =
            line_named(party.find('/') != std::string::npos ? party : "Local/" + party, configuration);
        return line != nullptr ? Result<const model::Line*>(line) : none(party + " is no line");
    }
    std::vector<const model::Line*> lines;
    std::string contexts;
    configuration.for_each<model::Extension>([&](const model::Extension& extension) {
        if (extension.exten != party) return;
        const auto* line = line_named(fmt::format("Local/{}@{}", party, extension.context), configuration);
        if (line == nullptr) return;
        lines.push_back(line);
        contexts += (contexts.empty() ? "" : ", ") + extension.context;
    });
    if (lines.size() > 1)
        return refuse(ErrorCode::InvalidArgument, "from",
                      fmt::format("{0} is a number in {1}: say {0}@<context>", party, contexts));
    if (!lines.empty()) return lines.front();
    const auto* line = line_named("SIP/" + party, configuration);
    return line != nullptr ? Result<const model::Line*>(line)
                           : none(party + " is neither a user's number nor a SIP account");
}

Result<Shown> call(const ManagerDesk& desk, CommandArguments arguments) {
    const auto& from = arguments[0];
    const auto& to = arguments[1];
    const auto configuration = desk.configuration();
    const auto line = line_of(from, *configuration);
    if (!line) return refuse(line);
    const auto& users = configuration->users_of_line((*line)->id);
    if (users.empty()) return refuse(ErrorCode::NotFound, "from", from + " is no user's");
    const pbx::CallOrder order{users.front(), (*line)->id, to};
    const auto made = desk.order([&](pbx::CallCore& core) -> Result<std::string> {
        auto id = core.originate(order);
        // A phone that cannot be reached may have ended it already.
        if (id && !core.variable(*id, ""))
            return refuse(ErrorCode::Unavailable, "from", "the phone of " + from + " takes no call");
        return id;
    });
    if (!made) return refuse(made);
    return Shown{
        {fmt::format("{}: the phone of {} rings, and calls {} once it is answered", *made, from, to)},
        {{"id", *made}}};
}

Result<Shown> hang_up(const ManagerDesk& desk, CommandArguments arguments) {
    std::optional<ami::Reply> reply;
    manager_action("Hangup")->perform(desk, {{"Action", "Hangup"}, {"Channel", arguments[0]}},
                                      [&](ami::Reply told) { reply = std::move(told); });
    if (reply->response.find("Response") != "Success")
        return refuse(ErrorCode::NotFound, "call", arguments[0] + " is not up");
    return Shown{{arguments[0] + " has ended"}, {{"ended", arguments[0]}}};
}

Result<Shown> why(const ManagerDesk& desk, CommandArguments arguments) {
    const auto told = desk.why(arguments.empty() ? std::string_view() : std::string_view(arguments[0]));
    if (!told) return refuse(told);
    Shown shown;
    json::array lines;
    std::string_view rest = *told;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('\n'), rest.size());
        shown.lines.emplace_back(rest.substr(0, end));
        lines.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    shown.json = std::move(lines);
    return shown;
}

}  // namespace

std::span<const Command> call_commands() {
    static constexpr Command kCommands[] = {
        {"call", "", "<from> <to>", "Ring the phone of a user, and call a number for him once he answers",
         true, call},
        {"channels", "core show channels", "", "The calls that are up", false, show_channels},
        {"core show channels concise", "", "", "The same for programs of Asterisk", false,
         show_channels_concisely},
        {"core show channels count", "", "", "How many calls are up", false, count_channels},
        {"hangup", "channel request hangup", "<call>", "End a call, by its id or the name of its channel",
         true, hang_up},
        {"why", "", "[<call>]",
         "Why a call went where it went, by unique id, linked id or channel name; without it: the last calls",
         false, why},
    };
    return kCommands;
}

}  // namespace almon::services
