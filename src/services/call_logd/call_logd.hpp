// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>

#include "http/service.hpp"
#include "model/snapshot.hpp"
#include "store/call_log.hpp"

namespace almon::services {

/// What the service of past calls needs of the rest. All is lent.
struct CallLogdParts {
    store::CallLog& log;
    std::function<std::shared_ptr<const model::Snapshot>()> configuration;
    http::ErrorDialect dialect;
    http::BeforeFilter authentication;  ///< Sets the caller of each request.
};

/// xivo-call-logd, /1.0, ours: calls of the past as JSON and CSV, of all or of one user, page by page.
[[nodiscard]] std::shared_ptr<const http::Service> make_call_logd_service(CallLogdParts parts);

}  // namespace almon::services
