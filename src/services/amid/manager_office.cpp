// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/amid/manager_office.hpp"

#include <utility>

#include <fmt/format.h>

#include "http/acl.hpp"
#include "model/web_service.hpp"
#include "services/amid/manager_actions.hpp"

namespace almon::services {

Result<std::shared_ptr<const ami::Account>> ManagerOffice::let_in(
    const std::string& username, const std::function<bool(std::string_view password)>& proves,
    const NetAddress& from) {
    auto& attempts = authentication_.attempts();
    if (const auto wait = attempts.begin(from, authentication_.now().instant))
        return refuse(ErrorCode::Unavailable, "",
                      fmt::format("Too many wrong passwords: try again in {} seconds", wait->count()));
    const auto snapshot = authentication_.configuration();
    const auto id = snapshot->id_by<model::WebService>("username", username);
    const auto* program = id == 0 ? nullptr : snapshot->find(model::WebServiceId{id});
    const bool proved = proves(program != nullptr ? std::string_view(program->password) : "nobody's");
    if (program == nullptr || !proved) return refuse(ErrorCode::Unauthorized, "", "Authentication failed");
    attempts.succeeded(from);
    const auto acl = std::make_shared<const http::Acl>(program->acl);
    return std::make_shared<const ami::Account>(ami::Account{
        std::to_string(id), username,
        [acl](std::string_view action) { return acl->grants(fmt::format("amid.action.{}.create", action)); },
        [acl](std::string_view about) { return acl->grants(fmt::format("amid.events.{}.read", about)); }});
}

std::string_view ManagerOffice::action_named(std::string_view name) const {
    const auto* action = manager_action(name);
    return action != nullptr && action->perform != nullptr ? action->name : std::string_view{};
}

void ManagerOffice::perform(const ami::Message& message, std::function<void(ami::Reply)> done) {
    manager_action(message.find("Action"))->perform(desk_, message, done);
}

std::string ManagerOffice::challenge() {
    const std::lock_guard lock(mutex_);
    return fmt::format("{:09}", random_.below(1'000'000'000));
}

}  // namespace almon::services
