// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/contacts.hpp"

#include <map>
#include <string>
#include <utility>

#include <soci/soci.h>

#include "base/log.hpp"
#include "bus/event.hpp"
#include "bus/journal_reader.hpp"
#include "store/contact_row.hpp"
#include "store/journal_place.hpp"
#include "store/timestamp.hpp"

namespace almon::store {
namespace {

constexpr std::size_t kBatch = 4096;

using Contacts = std::map<std::pair<std::string, std::string>, bus::StoredContact>;

/// Best done now, but a database that cannot be written shall not keep phones from being reached.
void erase_expired(Session& session, UtcTime now) {
    const auto erased = guarded([&]() -> Result<void> {
        const auto time = timestamp_text(now);
        session.soci() << "DELETE FROM contacts WHERE expires <= :now", soci::use(time);
        return {};
    });
    if (!erased) log_warning("expired contacts stay in the database: {}", erased.error().reason);
}

Result<void> apply_journal(bus::JournalReader& reader, Contacts& contacts) {
    for (;;) {
        auto events = reader.read(kBatch);
        if (!events) return refuse(events);
        if (events->empty()) return {};
        for (auto& event : *events) {
            if (auto* bound = std::get_if<bus::ContactBound>(&event))
                contacts[{bound->contact.username, bound->contact.uri}] = std::move(bound->contact);
            else if (const auto* removed = std::get_if<bus::ContactRemoved>(&event))
                contacts.erase({removed->username, removed->uri});
        }
    }
}

}  // namespace

Result<std::vector<bus::StoredContact>> load_contacts(const DatabaseLocation& database,
                                                      const std::filesystem::path& journal_folder,
                                                      UtcTime now) {
    auto session = Session::open(database);
    if (!session) return refuse(session);
    return guarded([&]() -> Result<std::vector<bus::StoredContact>> {
        Contacts contacts;
        for (auto& contact : read_contacts(*session))
            contacts[{contact.username, contact.uri}] = contact;
        bus::JournalReader reader(journal_folder, read_journal_place(*session));
        if (const auto applied = apply_journal(reader, contacts); !applied) return refuse(applied);
        erase_expired(*session, now);

        std::vector<bus::StoredContact> live;
        for (auto& [name, contact] : contacts) {
            // The connection it came over is gone with the process before.
            contact.connection = 0;
            if (contact.expires > now) live.push_back(std::move(contact));
        }
        return live;
    });
}

}  // namespace almon::store
