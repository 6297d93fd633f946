// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "base/random.hpp"
#include "base/result.hpp"
#include "store/database.hpp"

namespace almon::store {

/// What tells this installation from all others ("xivo_uuid" in the interfaces): made at the first start,
/// then kept in the database, so that it goes with a backup.
[[nodiscard]] Result<std::string> installation_uuid(const DatabaseLocation& location, Random& random);

}  // namespace almon::store
