// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/greeting.hpp"

#include <string_view>

#include <fmt/format.h>

namespace almon::server {

std::string greeting(const store::DemoOffice& office, const std::string& host,
                     const ServerSettings& settings) {
    const bool both = settings.sip.udp.enabled && settings.sip.tcp.enabled &&
                      settings.sip.udp.port == settings.sip.tcp.port;
    const auto& transport = settings.sip.udp.enabled ? settings.sip.udp : settings.sip.tcp;
    const auto* kind = both ? "UDP or TCP" : settings.sip.udp.enabled ? "UDP" : "TCP";
    auto text = fmt::format(
        "Open https://{}:{} in two browser windows, sign in as two of these people and call each other.\n"
        "Browsers warn of its certificate, which the server has made itself.\n\n",
        host, settings.page.port);
    const auto row = [&](std::string_view name, std::string_view number, std::string_view username,
                         std::string_view password) {
        text += fmt::format("  {:<14} {:<7} {:<14} {}\n", name, number, username, password);
    };
    row("name", "number", "user name", "password");
    for (const auto& user : office.users)
        row(user.firstname, user.exten, user.sip_username, user.sip_password);
    row("Administrator", "", office.admin.username, office.admin.password);
    text += fmt::format("\nPhones register with the same names and passwords at {}:{} ({}).\n", host,
                        transport.port, kind);
    return text + "\nCtrl-C ends all calls and stops.\n";
}

}  // namespace almon::server
