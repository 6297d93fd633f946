// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "base/result.hpp"
#include "http/query.hpp"
#include "model/declaration.hpp"
#include "model/snapshot.hpp"

namespace almon::services {

/// A collection as JSON, as its parameters ask for it (API-047..API-049): `search` (without case and
/// accents), `order` by a sortable field, `direction`, `limit`, `offset` (or `skip`), an exact value for any
/// field by its name, and what the declaration adds (`view`, filters). `total` counts what fits, not what is
/// on the page.
[[nodiscard]] Result<std::string> list_of(const model::Declaration& declaration, const http::Query& query,
                                          const model::Snapshot& snapshot);

}  // namespace almon::services
