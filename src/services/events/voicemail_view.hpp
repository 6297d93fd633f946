// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include <boost/json.hpp>

#include "pbx/mailbox.hpp"

// Messages of voicemails as programs read them, in events and in answers alike (API-021, API-142 to API-144).
namespace almon::services {

/// {"id", "name", "type"}: 1 inbox, of type new; 2 old.
[[nodiscard]] boost::json::object folder_json(bool fresh);
/// Whether the folder of that id has the fresh messages; nothing where there is no such folder.
[[nodiscard]] std::optional<bool> is_folder_fresh(std::uint64_t id);

/// Null in place of a number that is withheld. Of names no file tells: null. The duration is in whole
/// seconds.
[[nodiscard]] boost::json::object message_json(const pbx::VoiceMessage& message);
/// The same, and its folder.
[[nodiscard]] boost::json::object message_json(const pbx::VoiceMessage& message, bool fresh);

}  // namespace almon::services
