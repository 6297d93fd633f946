// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <mutex>

#include "ami/office.hpp"
#include "base/random.hpp"
#include "services/amid/manager_desk.hpp"
#include "services/auth/authentication.hpp"

namespace almon::services {

/// Who may use the manager's port, and what is done for him. The accounts are the programs of the web
/// services: an action asks for amid.action.<name>.create, as it does over REST, and the events of a class
/// for amid.events.<class>.read. Who guesses passwords has to wait as on the other ports.
class ManagerOffice final : public ami::Office {
public:
    /// Both are lent.
    ManagerOffice(Authentication& authentication, ManagerDesk desk)
        : authentication_(authentication), desk_(std::move(desk)) {}

    [[nodiscard]] Result<std::shared_ptr<const ami::Account>> let_in(
        const std::string& username, const std::function<bool(std::string_view password)>& proves,
        const NetAddress& from) override;
    [[nodiscard]] std::string_view action_named(std::string_view name) const override;
    void perform(const ami::Message& action, std::function<void(ami::Reply)> done) override;
    [[nodiscard]] std::string challenge() override;

private:
    Authentication& authentication_;
    const ManagerDesk desk_;
    std::mutex mutex_;
    SystemRandom random_;
};

}  // namespace almon::services
