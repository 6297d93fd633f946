// SPDX-License-Identifier: GPL-3.0-or-later
// Actions about the system as a whole.
#include <chrono>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "services/amid/manager_actions.hpp"
#include "services/local_time.hpp"

namespace almon::services {

using Fields = ami::Message;
using ami::Reply;

namespace {

Reply ping(const ManagerDesk& desk, const Fields&) {
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(desk.now().time_since_epoch());
    return {{{"Response", "Success"},
             {"Ping", "Pong"},
             {"Timestamp", fmt::format("{}.{:06}", now.count() / 1'000'000, now.count() % 1'000'000)}}};
}

Reply status(const ManagerDesk& desk, const Fields&) {
    const auto calls = desk.look([](const LiveView& view) { return view.calls.size(); });
    if (!calls) return refusal_of(calls.error());
    // As people of this machine read a clock, in two pieces.
    const auto started = local_iso_text(desk.started);
    const auto date = started.substr(0, 10);
    const auto time = started.substr(11, 8);
    return {{{"Response", "Success"},
             {"CoreStartupDate", date},
             {"CoreStartupTime", time},
             {"CoreReloadDate", date},
             {"CoreReloadTime", time},
             {"CoreCurrentCalls", std::to_string(*calls)}}};
}

Reply settings(const ManagerDesk& desk, const Fields&) {
    return {{{"Response", "Success"},
             {"AMIversion", "3.1.0"},
             {"AsteriskVersion", "Almon " + desk.version},
             {"SystemName", desk.system_name},
             {"CoreMaxCalls", std::to_string(desk.maximum_calls)},
             {"CoreMaxLoadAvg", "0.000000"},
             {"CoreRealTimeEnabled", "No"},
             {"CoreCDRenabled", "Yes"},
             {"CoreHTTPenabled", "Yes"}}};
}

Reply list_commands(const ManagerDesk&, const Fields&) {
    Reply reply{{{"Response", "Success"}}};
    for (const auto& action : manager_actions())
        reply.response.add(action.name, action.summary);
    return reply;
}

/// What it tells is what it was told, but for the action itself.
Reply user_event(const ManagerDesk& desk, const Fields& message) {
    const auto name = message.find("UserEvent");
    if (name.empty()) return Reply::error("UserEvent is missing");
    Fields fields{{"UserEvent", std::string(name)}};
    for (const auto& [key, value] : message.headers()) {
        const auto is = [&key = key](std::string_view known) { return ami::same_name(key, known); };
        if (!is("Action") && !is("UserEvent") && !is("Event") && !is("Privilege")) fields.add(key, value);
    }
    desk.feed.publish(ami::Event{"UserEvent", ami::EventClass::User, std::move(fields)});
    return Reply::success("Event Sent");
}

}  // namespace

std::span<const ManagerAction> core_actions() {
    static constexpr ManagerAction kActions[] = {
        {"Challenge", "Begin a login that does not tell the password: AuthType: MD5"},
        {"Events", "Choose events: EventMask: on, off, or call, dialplan, system, user"},
        {"Login", "Log in: Username, and Secret or (AuthType: MD5) Key"},
        {"Logoff", "End the connection"},
        {"CoreSettings", "Show settings of the system", at_once<settings>},
        {"CoreStatus", "Show since when the system runs, and how many calls are up", at_once<status>},
        {"ListCommands", "List the actions", at_once<list_commands>},
        {"Ping", "Keep the connection alive", at_once<ping>},
        {"UserEvent", "Tell the others something: UserEvent, and headers of any name", at_once<user_event>},
    };
    return kActions;
}

}  // namespace almon::services
