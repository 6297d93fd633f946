// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "bus/journal.hpp"
#include "http/server.hpp"
#include "media/engine.hpp"
#include "server/event_delivery.hpp"
#include "server/server_settings.hpp"
#include "server/signalling_loop.hpp"
#include "services/monitoring/monitoring.hpp"
#include "store/journal_consumer.hpp"

namespace almon::server {

/// What those who look after the system read: figures for Prometheus (/metrics) and whether all is well
/// (/health), on a port and threads of their own, so that they answer when others do not.
class MonitoringPort final {
public:
    /// All is lent.
    struct Parts {
        SignallingLoop& signalling;
        media::Engine& media;
        bus::Journal& journal;
        store::JournalConsumer& database;
        EventDelivery& events;
        std::string version;
        UtcTime started{};
        std::string data_directory;
    };

    explicit MonitoringPort(Parts parts);

    [[nodiscard]] Result<void> start(const ServerSettings::Monitoring& settings);
    /// Before any of the parts stops.
    void stop();
    /// What does not work.
    [[nodiscard]] std::vector<services::Ailment> ailments() const { return health_->ailments(); }
    /// For ports that more than this machine reach: it says which parts do not work, not why.
    [[nodiscard]] std::shared_ptr<const http::Service> health_for_others() const {
        return services::make_health_service(health_, false);
    }

private:
    const Parts parts_;
    std::shared_ptr<services::Health> health_;
    std::unique_ptr<http::Server> server_;
};

}  // namespace almon::server
