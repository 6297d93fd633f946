// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "bus/contact_event.hpp"
#include "store/database.hpp"

namespace almon::store {

/// The registrations of the process before: the table, brought up to date by what the journal holds beyond
/// it. Those that have expired by `now` are left out, and taken out of the table. Once, at start, before the
/// JournalConsumer runs.
[[nodiscard]] Result<std::vector<bus::StoredContact>> load_contacts(
    const DatabaseLocation& database, const std::filesystem::path& journal_folder, UtcTime now);

}  // namespace almon::store
