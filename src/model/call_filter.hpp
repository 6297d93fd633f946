// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/declaration.hpp"
#include "model/destination.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// Calls for a boss ring at the secretaries' phones (ADA-054 to ADA-060): `recipients` are bosses,
/// `surrogates` secretaries.
struct CallFilter {
    CallFilterId id;
    std::string name;
    std::string source;                     ///< Whose calls: "internal", "external", "all".
    std::string strategy;                   ///< Who rings when.
    std::optional<int> surrogates_timeout;  ///< Seconds that secretaries ring; nothing: their own ring time.
    std::string caller_id_mode;
    std::string caller_id_name;
    std::string description;
    bool enabled = true;
    Destination noanswer_destination;
};
template <>
Declaration declare<CallFilter>();

/// Somebody who takes part in a call filter. Its id is what is dialled after *37, and what function keys
/// name.
struct CallFilterMember {
    CallFilterMemberId id;
    CallFilterId filter;
    UserId user;
    bool is_recipient = false;   ///< A boss; else a secretary.
    int position = 0;            ///< Among those of the same role.
    std::optional<int> timeout;  ///< Seconds a boss rings; nothing: the user's own.
    bool is_active = false;      ///< Switched on by *37.
};
template <>
Declaration declare<CallFilterMember>();

/// The bosses (`recipients`) of a filter, else its secretaries, as they stand in the list.
[[nodiscard]] std::vector<const CallFilterMember*> members_of(const CallFilter& filter, bool recipients,
                                                              const Snapshot& snapshot);

}  // namespace almon::model
