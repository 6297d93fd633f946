// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.hpp"
#include "model/declaration.hpp"

namespace almon::model {

/// Refuses what cannot take its place among the rest: what must be unique and is not, who names what does not
/// exist or is another's alone, and what does not fit. `before`: what it takes the place of; null: nothing.
[[nodiscard]] Result<void> check_put(const Declaration& declaration, Key key, const void* resource,
                                     const void* before, const Snapshot& snapshot);

}  // namespace almon::model
