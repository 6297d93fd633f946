// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "ami/server.hpp"
#include "model/change.hpp"
#include "server/server_settings.hpp"
#include "services/amid/manager_office.hpp"

namespace almon::server {

/// The manager (AMI): its port, and what its clients are told.
class ManagerPort final {
public:
    /// Before the feed starts. All is lent.
    ManagerPort(services::Authentication& authentication, services::ManagerDesk desk);
    /// Ends the feed first, which tells it.
    ~ManagerPort();
    ManagerPort(const ManagerPort&) = delete;
    ManagerPort& operator=(const ManagerPort&) = delete;

    [[nodiscard]] Result<void> start(const ServerSettings& settings);
    /// Disconnects programs that are gone, or have another password or other rights.
    void follow(const model::Change& change);

private:
    services::EventFeed& feed_;
    services::ManagerOffice office_;
    std::unique_ptr<ami::Server> server_;
};

}  // namespace almon::server
