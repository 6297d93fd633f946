// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

#include "model/change.hpp"
#include "services/events/message.hpp"

namespace almon::services {

/// What programs are told of a change to the configuration (API-013..API-018), in the order of its
/// operations.
/// @param change as ConfigurationStore::listen() has it: `expected` is what was there before.
[[nodiscard]] std::vector<Message> messages_of(const model::Change& change, std::string_view origin_uuid);

}  // namespace almon::services
