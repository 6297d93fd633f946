// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/journal_place.hpp"

#include <soci/soci.h>

namespace almon::store {

bus::JournalPosition read_journal_place(Session& session) {
    long long segment = 0;
    long long position = 0;
    session.soci() << "SELECT segment, position FROM journal_position WHERE consumer = 'database'",
        soci::into(segment), soci::into(position);
    return {static_cast<std::uint64_t>(segment), static_cast<std::uint64_t>(position)};
}

void write_journal_place(Session& session, bus::JournalPosition place) {
    const auto segment = static_cast<long long>(place.segment);
    const auto position = static_cast<long long>(place.offset);
    session.soci()
        << "INSERT INTO journal_position (consumer, segment, position) VALUES ('database', :segment, "
           ":position) ON CONFLICT (consumer) DO UPDATE SET segment = excluded.segment, "
           "position = excluded.position",
        soci::use(segment), soci::use(position);
}

}  // namespace almon::store
