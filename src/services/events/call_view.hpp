// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <boost/json.hpp>

#include "bus/transfer_event.hpp"
#include "model/snapshot.hpp"
#include "services/events/call_list.hpp"

// Calls and transfers as programs read them, in events and in answers alike (API-008, API-137).
namespace almon::services {

/// Null where it is nobody's, or of a user who is gone.
[[nodiscard]] boost::json::value uuid_of(model::UserId user, const model::Snapshot& configuration);

/// Who talks to it, or calls it; null: nobody is known.
[[nodiscard]] const ListedCall* peer_of(const ListedCall& call, const CallList& calls);

/// As the events tell of it. @param over it has ended: its status is Down.
[[nodiscard]] boost::json::object call_json(const ListedCall& call, const CallList& calls,
                                            const model::Snapshot& configuration, bool over = false);
/// The same, and whom the party sees: who talks to it, who calls it, or what it has dialled; and whether it
/// has put the other on hold.
[[nodiscard]] boost::json::object whole_call_json(const ListedCall& call, const CallList& calls,
                                                  const model::Snapshot& configuration);

[[nodiscard]] boost::json::object transfer_json(const bus::TransferChanged& transfer,
                                                const model::Snapshot& configuration);

}  // namespace almon::services
