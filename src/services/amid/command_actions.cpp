// SPDX-License-Identifier: GPL-3.0-or-later
// Command: the command line as far as it shows something. It changes nothing.
#include <fmt/format.h>

#include "services/amid/manager_actions.hpp"
#include "services/command_line/command.hpp"

namespace almon::services {

using Fields = ami::Message;
using ami::Reply;

namespace {

Reply command(const ManagerDesk& desk, const Fields& message) {
    const auto shown = perform(desk, words_of(message.find("Command")), CommandRights::Look);
    Reply reply{{{"Response", shown ? "Success" : "Error"}, {"Message", "Command output follows"}}};
    if (!shown) {
        reply.response.add("Output", shown.error().field.empty()
                                         ? shown.error().reason
                                         : fmt::format("{}: {}", shown.error().field, shown.error().reason));
        return reply;
    }
    for (const auto& line : shown->lines)
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
