// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "http/service.hpp"
#include "services/monitoring/exposition.hpp"

namespace almon::services {

/// A part of the system that does not work, and why.
struct Ailment {
    std::string part;    ///< "database"
    std::string reason;  ///< "the database is locked"
};

/// Looks at the parts, at most once a second however many ask: who asks need not say who he is. Any thread
/// that may wait.
class Health final {
public:
    using Examine = std::function<std::vector<Ailment>()>;
    /// @param now of the clock that a second is measured with.
    Health(Examine examine, std::function<Instant()> now)
        : examine_(std::move(examine)), now_(std::move(now)) {}

    /// Empty: all is well.
    [[nodiscard]] std::vector<Ailment> ailments();

private:
    const Examine examine_;
    const std::function<Instant()> now_;
    std::mutex mutex_;
    bool is_examining_ = false;
    std::optional<Instant> examined_;
    std::vector<Ailment> found_;
};

/// GET /health for load balancers: 200, or 503 with the parts that do not work. Nobody is asked who he is.
/// @param tells_why says the reasons as well, which are for those who look after the machine.
[[nodiscard]] std::shared_ptr<const http::Service> make_health_service(std::shared_ptr<Health> health,
                                                                       bool tells_why);

/// GET /metrics for Prometheus. Nobody is asked who he is: it is served where only this machine comes in,
/// unless an administrator says otherwise.
[[nodiscard]] std::shared_ptr<const http::Service> make_metrics_service(
    std::function<void(Exposition&)> describe);

}  // namespace almon::services
