// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/greeting.hpp"

#include <fmt/format.h>

namespace almon::server {

std::string greeting(const std::vector<store::DemoUser>& users, const std::string& host,
                     const ServerSettings& settings) {
    const bool both = settings.sip.udp.enabled && settings.sip.tcp.enabled &&
                      settings.sip.udp.port == settings.sip.tcp.port;
    const auto& transport = settings.sip.udp.enabled ? settings.sip.udp : settings.sip.tcp;
    const auto* kind = both ? "UDP or TCP" : settings.sip.udp.enabled ? "UDP" : "TCP";
    auto text =
        fmt::format("Register two phones at {}:{} ({}) and call each other:\n\n", host, transport.port, kind);
    text += fmt::format("  {:<8} {:<7} {:<14} {}\n", "name", "number", "user name", "password");
    for (const auto& user : users) {
        text += fmt::format("  {:<8} {:<7} {:<14} {}\n", user.firstname, user.exten, user.sip_username,
                            user.sip_password);
    }
    return text + "\nCtrl-C ends all calls and stops.\n";
}

}  // namespace almon::server
