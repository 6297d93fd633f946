// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>

#include "http/service.hpp"
#include "model/snapshot.hpp"
#include "services/ctid_ng/presences.hpp"
#include "services/events/event_feed.hpp"

namespace almon::services {

/// What it needs of the rest. All is lent.
struct CtidParts {
    EventFeed& feed;
    const Presences& presences;
    std::function<std::shared_ptr<const model::Snapshot>()> configuration;
    http::ErrorDialect dialect;
};

/// xivo-ctid, /0.1 (API-132, API-133, SYS-053): what users are for the others and the state of lines, for
/// programs of this machine, which are not asked who they are.
[[nodiscard]] std::shared_ptr<const http::Service> make_ctid_service(CtidParts parts);

}  // namespace almon::services
