// SPDX-License-Identifier: GPL-3.0-or-later
// Commands about phones, lines and accounts at providers.
#include <fmt/format.h>

#include "services/command_line/command.hpp"

namespace almon::services {

namespace json = boost::json;

namespace {

Result<Shown> show_peers(const ManagerDesk& desk, CommandArguments) {
    static constexpr JsonName kNames[] = {
        {"name", "ObjectName"}, {"address", "IPaddress"}, {"port", "IPport"}, {"status", "Status"}};
    const auto peers = entries_of(desk, "SIPpeers");
    Shown shown{{fmt::format("{:<25} {:<39} {:<3} {:<6} {}", "Name", "Host", "Dyn", "Port", "Status")},
                json_of(peers, kNames)};
    for (const auto& each : peers) {
        shown.lines.push_back(fmt::format("{:<25} {:<39} {:<3} {:<6} {}", each.find("ObjectName"),
                                          each.find("IPaddress"), each.find("Dynamic") == "yes" ? "D" : "",
                                          each.find("IPport"), each.find("Status")));
    }
    shown.lines.push_back(fmt::format("{} sip peers", peers.size()));
    return shown;
}

/// Our accounts at providers, one a line (ADB-019).
Result<Shown> show_registry(const ManagerDesk& desk, CommandArguments) {
    const auto accounts = desk.provider_accounts();
    if (!accounts) return refuse(accounts);
    Shown shown;
    json::array list;
    for (const auto& each : *accounts) {
        shown.lines.push_back(
            fmt::format("{:<40} {:<12} {}", each.account, pbx::name_of(each.state),
                        each.reason.empty() ? fmt::format("{} s", each.expires.count()) : each.reason));
        list.push_back({{"account", each.account},
                        {"state", pbx::name_of(each.state)},
                        {"reason", each.reason},
                        {"expires", each.expires.count()}});
    }
    if (accounts->empty()) shown.lines.emplace_back("No account at a provider is configured.");
    shown.json = std::move(list);
    return shown;
}

Result<Shown> show_hints(const ManagerDesk& desk, CommandArguments) {
    static constexpr JsonName kNames[] = {
        {"number", "Exten"}, {"context", "Context"}, {"line", "Hint"}, {"state", "StatusText"}};
    const auto numbers = entries_of(desk, "ExtensionStateList");
    Shown shown{{}, json_of(numbers, kNames)};
    for (const auto& each : numbers) {
        shown.lines.push_back(fmt::format("{:<30}: {:<30} State:{}",
                                          fmt::format("{}@{}", each.find("Exten"), each.find("Context")),
                                          each.find("Hint"), each.find("StatusText")));
    }
    shown.lines.push_back(fmt::format("{} hints registered", numbers.size()));
    return shown;
}

}  // namespace

std::span<const Command> phone_commands() {
    static constexpr Command kCommands[] = {
        {"core show hints", "", "", "The state of each number", false, show_hints},
        {"sip show peers", "", "", "The SIP accounts and where their phones are", false, show_peers},
        {"sip show registry", "registrations", "",
         "Our accounts at providers, and whether they are registered", false, show_registry},
    };
    return kCommands;
}

}  // namespace almon::services
