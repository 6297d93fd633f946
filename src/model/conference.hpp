// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "model/declaration.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// A room in which everybody hears everybody (API-103).
struct Conference {
    ConferenceId id;
    std::string name;
    std::string pin;        ///< Asked of those who enter; empty: nobody is asked.
    std::string admin_pin;  ///< Makes whoever enters with it the room's administrator.
    std::string preprocess_subroutine;
    bool quiet_join_leave = false;
    bool announce_join_leave = false;
    bool announce_user_count = false;
    bool announce_only_user = true;
    std::string music_on_hold;
    int max_participants = 0;  ///< 0: as many as like (ADA-092).
};
template <>
Declaration declare<Conference>();

}  // namespace almon::model
