// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "services/amid/manager_actions.hpp"
#include "services/command_line/command.hpp"

namespace almon::services {

namespace {

/// How many of `words` are `command`; nothing: they are something else.
std::optional<std::size_t> fits(std::string_view command, std::span<const std::string> words) {
    const auto wanted = words_of(command);
    if (wanted.size() > words.size() || !std::ranges::equal(wanted, words.first(wanted.size())))
        return std::nullopt;
    return wanted.size();
}

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    bool goes_on = false;
    for (const char letter : text) {
        const bool is_blank = letter == ' ' || letter == '\t';
        if (!is_blank && !goes_on) words.emplace_back();
        if (!is_blank) words.back() += letter;
        goes_on = !is_blank;
    }
    return words;
}

std::vector<Command::Argument> Command::takes() const {
    std::vector<Argument> taken;
    auto rest = arguments;
    while (!rest.empty()) {
        const auto begin = rest.find('<') + 1;
        const auto end = rest.find('>');
        taken.push_back({rest.substr(begin, end - begin), rest.front() == '['});
        rest.remove_prefix(std::min(rest.find(' ', end), rest.size()));
        if (rest.starts_with(' ')) rest.remove_prefix(1);
    }
    return taken;
}

std::span<const Command> commands() {
    static const auto kAll = [] {
        std::vector<Command> all;
        for (const auto part : {call_commands(), dialplan_commands(), phone_commands(), system_commands()})
            std::ranges::copy(part, std::back_inserter(all));
        std::ranges::sort(all, {}, &Command::words);
        return all;
    }();
    return kAll;
}

GivenCommand command_in(std::span<const std::string> words) {
    GivenCommand found;
    std::size_t longest = 0;
    for (const auto& command : commands()) {
        for (const auto each : {command.words, command.also}) {
            const auto count = each.empty() ? std::nullopt : fits(each, words);
            if (!count || *count <= longest) continue;
            longest = *count;
            found = {&command, words.subspan(*count)};
        }
    }
    return found;
}

Result<Shown> perform(const ManagerDesk& desk, std::span<const std::string> words, CommandRights rights) {
    const auto given = command_in(words);
    if (given.command == nullptr || (given.command->changes && rights == CommandRights::Look))
        return refuse(ErrorCode::NotFound, "",
                      fmt::format("No such command '{}' (type 'core show help' for those that there are)",
                                  fmt::join(words, " ")));
    const auto& command = *given.command;
    const auto takes = command.takes();
    const auto needed = std::ranges::count(takes, false, &Command::Argument::optional);
    const auto count = given.arguments.size();
    if (count < static_cast<std::size_t>(needed) || count > takes.size())
        return refuse(ErrorCode::InvalidArgument, "",
                      takes.empty() ? fmt::format("'{}' takes no argument", command.words)
                                    : fmt::format("'{}' takes {}", command.words, command.arguments));
    return command.perform(desk, given.arguments);
}

std::vector<ami::Message> entries_of(const ManagerDesk& desk, const char* action) {
    std::vector<ami::Message> entries;
    manager_action(action)->perform(desk, {{"Action", action}},
                                    [&](ami::Reply reply) { entries = std::move(reply.events); });
    if (!entries.empty()) entries.pop_back();
    return entries;
}

boost::json::array json_of(const std::vector<ami::Message>& entries, std::span<const JsonName> names) {
    boost::json::array list;
    for (const auto& entry : entries) {
        boost::json::object object;
        for (const auto& [name, header] : names)
            object[name] = entry.find(header);
        list.push_back(std::move(object));
    }
    return list;
}

}  // namespace almon::services
