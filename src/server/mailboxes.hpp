// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>

#include "pbx/mailbox.hpp"

namespace almon::server {

/// What lies in the folder of voicemails, by the names of the files: messages that earlier processes have
/// kept. What was not complete when the last one ended is erased.
[[nodiscard]] std::map<model::VoicemailId, pbx::Mailbox> load_mailboxes(const std::filesystem::path& folder);

}  // namespace almon::server
