// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <boost/describe.hpp>

#include "model/ids.hpp"
#include "pbx/ids.hpp"

namespace almon::pbx {

/// By so much keys make something louder or lower, and at most so much altogether.
inline constexpr int kVolumeStepDb = 3;
inline constexpr int kMostVolumeDb = 12;

/// A channel's place in a conference room, or in a page.
struct ConferenceSeat {
    model::ConferenceId conference;  ///< 0: a page.
    BridgeId room;
    bool is_administrator =
        false;                   ///< Came in with the administrator's PIN, or speaks to those who are paged.
    bool is_muted = false;       ///< By its own key.
    std::int8_t talking_db = 0;  ///< How much louder the others hear it.
    std::int8_t hearing_db = 0;  ///< How much louder it hears the others.
    std::string name{};          ///< File with the name that its party has spoken; empty: none.
};
BOOST_DESCRIBE_STRUCT(ConferenceSeat, (),
                      (conference, room, is_administrator, is_muted, talking_db, hearing_db, name))

/// The name of somebody who enters a conference, until the disk has it.
struct SpokenName {
    ChannelId party;
    std::string path;
};
BOOST_DESCRIBE_STRUCT(SpokenName, (), (party, path))

/// A conference room that somebody is in, or a page: who dialled it speaks to the phones that have answered
/// by themselves. It is empty again, and has forgotten its locks, when the last one leaves.
struct ConferenceRoom {
    BridgeId id;                       ///< As events name it, and the media engine.
    model::ConferenceId conference{};  ///< 0: it is a page.
    model::PagingId paging{};
    std::vector<ChannelId> parties{};  ///< In the order in which they came.
    bool is_locked = false;            ///< Only administrators may enter.
    bool are_muted = false;            ///< All but administrators.
    std::vector<std::string> names{};  ///< Files of all whose names were told, which go with the room.
};
BOOST_DESCRIBE_STRUCT(ConferenceRoom, (), (id, conference, paging, parties, is_locked, are_muted, names))

}  // namespace almon::pbx
