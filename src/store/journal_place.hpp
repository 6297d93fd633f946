// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bus/journal_segment.hpp"
#include "store/database.hpp"

namespace almon::store {

/// The place in the journal up to which its events are in the tables. Throw what SOCI throws.
[[nodiscard]] bus::JournalPosition read_journal_place(Session& session);
void write_journal_place(Session& session, bus::JournalPosition place);

}  // namespace almon::store
