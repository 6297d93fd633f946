// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "store/configuration_store.hpp"

namespace almon::services {

/// Switches a user's do-not-disturb, anew where somebody else has changed him in between; waits for the disk.
/// Where it is so already, nothing is saved.
/// @param who for the change log.
[[nodiscard]] Result<void> set_do_not_disturb(store::ConfigurationStore& store, std::string_view user_uuid,
                                              bool on, const std::string& who, UtcTime now);

}  // namespace almon::services
