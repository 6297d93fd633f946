// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/manager_port.hpp"

#include <string>
#include <utility>

#include "base/log.hpp"
#include "model/web_service.hpp"

namespace almon::server {

ManagerPort::ManagerPort(services::Authentication& authentication, services::ManagerDesk desk)
    : feed_(desk.feed),
      office_(authentication, std::move(desk)),
      server_(std::make_unique<ami::Server>(office_)) {
    feed_.listen_as_manager([this](const auto& event) { server_->deliver(event); },
                            [this] { return server_->anybody_listens(); });
}

ManagerPort::~ManagerPort() {
    feed_.stop();
}

Result<void> ManagerPort::start(const ServerSettings& settings) {
    if (!settings.ami.enabled) return {};
    const auto address =
        NetAddress::parse(settings.ami.address, static_cast<std::uint16_t>(settings.ami.port));
    if (!address) return refuse(address);
    const auto opened = server_->listen(*address);
    if (!opened) return refuse(opened);
    log_info("the manager (AMI) listens on {}", opened->text());
    return {};
}

void ManagerPort::follow(const model::Change& change) {
    for (const auto& operation : change.operations) {
        if (operation.declaration == &model::declaration_of<model::WebService>())
            server_->end(std::to_string(operation.key.first));
    }
}

}  // namespace almon::server
