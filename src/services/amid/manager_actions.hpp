// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "ami/office.hpp"
#include "model/snapshot.hpp"
#include "services/amid/manager_desk.hpp"

namespace almon::services {

using ActionDone = std::function<void(ami::Reply)>;

/// One action of the manager, whether it came over the manager's port or over REST.
struct ManagerAction {
    std::string_view name;     ///< "CoreShowChannels"
    std::string_view summary;  ///< For ListCommands.
    /// Null: of the session on the port alone. May wait; `done` is called once, at once or later.
    void (*perform)(const ManagerDesk& desk, const ami::Message& message, const ActionDone& done) = nullptr;
};

/// The actions that there are, by name.
[[nodiscard]] std::span<const ManagerAction> manager_actions();
/// Whatever the case of its letters; null: there is none.
[[nodiscard]] const ManagerAction* manager_action(std::string_view name);

// For those that define them

/// An action that is done when the function returns.
template <ami::Reply (*Work)(const ManagerDesk&, const ami::Message&)>
void at_once(const ManagerDesk& desk, const ami::Message& message, const ActionDone& done) {
    done(Work(desk, message));
}
/// "Exten leads nowhere in context default".
[[nodiscard]] ami::Reply refusal_of(const Error& error);
/// The beginning of a list; finish_list() puts the end to it.
[[nodiscard]] ami::Reply begin_list(std::string message);
void finish_list(ami::Reply& list, std::string_view complete);
/// The line that a program names: "SIP/alice", "Local/1001@default"; null: there is none.
[[nodiscard]] const model::Line* line_named(std::string_view channel, const model::Snapshot& configuration);

// The parts
[[nodiscard]] std::span<const ManagerAction> core_actions();
[[nodiscard]] std::span<const ManagerAction> call_actions();
[[nodiscard]] std::span<const ManagerAction> command_actions();
[[nodiscard]] std::span<const ManagerAction> phone_actions();

}  // namespace almon::services
